"""The demo organization, scanned once: the graph agrees, and strays that belong together do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from scanner.demo.run import run_demo
from scanner.store import Store
from tests.graph.reachability import disagreements
from tests.world import Quiet

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("graph")
    run_demo(folder, None, False, lambda: nullcontext(Quiet()), lambda _: None)
    with Store.open(folder / "strays.duckdb", read_only=True) as opened:
        yield opened


def test_reachability_in_the_graph_is_what_the_table_says(store: Store) -> None:
    assert store.value("SELECT count(*) FROM inventory WHERE status = 'derived'") > 10
    assert disagreements(store) == {}
