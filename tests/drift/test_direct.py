"""Direct comparison over the estate: every change by hand is found, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.credentials import Credentials

from rules.run import check
from scanner.aws import Place
from scanner.drift.buckets import ASK, bucket_drift
from scanner.drift.compare import same
from scanner.drift.state import compared
from scanner.errors import CallError
from scanner.find_drift import Ways, find_drift
from scanner.store import Store
from tests.drift.conftest import Drifting
from tests.drift.hand import CHANGED
from tests.drift.planned import type_of
from tests.estate import PLANTED
from tests.resolve.build import ACCOUNT, NOW, SCAN, claim, resolved
from tests.rules.things import thing

UNTOLD = {"aws_iam_role_policy"}
"""Whose document the emulator does not give, so that it is `unchecked`."""


def drifted(drifting: Drifting) -> set[tuple[str, str]]:
    """Find drift directly; return Terraform type and attribute of all that there is."""
    config = drifting.config()
    with Store.open(drifting.database) as store:
        scan_id = store.value("SELECT max(scan_id) FROM visible_scan")
        looks = find_drift(store, config, scan_id, Ways(direct=True), NOW)
    assert [look.failed for look in looks if look.failed] == []
    rows = [row for look in looks for row in look.rows]
    unchecked = {type_of(row["address"]) for row in rows if row["state"] == "unchecked"}
    assert unchecked <= UNTOLD
    found = [row for row in rows if row["state"] == "drifted"]
    return {(type_of(row["address"]), row["attribute"]) for row in found}


def test_an_untouched_estate_has_not_drifted(untouched: Drifting) -> None:
    assert drifted(untouched) == set()


def test_changes_by_hand_on_more_than_fifteen_types_are_found_and_nothing_else(
    changed: Drifting,
) -> None:
    assert len(CHANGED) >= 15
    assert drifted(changed) == set(CHANGED.items())


def test_what_drifted_is_a_finding_with_its_values_and_no_secret(changed: Drifting) -> None:
    drifted(changed)
    with Store.open(changed.database) as store:
        check(store, changed.config(), store.value("SELECT max(scan_id) FROM visible_scan"))
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


class Refused:
    def call(self, *_: Any) -> Any:
        raise CallError("not allowed", "denied", "AccessDenied")


class Gone:
    def call(self, *_: Any) -> Any:
        raise CallError("none", "failed", "NoSuchPublicAccessBlockConfiguration")


@pytest.mark.parametrize(
    ("aws", "expected"),
    [
        (Gone(), ("drifted", "block_public_acls", "true", None)),
        (Refused(), ("unchecked", "", None, None)),
    ],
)
def test_a_bucket_that_refuses_is_not_clean_and_what_is_gone_is_drift(
    aws: Any, expected: tuple[str, str, str | None, str | None]
) -> None:
    bucket = thing("AWS::S3::Bucket", "assets")
    store = resolved([bucket], [claim("b", "assets", resource_type="AWS::S3::Bucket")])
    part = SimpleNamespace(
        address="aws_s3_bucket_public_access_block.assets",
        type="aws_s3_bucket_public_access_block",
        attributes={"bucket": "assets", "block_public_acls": True, "block_public_policy": False},
    )
    place = Place(ACCOUNT, "us-east-1", Credentials("a", "b"), ASK)
    [row] = bucket_drift(store, aws, lambda *_: place, [part], "tfstate://a", SCAN)
    assert tuple(row[name] for name in ("state", "attribute", "expected", "found")) == expected
