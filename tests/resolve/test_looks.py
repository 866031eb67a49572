"""What the views say of cells and things, told from bits, beside the same told from every row."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from scanner.store import Store

BEGAN = datetime(2026, 1, 1)
OUTCOMES = ("ok", "ok", "unavailable", "denied", "failed")
CELL = "account_id, region, resource_type, scan_id, complete_scan, outcome, complete"

# As the words have it: the newest look, the newest complete one, the things that no such followed.
CELLS = """
SELECT account_id, region, resource_type, max(scan_id) AS scan_id,
    max(scan_id) FILTER (outcome IN ('ok', 'unavailable')) AS complete_scan,
    arg_max(outcome, scan_id) AS outcome,
    arg_max(outcome, scan_id) IN ('ok', 'unavailable') AS complete
FROM coverage WHERE scan_id IN (SELECT scan_id FROM visible_scan) GROUP BY ALL
"""
THINGS = f"""
SELECT arn, scan_id FROM resource
WHERE scan_id IN (SELECT scan_id FROM visible_scan) AND scan_id >= coalesce((
    SELECT complete_scan FROM ({CELLS}) AS cell WHERE cell.account_id = resource.account_id
        AND cell.region = resource.cell_region AND cell.resource_type = resource.resource_type), '')
QUALIFY row_number() OVER (PARTITION BY arn ORDER BY scan_id DESC) = 1
"""


def history(chance: random.Random) -> Store:
    """Return a database of some scans, each of some cells, with what they listed."""
    store = Store.memory()
    cells = [(a, r, t) for a in "12" for r in ("global", "eu") for t in ("A::A", "B::B", "C::C")]
    for number in range(chance.randint(1, 5)):
        scan_id, began = f"s{number}", BEGAN + timedelta(days=number)
        state = chance.choice(("loaded", "loaded", "loaded", "running"))
        store.run(
            "INSERT INTO scan VALUES (?, ?, ?, NULL, 't', NULL, NULL)", [scan_id, state, began]
        )
        looks, things = [], []
        for account_id, region, kind in chance.sample(cells, chance.randint(1, len(cells))):
            place = {"account_id": account_id, "region": region, "resource_type": kind}
            outcome = chance.choice(OUTCOMES)
            told = {"service": "x", "outcome": outcome, "resources": 0, "calls": 1}
            looks.append({**place, **told, "finished_at": began})
            if outcome != "unavailable" and chance.random() < 0.7:
                arn = f"{account_id}/{region}/{kind}/{chance.randint(1, 2)}"
                things.append(thing({**place, "arn": arn, "seen_at": began}))
        store.table_from_rows("coverage", looks, scan_id)
        store.table_from_rows("resource", things, scan_id)
    return store


def thing(row: dict[str, Any]) -> dict[str, Any]:
    """Return a whole row of a resource."""
    more = {"resource_id": row["arn"], "cell_region": row["region"], "partition": "aws"}
    return {**row, **more, "keys": [row["arn"]], "unreviewed": False}


@pytest.mark.parametrize("seed", range(25))
def test_cells_and_things_are_those_that_every_row_tells(seed: int) -> None:
    store = history(random.Random(seed))
    for as_of in [None, *(row["scan_id"] for row in store.rows("SELECT scan_id FROM scan"))]:
        store.as_of(as_of)
        cells = store.rows(f"SELECT {CELL} FROM cell ORDER BY ALL")
        assert cells == store.rows(f"SELECT {CELL} FROM ({CELLS}) ORDER BY ALL")
        things = "SELECT arn, scan_id FROM current_resource ORDER BY ALL"
        assert store.rows(things) == store.rows(f"{THINGS} ORDER BY ALL")
