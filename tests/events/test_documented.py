"""A trail with every way to write in the emulator's S3, and AWS's own examples, told right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from scanner.config import EventSource
from scanner.events import lookup
from scanner.events.load import load_events
from scanner.events.run import read_events
from scanner.events.source import Piece
from scanner.store import Store
from tests.events import documented
from tests.events.records import ACCOUNT, assumed, key, record, root, trail_file
from tests.events.test_reading import config, places, sources, store
from tests.resolve.build import SCAN
from tests.world import World

__all__ = ["store"]
TODAY = datetime(2026, 11, 23, 9)
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0"
STACKS = {
    "sourceIPAddress": "cloudformation.amazonaws.com",
    "userAgent": "cloudformation.amazonaws.com",
}
WAYS: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "console": ({"sessionCredentialFromConsole": "true", "userIdentity": assumed("admin", "eve")},
                "assumed-role/admin/eve", "role/admin"),
    "cli": ({"userAgent": "aws-cli/2.31.0", "userIdentity": documented.ALICE}, "user/Alice", None),
    "terraform": ({"userAgent": TERRAFORM}, "assumed-role/deploy-app/ci", "role/deploy-app"),
    "cloudformation": (STACKS, "assumed-role/deploy-app/ci", "role/deploy-app"),
    "service": ({"userIdentity": {**assumed("AWSServiceRoleForAutoScaling", "AutoScaling"),
                                  "invokedBy": "autoscaling.amazonaws.com"}},
                "AutoScaling", "role/AWSServiceRoleForAutoScaling"),
    "root": ({"userIdentity": root(), "userAgent": "Mozilla/5.0"}, ":root", None),
}  # fmt: skip
"""Channel: what the record has, how the principal ends, how the role behind the session ends."""


def test_every_way_to_write_is_told_right_from_a_trail_with_a_failed_call_and_a_gap(
    world: World, store: Store
) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="every-way")
    made = {channel: record(**changes) for channel, (changes, _, _) in WAYS.items()}
    failed = record("DeleteTrail", "cloudtrail", errorCode="AccessDenied")
    for day, written in (("2026-11-19", made.values()), ("2026-11-22", [failed])):
        s3.put_object(Bucket="every-way", Key=key("", day), Body=trail_file(*written))
    read_events(store, config("trail://s3/every-way"), SCAN, TODAY)
    rows = {row["event_id"]: row for row in store.rows("SELECT * FROM event")}
    for channel, (_, principal, issuer) in WAYS.items():
        row = rows.pop(made[channel]["eventID"])
        assert (row["channel"], row["error_code"]) == (channel, None)
        assert row["principal"].endswith(principal)
        assert (row["session_issuer"] or "").endswith(issuer or "")
        assert bool(row["session_issuer"]) == bool(issuer)
    assert [(row["event_name"], row["error_code"]) for row in rows.values()] == [
        ("DeleteTrail", "AccessDenied")
    ]
    gap = "the trail delivered nothing from 2026-11-20 to 2026-11-21"
    assert sources(store) == [("gap", gap), ("read", None)]


@pytest.mark.parametrize(
    ("name", "channel", "makes", "keys"),
    [
        ("CreateKeyPair", "console", ["AWS::EC2::KeyPair"], ["mykeypair"]),
        ("CreateUser", "cli", ["AWS::IAM::User"], ["Bob", "arn:aws:iam::123456789012:user/Bob"]),
        ("AddUserToGroup", "console", [], ["Bob", "admin"]),
        ("CreateRole", "cli", ["AWS::IAM::Role"],
         ["TestRole", "arn:aws:iam::123456789012:role/TestRole"]),
        ("UpdateTrail", "cli", [], ["myTrail2"]),
    ],
)  # fmt: skip
def test_examples_of_the_user_guide_are_told_right(
    store: Store, name: str, channel: str, makes: list[str], keys: list[str]
) -> None:
    load_events(store, [Piece("guide", lambda: iter(documented.RECORDS))], SCAN)
    [row] = store.rows("SELECT * FROM event WHERE event_name = ?", [name])
    assert (row["channel"], row["makes"]) == (channel, makes)
    assert set(keys) <= set(row["keys"])
    assert row["principal"] == documented.ALICE["arn"]
    assert "sensitiveDataRemoved" not in str(row)
    assert (row["error_code"] is not None) == (name == "UpdateTrail")


class Documented:
    def call(self, *_: Any) -> dict[str, Any]:
        return documented.ANSWER


def test_the_documented_answer_of_lookup_events_is_read(store: Store) -> None:
    source = EventSource.model_validate({"from": "lookup://"})
    found = lookup.lookup_events(source, Documented(), places("us-east-2"), {}, TODAY)
    assert load_events(store, found, SCAN) == 1
    [row] = store.rows("SELECT * FROM event")
    assert (row["channel"], row["event_name"]) == ("root", "ConsoleLogin")
    assert (row["source_ip"], row["principal_type"]) == ("203.0.113.4", "Root")
    assert row["account_id"] == ACCOUNT
