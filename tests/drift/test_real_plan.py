"""Terraform's own refresh over the estate finds what hands changed, as the direct way does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.drift.plan import plan_drift
from scanner.store import Store
from tests.drift.conftest import Drifting
from tests.drift.hand import CHANGED
from tests.drift.planned import OWN_STORY, real_plan, recorded, type_of
from tests.estate import PLANTED
from tests.resolve.build import SCAN

Row = tuple[str, str, str]


def drift(database: Path, plan: dict[str, Any]) -> list[dict[str, Any]]:
    with Store.open(database, read_only=True) as store:
        return list(plan_drift(store, "plan://night", plan, SCAN))


def told(rows: list[dict[str, Any]]) -> set[Row]:
    return {(row["state"], row["address"], row["attribute"]) for row in rows}


def by_type(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return Terraform type and attribute of what is not the estate's own story."""
    fresh = [row for row in rows if told([row]).isdisjoint(OWN_STORY)]
    return {(type_of(row["address"]), row["attribute"]) for row in fresh}


def test_an_untouched_estate_gives_nothing_but_what_its_own_hands_did(
    estate_scan: Any,
) -> None:
    assert told(drift(estate_scan.database, recorded("untouched"))) == OWN_STORY


def test_every_change_by_hand_is_found_and_nothing_else(changed_estate: Drifting) -> None:
    rows = drift(changed_estate.database, recorded("changed"))
    assert by_type(rows) == set(CHANGED.items())
    assert told(rows) >= OWN_STORY
    assert PLANTED not in str(rows)


def test_what_a_plan_names_is_the_thing_of_the_inventory(changed_estate: Drifting) -> None:
    rows = drift(changed_estate.database, recorded("changed"))
    fresh = [row for row in rows if told([row]).isdisjoint(OWN_STORY)]
    unknown = [row["address"] for row in fresh if row["arn"] is None]
    assert unknown == ["aws_s3_bucket_versioning.assets"]  # it is no thing of its own


def test_terraform_of_this_machine_says_what_was_recorded(
    changed: Drifting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = real_plan(tmp_path, changed.estate.endpoint, monkeypatch)
    assert told(drift(changed.database, plan)) == told(drift(changed.database, recorded("changed")))
