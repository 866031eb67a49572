"""A finding's life over several scans of one database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.config import Config, RulesConfig
from scanner.model import Outcome, Source
from scanner.store import Store
from tests.judge.scans import REGION, add_scan, day, history, scan_id
from tests.resolve.build import ACCOUNT, cell, claim, names_gone_owner, resource

STRAY = resource("jobs")
OTHER = resource("other")
STATE = Source("tfstate://a", "terraform", "read")
UNREAD = replace(STATE, outcome="denied")
BUCKET = resource(
    "b",
    arn="arn:aws:s3:::b",
    resource_type="AWS::S3::Bucket",
    region="eu-west-1",
    cell_region="global",
)


@pytest.fixture
def store() -> Store:
    return Store.memory()


def test_same_finding_keeps_its_id_and_first_seen_over_scans(store: Store) -> None:
    for number in (1, 2, 3):
        add_scan(store, number, [STRAY])
    rows = store.rows("SELECT DISTINCT finding_id, first_seen FROM finding")
    assert [row["first_seen"] for row in rows] == [day(1)]
    now = store.rows("SELECT scan_id, state, last_seen, age FROM findings")
    assert now == [
        {"scan_id": scan_id(3), "state": "open", "last_seen": day(3), "age": day(3) - day(1)}
    ]


def test_deleted_resource_closes_its_finding(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [])
    add_scan(store, 3, [])
    assert history(store) == [("open", None), ("closed", "deleted")]
    assert store.value("SELECT closed_at FROM findings") == day(2)


def test_imported_resource_closes_its_finding_as_adopted(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [STRAY], claims=[claim("a", STRAY.arn)], sources=[STATE])
    assert history(store) == [("open", None), ("closed", "adopted")]


@pytest.mark.parametrize(
    "outcome", [Outcome.DENIED, Outcome.THROTTLED, Outcome.FAILED, Outcome.UNSUPPORTED]
)
def test_finding_whose_cell_was_not_seen_is_not_closed(store: Store, outcome: Outcome) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [], cells=[cell(outcome)])
    assert history(store) == [("open", None), ("not_seen", None)]
    assert store.value(
        "SELECT last_seen FROM findings WHERE rule_id = 'unmanaged_resource'"
    ) == day(1)
    add_scan(store, 3, [])
    assert history(store)[-1] == ("closed", "deleted")


def test_region_that_is_gone_does_not_close_a_finding(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [], cells=[cell(Outcome.UNAVAILABLE)])
    assert history(store)[-1] == ("not_seen", None)


def test_finding_is_open_where_an_incomplete_look_still_saw_it(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [STRAY], cells=[cell(Outcome.THROTTLED)])
    assert history(store)[-1] == ("open", None)
    assert store.value(
        "SELECT last_seen FROM findings WHERE rule_id = 'unmanaged_resource'"
    ) == day(2)


def test_scan_of_another_part_leaves_a_finding_open_as_last_seen(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [], cells=[cell(region="eu-west-1")])
    assert history(store)[-1] == ("open", None)
    assert store.value("SELECT last_seen FROM findings") == day(1)


def test_bucket_closes_by_its_global_cell(store: Store) -> None:
    add_scan(store, 1, [BUCKET])
    denied = cell(Outcome.DENIED, region="global", resource_type=BUCKET.resource_type, service="s3")
    add_scan(store, 2, [], cells=[denied])
    assert history(store)[-1] == ("not_seen", None)
    add_scan(store, 3, [], cells=[replace(denied, outcome=Outcome.OK)])
    assert history(store)[-1] == ("closed", "deleted")


def test_user_closes_by_the_global_cell_of_users(store: Store) -> None:
    user = resource("eve", resource_type="AWS::IAM::User", region="global", cell_region="global")
    add_scan(store, 1, [user])
    add_scan(
        store, 2, [], cells=[cell(region="global", resource_type="AWS::IAM::User", service="iam")]
    )
    assert history(store)[-1] == ("closed", "deleted")


def test_finding_that_comes_back_is_reopened_and_keeps_its_first_day(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [])
    add_scan(store, 5, [STRAY])
    add_scan(store, 6, [STRAY])
    row = store.rows("SELECT state, first_seen, reopened_at, age, closed_at FROM findings")[0]
    assert row == {
        "state": "open", "first_seen": day(1), "reopened_at": day(5),
        "age": day(6) - day(5), "closed_at": None,
    }  # fmt: skip


def test_stray_whose_owner_can_no_longer_be_seen_is_not_closed(store: Store) -> None:
    leaked = resource("leaked")
    owner_cell = cell(resource_type="AWS::SNS::Topic", service="sns")
    link = names_gone_owner(leaked, "topic", "AWS::SNS::Topic")
    add_scan(store, 1, [leaked], links=[link], cells=[cell(), owner_cell])
    add_scan(
        store,
        2,
        [leaked],
        links=[link],
        cells=[cell(), replace(owner_cell, outcome=Outcome.DENIED)],
    )
    assert store.value("SELECT status FROM inventory") == "unknown"
    assert history(store) == [("open", None), ("not_seen", None)]


def test_missing_claim_is_resolved_when_the_thing_is_there_again(store: Store) -> None:
    gone = claim("aws_sqs_queue.gone", "gone")
    add_scan(store, 1, [], claims=[gone], sources=[STATE])
    add_scan(store, 2, [resource("gone")], claims=[gone], sources=[STATE])
    assert history(store, "claim_missing") == [("open", None), ("closed", "resolved")]


def test_missing_claim_of_a_state_that_was_not_read_is_not_closed(store: Store) -> None:
    gone = claim("aws_sqs_queue.gone", "gone")
    add_scan(store, 1, [OTHER], claims=[gone], sources=[STATE])
    add_scan(store, 2, [OTHER], sources=[UNREAD])
    add_scan(store, 3, [OTHER], sources=[])
    assert history(store, "claim_missing") == [
        ("open", None),
        ("not_seen", None),
        ("not_seen", None),
    ]
    add_scan(store, 4, [OTHER], sources=[replace(STATE, source_id="tfstate://b")])
    assert history(store, "claim_missing")[-1] == ("closed", "resolved")


def test_missing_claim_of_a_deleted_stack_closes_once_stacks_were_listed(store: Store) -> None:
    stack = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/s/1"
    gone = claim("Q", "gone", source_kind="cloudformation", source_id=stack, owner=stack)
    stacks = cell(resource_type="AWS::CloudFormation::Stack", service="cloudformation")
    add_scan(
        store,
        1,
        [OTHER],
        claims=[gone],
        sources=[Source(stack, "cloudformation", "read")],
        cells=[cell(), stacks],
    )
    add_scan(store, 2, [OTHER], cells=[cell(), replace(stacks, outcome=Outcome.DENIED)])
    assert history(store, "claim_missing")[-1] == ("not_seen", None)
    add_scan(store, 3, [OTHER], cells=[cell(), stacks])
    assert history(store, "claim_missing")[-1] == ("closed", "resolved")


def test_sight_that_is_whole_again_closes_the_coverage_finding(store: Store) -> None:
    add_scan(store, 1, [], cells=[cell(Outcome.DENIED)])
    add_scan(store, 2, [])
    assert history(store, "coverage_incomplete") == [("open", None), ("closed", "resolved")]


def test_rule_that_is_switched_off_closes_its_findings_and_says_so(store: Store) -> None:
    from rules.run import check
    from tests.judge.scans import only_strays

    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [STRAY], judged=False)
    on = only_strays(Config())
    rules = RulesConfig(disable=[*on.rules.disable, "unmanaged_resource"])
    off = on.model_copy(update={"rules": rules})
    check(store, off, scan_id(2), now=day(2))
    assert history(store)[-1] == ("closed", "rule_off")


def test_judging_again_gives_the_same(store: Store) -> None:
    from rules.run import check
    from tests.judge.scans import only_strays

    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [])
    before = store.rows("SELECT * FROM finding ORDER BY ALL")
    check(store, only_strays(Config()), scan_id(2), now=day(2))
    assert store.rows("SELECT * FROM finding ORDER BY ALL") == before


def test_the_past_shows_findings_as_they_stood(store: Store) -> None:
    add_scan(store, 1, [STRAY])
    add_scan(store, 2, [])
    store.as_of(scan_id(1))
    assert [row["state"] for row in store.rows("SELECT state FROM findings")] == ["open"]


def test_trend_counts_per_scan(store: Store) -> None:
    add_scan(store, 1, [STRAY, resource("b")])
    add_scan(store, 3, [resource("b")])
    rows = store.rows(
        "SELECT strays, open, closed, coverage, time_to_close FROM trend ORDER BY scan_id"
    )
    assert rows == [
        {"strays": 2, "open": 2, "closed": 0, "coverage": 0, "time_to_close": None},
        {"strays": 1, "open": 1, "closed": 1, "coverage": 0, "time_to_close": day(3) - day(1)},
    ]


def test_only_new_counts_findings_that_are_new_or_came_back(store: Store) -> None:
    from reports.exits import exit_code

    codes = []
    for number, things in enumerate([[STRAY], [STRAY], [], [STRAY], [STRAY]], 1):
        add_scan(store, number, [OTHER, *things], claims=[claim("o", OTHER.arn)], sources=[STATE])
        codes.append(exit_code(store, "low", only_new=True))
    assert codes == [1, 0, 0, 1, 0]
