"""Rules about writes: outside the pipeline, break-glass, trails that are off; and drift."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from rules.run import check
from scanner.config import Config
from scanner.events.load import load_events
from scanner.events.run import write_policy
from scanner.events.source import Piece
from scanner.store import Store
from tests.events.records import assumed, record, root
from tests.resolve.build import ACCOUNT, SCAN, resolved, resource
from tests.rules.things import found, only, thing

ROLE = "arn:aws:iam::111122223333:role"
PRODUCTION = {"environment": [{"name": "production", "accounts": [ACCOUNT], "policy": "iac-only"}]}
GLASS = {
    "role": "arn:aws:iam::*:role/break-glass", "ticket": "INC-1", "approver": "ciso@example.com",
    "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T11:00:00Z",
}  # fmt: skip


def world(told: dict[str, Any], *records: dict[str, Any]) -> tuple[Store, Config]:
    config = Config.model_validate(told)
    store = resolved([resource("x")])
    own = [{**one, "recipientAccountId": ACCOUNT} for one in records]
    load_events(store, [Piece("test", lambda: iter(own))], SCAN)
    write_policy(store, config)
    return store, config


def judged(rule: str, told: dict[str, Any], *records: dict[str, Any]) -> Store:
    store, config = world(told, *records)
    check(store, config.model_copy(update={"rules": only(rule).rules}), SCAN)
    return store


def hits(rule: str, told: dict[str, Any], *records: dict[str, Any]) -> list[tuple[str, str]]:
    rows = judged(rule, told, *records).rows(
        "SELECT severity, message FROM findings WHERE rule_id = ? ORDER BY ALL", [rule]
    )
    return [(row["severity"], row["message"]) for row in rows]


def by_hand(name: str, source: str, **more: Any) -> dict[str, Any]:
    eve = assumed("admin", "eve")
    return record(name, source, userIdentity=eve, sessionCredentialFromConsole="true", **more)


def outside(*records: dict[str, Any], **pipeline: Any) -> list[tuple[str, str]]:
    told = {**PRODUCTION, "pipeline": {"roles": ["arn:aws:iam::*:role/deploy-*"], **pipeline}}
    return hits("write_outside_pipeline", told, *records)


def test_write_outside_pipeline_is_graded_by_what_was_written() -> None:
    found_ = outside(
        by_hand("StopLogging", "cloudtrail"), by_hand("CreateUser", "iam"),
        by_hand("AuthorizeSecurityGroupIngress", "ec2"), by_hand("CreateQueue", "sqs"),
    )  # fmt: skip
    assert [severity for severity, _ in found_] == ["critical", "high", "high", "medium"]
    assert "1 StopLogging by arn:aws:iam::111122223333:role/admin through console" in found_[0][1]


def test_write_outside_pipeline_leaves_the_pipeline_services_and_failed_calls_alone() -> None:
    assert outside(
        record(),
        record(eventType="AwsServiceEvent"),
        by_hand("CreateQueue", "sqs", errorCode="AccessDenied"),
        by_hand("ConsoleLogin", "signin"),
    ) == []  # fmt: skip


def test_write_outside_pipeline_minds_the_channel_where_one_is_asked_for() -> None:
    assert len(outside(record(), channels=["terraform"])) == 1


def test_write_outside_pipeline_counts_root_and_only_iac_only_environments() -> None:
    assert len(outside(record(userIdentity=root()))) == 1
    assert hits("write_outside_pipeline", {}, by_hand("CreateUser", "iam")) == []


@pytest.mark.parametrize(
    ("rule", "role"),
    [
        ("write_outside_pipeline", "admin"),
        ("break_glass_outside_window", "break-glass"),
        ("break_glass_used", "break-glass"),
    ],
)
def test_of_writes_in_one_second_the_same_is_told_whichever_was_read_first(
    rule: str, role: str
) -> None:
    hour = "10" if rule == "break_glass_used" else "12"
    told = {
        **PRODUCTION, "pipeline": {"roles": ["arn:aws:iam::*:role/deploy-*"]},
        "break_glass_window": [GLASS],
    }  # fmt: skip
    writes = [
        record("CreateUser", "iam", userIdentity=assumed(role, "ann"), eventID=f"e-{number}",
               sourceIPAddress=f"203.0.113.{number}", userAgent=agent,
               eventTime=f"2026-11-20T{hour}:00:00Z")
        for number, agent in enumerate(("Boto3/1.40.1", "aws-cli/2.31.0"))
    ]  # fmt: skip
    whole = "SELECT * EXCLUDE (first_seen, last_seen) FROM findings WHERE rule_id = ?"
    first, second = (
        judged(rule, told, *order).rows(whole, [rule]) for order in (writes, writes[::-1])
    )
    assert len(first) == 1
    assert first == second


def glass(when: str) -> dict[str, Any]:
    return record("CreateUser", "iam", userIdentity=assumed("break-glass", "ann"), eventTime=when)


def test_break_glass_outside_window_is_critical() -> None:
    told = {**PRODUCTION, "break_glass_window": [GLASS]}
    [(severity, message)] = hits("break_glass_outside_window", told, glass("2026-11-20T12:00:00Z"))
    assert severity == "critical"
    assert "wrote 1 times outside of any window on 2026-11-20, as in CreateUser" in message
    assert hits("break_glass_outside_window", told, glass("2026-11-20T10:00:00Z")) == []


def test_break_glass_used_names_ticket_and_approver() -> None:
    told = {"break_glass_window": [GLASS]}
    [(severity, message)] = hits("break_glass_used", told, glass("2026-11-20T10:00:00Z"))
    assert severity == "info"
    assert "under INC-1, approved by ciso@example.com" in message
    assert hits("break_glass_used", told, glass("2026-11-20T12:00:00Z")) == []


def test_trail_off_tells_a_stopped_trail_and_one_that_cannot_deliver() -> None:
    trails = [
        thing("AWS::CloudTrail::Trail", "off", {"Status": {"IsLogging": False}}),
        thing("AWS::CloudTrail::Trail", "on", {"Status": {"IsLogging": True}}),
        thing("AWS::CloudTrail::Trail", "stuck",
              {"Status": {"IsLogging": True, "LatestDeliveryError": "NoSuchBucket"}}),
    ]  # fmt: skip
    assert found(resolved(trails), "trail_off") == [
        ("high", "off does not record (its logging is off)"),
        ("medium", "stuck cannot deliver: NoSuchBucket"),
    ]


def test_a_window_must_name_its_time_zone() -> None:
    with pytest.raises(ValidationError, match="names no time zone"):
        Config.model_validate({"break_glass_window": [{**GLASS, "start": datetime(2026, 1, 1)}]})


def drift_row(**more: Any) -> dict[str, Any]:
    return {
        "scan_id": SCAN, "source_id": "tfstate://a", "how": "state", "state": "drifted",
        "arn": None, "resource_type": None, "address": "a.b", "attribute": "size", **more,
    }  # fmt: skip


def test_drifted_names_the_attributes_and_grades_by_them() -> None:
    store = resolved([resource("x")])
    store.table_from_rows("drift", [
        drift_row(), drift_row(attribute="color"), drift_row(address="a.c", attribute="policy"),
        drift_row(address="a.d", state="pending"),
        drift_row(address="a.e", state="gone", attribute=""),
    ])  # fmt: skip
    assert found(store, "drifted") == [
        ("high", "a.c differs from its code in policy"),
        ("medium", "a.b differs from its code in color, size"),
        ("medium", "a.e is gone"),
    ]


def test_drift_unchecked_names_what_nobody_checked() -> None:
    store = resolved([resource("x")])
    store.table_from_rows("drift", [
        drift_row(state="unchecked", resource_type="AWS::Odd::Thing", note="no handler")
    ])  # fmt: skip
    assert found(store, "drift_unchecked") == [
        ("info", "a.b (AWS::Odd::Thing) was not checked for drift: no handler")
    ]
