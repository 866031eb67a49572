"""The whole tool over an estate that real Terraform made: no stray missed, none invented."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner import catalog
from scanner.store import Store
from tests.graph.reachability import disagreements

from . import PLANTED, Estate, Expectation
from .shared import ScannedEstate


@dataclass(frozen=True)
class Scanned:
    """A scan of the estate: what was expected, and what came out."""

    estate: Estate
    folder: Path
    exit_code: int
    rows: dict[str, dict[str, object]]
    missing: set[str]

    def row(self, one: Expectation) -> dict[str, object] | None:
        if one.arn:
            return self.rows.get(one.arn)
        place = (one.resource_type, one.account_id, one.region)
        return next(
            (
                row
                for row in self.rows.values()
                if (row["resource_type"], row["account_id"], row["region"]) == place
                and one.resource_id in row["keys"]  # type: ignore[operator]
            ),
            None,
        )


@pytest.fixture(scope="module")
def scanned(estate_scan: ScannedEstate) -> Scanned:
    with Store.open(estate_scan.database, read_only=True) as store:
        inventory = store.rows(
            "SELECT * FROM inventory JOIN (SELECT arn, keys FROM current_resource) USING (arn)"
        )
        gone = store.rows("SELECT keys[1] AS key FROM claims WHERE state = 'missing'")
    rows = {str(row["arn"]): row for row in inventory}
    missing = {row["key"] for row in gone}
    return Scanned(estate_scan.estate, estate_scan.folder, estate_scan.exit_code, rows, missing)


def test_every_verdict_is_the_expected_one(scanned: Scanned) -> None:
    known = catalog.load().entries
    wrong = []
    for one in scanned.estate.expected:
        if one.status == "missing" or one.resource_type not in known:
            continue
        row = scanned.row(one)
        told = row["status"] if row else "not listed"
        if told not in (one.status, one.also):
            wrong.append(f"{one.arn or one.resource_id}: {told}, expected {one.status} ({one.why})")
        elif one.root and row and row["root"] != one.root:
            wrong.append(
                f"{one.arn or one.resource_id}: hangs on {row['root']}, expected {one.root}"
            )
    assert not wrong, "\n".join(wrong)


def test_nothing_else_is_called_a_stray(scanned: Scanned) -> None:
    meant = [scanned.row(one) for one in scanned.estate.expected if one.status == "unmanaged"]
    allowed = {row["arn"] for row in meant if row}
    invented = [
        arn
        for arn, row in scanned.rows.items()
        if row["status"] == "unmanaged" and arn not in allowed and row["root"] not in allowed
    ]
    assert not invented


def test_exactly_what_was_deleted_by_hand_is_missing(scanned: Scanned) -> None:
    expected = {
        one.arn or one.resource_id for one in scanned.estate.expected if one.status == "missing"
    }
    assert scanned.missing == expected


def test_scan_fails_the_build(scanned: Scanned) -> None:
    assert scanned.exit_code == 1


def test_no_planted_secret_reaches_any_output(scanned: Scanned) -> None:
    for path in scanned.folder.iterdir():
        if path.suffix != ".tfstate" and path.is_file():
            assert PLANTED.encode() not in path.read_bytes(), path.name
    with Store.open(scanned.folder / "strays.duckdb", read_only=True) as store:
        for table in ("resource", "claim", "source", "finding", "ownership", "coverage"):
            text = str(store.rows(f"SELECT * FROM {table}"))
            assert PLANTED not in text, table


def test_reachability_in_the_graph_is_what_the_table_says(scanned: Scanned) -> None:
    with Store.open(scanned.folder / "strays.duckdb", read_only=True) as store:
        assert store.value("SELECT count(*) FROM inventory WHERE status = 'derived'") > 10
        assert disagreements(store) == {}
