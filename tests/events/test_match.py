"""Events matched to resources: by id, name, composite key; failed calls and neighbours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scanner.events.load import load_events
from scanner.events.match import match_makers, tell_findings
from scanner.events.source import Piece
from scanner.store import Store
from tests.events.records import assumed, record, root
from tests.resolve.build import ACCOUNT, SCAN, owns, resolved, resource
from tests.rules.things import iam, thing

CONSOLE = {"sessionCredentialFromConsole": "true", "userIdentity": assumed("admin", "eve")}
TEN = datetime(2026, 11, 20, 10)


def makers(store: Store, *records: dict[str, Any]) -> dict[str, tuple[str, str]]:
    own = [{**one, "recipientAccountId": ACCOUNT} for one in records]
    load_events(store, [Piece("test", lambda: iter(own))], SCAN)
    match_makers(store, SCAN)
    rows = store.rows("SELECT arn, trust, channel FROM maker")
    return {row["arn"].rpartition(":")[2]: (row["trust"], row["channel"]) for row in rows}


def test_a_queue_is_matched_by_its_name() -> None:
    store = resolved([resource("jobs"), resource("other")])
    made = record(**CONSOLE, requestParameters={"queueName": "jobs"})
    assert makers(store, made) == {"jobs": ("event", "console")}


def test_an_id_in_the_answer_is_matched_and_one_that_is_only_used_is_not() -> None:
    group = thing("AWS::EC2::SecurityGroup", "sg-1")
    machine = thing("AWS::EC2::Instance", "i-1")
    made_of = {"instanceId": "i-1", "groupSet": {"items": [{"groupId": "sg-1"}]}}
    answer = {"instancesSet": {"items": [made_of]}}
    made = record("RunInstances", "ec2", responseElements=answer)
    assert makers(resolved([group, machine]), made) == {"i-1": ("event", "sdk")}


def test_a_part_with_a_composite_key_needs_all_its_parts() -> None:
    first = iam("RolePolicy", "worker:hotfix")
    other = iam("RolePolicy", "worker:other")
    made = record("PutRolePolicy", "iam", userIdentity=root(),
                  requestParameters={"roleName": "worker", "policyName": "hotfix"})  # fmt: skip
    assert list(makers(resolved([first, other]), made).values()) == [("event", "root")]


def test_a_failed_call_made_nothing() -> None:
    made = record(requestParameters={"queueName": "jobs"}, errorCode="AccessDenied")
    assert makers(resolved([resource("jobs")]), made) == {}


def test_another_account_or_region_made_something_else() -> None:
    store = resolved([resource("jobs")])
    made = record(requestParameters={"queueName": "jobs"}, awsRegion="eu-west-1")
    assert makers(store, made) == {}


def test_the_event_nearest_to_its_making_is_taken() -> None:
    store = resolved([resource("jobs", created_at=TEN)])
    before = record(eventTime="2026-11-01T10:00:00Z", requestParameters={"queueName": "jobs"})
    then = record(**CONSOLE, requestParameters={"queueName": "jobs"})
    after = record(eventTime="2026-11-22T10:00:00Z", requestParameters={"queueName": "jobs"})
    assert makers(store, before, then, after) == {"jobs": ("event", "console")}


def test_of_two_events_in_one_second_the_same_is_taken_whichever_was_read_first() -> None:
    asked = {"requestParameters": {"queueName": "jobs"}}
    two = record(eventID="e-1", **CONSOLE, **asked), record(eventID="e-2", **asked)
    for records in (two, reversed(two)):
        assert makers(resolved([resource("jobs")]), *records) == {"jobs": ("event", "console")}


def test_what_hangs_on_a_stray_has_its_maker() -> None:
    owner, owned = resource("owner"), resource("owned")
    store = resolved([owner, owned], links=[owns(owner, owned)])
    made = record(**CONSOLE, requestParameters={"queueName": "owner"})
    assert makers(store, made) == {"owner": ("event", "console"), "owned": ("root", "console")}


def test_neighbours_in_a_burst_are_told_with_less_trust() -> None:
    store = resolved([resource(name, created_at=TEN) for name in ("a", "b", "mute")])
    made = [record(**CONSOLE, requestParameters={"queueName": name}) for name in ("a", "b")]
    assert makers(store, *made)["mute"] == ("burst", "console")


def test_two_makers_in_a_burst_tell_nothing() -> None:
    store = resolved([resource(name, created_at=TEN) for name in ("a", "b", "mute")])
    eve = record(**CONSOLE, requestParameters={"queueName": "a"})
    ci = record(requestParameters={"queueName": "b"})
    assert "mute" not in makers(store, eve, ci)


def test_findings_say_who_and_how() -> None:
    from rules.run import check
    from scanner.config import Config

    store = resolved([resource("jobs")])
    makers(store, record(**CONSOLE, requestParameters={"queueName": "jobs"}))
    check(store, Config(), SCAN)
    tell_findings(store, SCAN)
    [found] = store.rows(
        "SELECT creator, channel FROM findings WHERE rule_id = 'unmanaged_resource'"
    )
    assert found["creator"].endswith("assumed-role/admin/eve")
    assert found["channel"] == "console"


def test_explain_says_who_made_it_how_and_when() -> None:
    from scanner.explain import explain

    store = resolved([resource("jobs")])
    makers(store, record(**CONSOLE, requestParameters={"queueName": "jobs"}))
    text = explain(store, "jobs")
    assert "Who made it" in text
    assert "assumed-role/admin/eve through console" in text
