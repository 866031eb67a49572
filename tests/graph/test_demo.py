"""The demo organization, scanned once: the graph agrees, and strays that belong together do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.explain import explain
from scanner.store import Store
from tests.graph.reachability import disagreements

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def store(demo_run: tuple[Path, str]) -> Iterator[Store]:
    with Store.open(demo_run[0] / "demo" / "strays.duckdb", read_only=True) as opened:
        yield opened


def test_reachability_in_the_graph_is_what_the_table_says(store: Store) -> None:
    assert store.value("SELECT count(*) FROM inventory WHERE status = 'derived'") > 10
    assert disagreements(store) == {}


def test_miners_and_their_key_are_one_unit_and_so_is_the_playground(store: Store) -> None:
    names = [row["name"] for row in store.rows("SELECT name FROM clusters ORDER BY name")]
    assert any(name.endswith(": 20 instances, key pair") for name in names), names
    assert any("VPC" in name and "2 subnets" in name for name in names), names


def test_findings_of_a_unit_name_it(store: Store) -> None:
    alone = store.value(
        "SELECT count(*) FROM findings JOIN clusters ON list_contains(members, findings.arn)"
        " WHERE findings.cluster_id IS DISTINCT FROM clusters.cluster_id"
    )
    named = "SELECT count(DISTINCT cluster_id) FROM findings"
    assert alone == 0
    assert store.value(named) == store.value("SELECT count(*) FROM clusters")


def test_every_resource_can_be_explained(store: Store) -> None:
    for row in store.rows("SELECT arn, status FROM inventory USING SAMPLE 40 ROWS (reservoir, 7)"):
        assert f" is {row['status']}: " in explain(store, row["arn"]).splitlines()[0]
