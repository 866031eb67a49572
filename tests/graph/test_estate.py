"""The estate that real Terraform made, scanned once: the graph agrees with every verdict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scanner.store import Store
from tests.estate import replay
from tests.estate.server import moto
from tests.estate.test_scan import scan
from tests.graph.reachability import disagreements


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("graph")
    with moto() as endpoint:
        scan(replay(endpoint, folder), folder)
    with Store.open(folder / "strays.duckdb", read_only=True) as opened:
        yield opened


def test_reachability_in_the_graph_is_what_the_table_says(store: Store) -> None:
    assert store.value("SELECT count(*) FROM inventory WHERE status = 'derived'") > 10
    assert disagreements(store) == {}
