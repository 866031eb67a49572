"""Direct comparison over the estate: every change by hand is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.run import check
from scanner.config import Config
from scanner.drift.compare import same
from scanner.drift.state import compared
from scanner.find_drift import find_drift
from scanner.store import Store
from tests.drift.conftest import Drifting
from tests.drift.hand import CHANGED
from tests.estate import PLANTED


def drifted(config: Config) -> set[tuple[str, str]]:
    _, failed = find_drift(config, [], [], [], direct=True)
    assert failed == []
    with Store.open(Path(config.database), read_only=True) as store:
        rows = store.rows(
            "SELECT inventory.terraform_type AS kind, attribute FROM drift"
            " JOIN inventory USING (arn) WHERE state = 'drifted'"
        )
    return {(row["kind"], row["attribute"]) for row in rows}


def test_an_untouched_estate_has_not_drifted(untouched: Drifting) -> None:
    assert drifted(untouched.config()) == set()


def test_changes_by_hand_on_more_than_fifteen_types_are_found_and_nothing_else(
    changed: Drifting,
) -> None:
    assert len(CHANGED) >= 15
    assert drifted(changed.config()) == set(CHANGED.items())


def test_what_drifted_is_a_finding_with_its_values_and_no_secret(changed: Drifting) -> None:
    config = changed.config()
    find_drift(config, [], [], [], direct=True)
    with Store.open(changed.database) as store:
        check(store, config, store.value("SELECT max(scan_id) FROM visible_scan"))
        rows = store.rows("SELECT * FROM findings WHERE rule_id = 'drifted' AND state = 'open'")
        assert {row["status"] for row in rows} == {"drifted"}
        assert PLANTED not in str(rows)
        [queue] = [row for row in rows if row["resource_type"] == "AWS::SQS::Queue"]
        assert '"found":"777"' in queue["evidence"].replace(" ", "")
        assert store.value("SELECT count(*) FROM inventory WHERE status = 'drifted'") == 0


@pytest.mark.parametrize(
    ("how", "one", "other"),
    [
        ("json", '{"b":1,"a":["x"]}', {"a": "x", "b": 1}),
        ("json", {"a": ["y", "x"]}, '{"a":["x","y"]}'),
        ("set", ["b", "a"], ["a", "b"]),
        ("number", "30", 30),
        ("number", 0, "0"),
        ("bool", None, False),
        ("bool", "true", True),
        ("text", "", None),
        ("port", None, -1),
        ("tags", {"a": "1"}, {"a": "1"}),
    ],
)
def test_the_same_thing_said_in_two_ways_is_no_drift(how: str, one: object, other: object) -> None:
    assert same(how, one, other)
    assert same(how, other, one)


def test_two_different_things_are() -> None:
    assert not same("number", 30, 31)
    assert not same("bool", True, None)
    assert not same("port", 0, None)
    assert not same("json", {"Action": "s3:Get*"}, {"Action": "s3:*"})


def test_what_is_compared_is_known_to_the_provider() -> None:
    from scanner.actions import terraform_types

    assert len(compared()) >= 15
    for kind, told in compared().items():
        schema = terraform_types.schema(kind)
        assert schema is not None, kind
        assert set(told) <= set(schema.arguments), kind
