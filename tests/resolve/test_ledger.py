"""`coverage` is kept in groups, and every row comes out as it went in."""

from __future__ import annotations

import random
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from scanner.model import Outcome
from scanner.store import Store
from tests.resolve.build import ACCOUNT, NOW, REGION, cell

TYPES = [f"AWS::Some::Type{number}" for number in range(40)]


def ledger(chance: random.Random) -> list[dict[str, Any]]:
    """Return rows of one scan of which many are alike and none is the same."""
    places = [(account, region) for account in (ACCOUNT, "2" * 12) for region in (REGION, "global")]
    return [
        asdict(
            cell(
                chance.choice([Outcome.OK, Outcome.DENIED]),
                **{"account_id": account, "region": region, "resource_type": name, "service": "s"},
                message=chance.choice([None, "it's so"]),
                calls=chance.randint(0, 1),
                finished_at=NOW + timedelta(seconds=chance.randint(0, 60)),
            )
        )
        for account, region in places
        for name in TYPES
    ]


@pytest.mark.parametrize("seed", range(5))
def test_every_row_comes_out_as_it_went_in_and_none_younger(seed: int) -> None:
    rows = ledger(random.Random(seed))
    key = ("account_id", "region", "resource_type")
    with Store.memory() as store:
        store.table_from_rows("coverage", rows, "s")
        found = {tuple(row[k] for k in key): row for row in store.rows("SELECT * FROM coverage")}
        groups = store.value("SELECT count(*) FROM coverage_group")
    assert len(found) == len(rows) > 2 * groups
    for row in rows:
        same = found[tuple(row[k] for k in key)]
        assert NOW <= same["finished_at"] <= row["finished_at"]
        assert same == {**row, "scan_id": "s", "finished_at": same["finished_at"]}


def test_rows_of_many_scans_are_told_apart_and_types_keep_their_numbers() -> None:
    with Store.memory() as store:
        for number, service in enumerate(("old", "new", "new")):
            kinds = TYPES[number:]
            rows = [asdict(cell(resource_type=kind, service=service)) for kind in kinds]
            store.table_from_rows("coverage", rows, f"s{number}")
        query = "SELECT scan_id, count(*) AS cells FROM coverage GROUP BY ALL ORDER BY ALL"
        assert [row["cells"] for row in store.rows(query)] == [40, 39, 38]
        numbers = store.rows("SELECT resource_type, number FROM type_number ORDER BY number")
        assert [row["number"] for row in numbers] == list(range(40))
        # The service of a type is what the newest look was told by the catalog.
        assert store.value("SELECT count(*) FROM coverage WHERE service = 'old'") == 1


def test_tables_are_told_with_coverage_in_place_of_what_it_is_kept_in() -> None:
    with Store.memory() as store:
        tables = store.tables()
    assert {"scan", "resource", "coverage", "finding"} < set(tables)
    assert not {"coverage_group", "looked", "type_number", "cell", "inventory"} & set(tables)
    assert tables["coverage"][:3] == ["scan_id", "account_id", "region"]
