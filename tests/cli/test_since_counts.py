"""`--since` with cheap counts: one that differs asks for a look, one that is the same vouches not.

AWS Config's counts are replayed (the emulator has none), IAM's are the emulator's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner import counts
from scanner.model import CrossCheck
from tests.cli.test_since import QUEUES, REGIONS, Site
from tests.collect.answering import Answers, answering
from tests.collect.test_cross_check import RECORDING
from tests.world import World

TYPE = "AWS::SQS::Queue"
IN_BOTH = {(region, TYPE) for region in REGIONS}
CONFIG: dict[str, Any] = {"cross_check": ["config"], "types": [TYPE]}


def counting(number: int) -> Answers:
    found = [{"resourceType": TYPE, "count": number}] if number else []
    told = {"totalDiscoveredResources": number, "resourceCounts": found}
    return {"DescribeConfigurationRecorderStatus": RECORDING, "GetDiscoveredResourceCounts": told}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    found = counting(1)
    with answering(found, monkeypatch):
        yield found


@pytest.fixture
def site(world: World, tmp_path: Path, answers: Answers) -> Site:
    found = Site(world, tmp_path)
    found.scan(**CONFIG)
    found.trail_read(*REGIONS)
    return found


@pytest.mark.parametrize("processes", [1, 2])
def test_a_changed_count_asks_for_a_look_once(site: Site, answers: Answers, processes: int) -> None:
    since = {**CONFIG, "since": "last", "processes": processes}
    assert site.looked(site.scan(**since)) == set()
    site.world.client("sqs").create_queue(QueueName="silent")
    answers.update(counting(2))
    assert site.looked(site.scan(**since)) == IN_BOTH
    assert [row["name"] for row in site.rows("SELECT name FROM inventory")] == ["silent"]
    assert site.looked(site.scan(**since)) == set()
    answers.update(counting(0))
    assert site.looked(site.scan(**since)) == IN_BOTH


def test_the_same_count_does_not_vouch_for_a_cell_without_a_trail(site: Site) -> None:
    site.run("DELETE FROM event_mark WHERE region = 'us-east-1'")
    assert site.looked(site.scan(**CONFIG, since="last")) == QUEUES


def test_where_nothing_is_counted_any_more_the_trail_alone_tells(
    site: Site, answers: Answers
) -> None:
    answers["GetDiscoveredResourceCounts"] = (400, "AccessDeniedException")
    scan_id = site.scan(**CONFIG, since="last")
    assert site.looked(scan_id) == set()
    told = site.rows("SELECT DISTINCT outcome FROM cross_check WHERE scan_id = ?", [scan_id])
    assert told == [{"outcome": "denied"}]


def test_a_count_that_was_not_asked_at_the_last_look_is_none_to_rest_on(site: Site) -> None:
    site.run("DELETE FROM cross_check")
    assert site.looked(site.scan(**CONFIG, since="last")) == IN_BOTH


def test_iam_counts_its_users_in_one_call(world: World, tmp_path: Path) -> None:
    site = Site(world, tmp_path)
    iam: dict[str, Any] = {"cross_check": ["iam"], "types": ["AWS::IAM::User"], "regions": []}
    world.client("iam").create_user(UserName="one")
    first = site.scan(**iam)
    [row] = site.rows("SELECT * FROM cross_check WHERE counted_type = 'AWS::IAM::User'")
    assert (row["scan_id"], row["region"], row["resources"]) == (first, "global", 1)
    [account] = site.rows("SELECT regions FROM account")
    site.trail_read(*account["regions"])
    assert site.looked(site.scan(**iam, since="last")) == set()
    world.client("iam").create_user(UserName="two")
    assert site.looked(site.scan(**iam, since="last")) == {("global", "AWS::IAM::User")}


def row(region: str, number: int, source: str = "config", outcome: str = "counted") -> CrossCheck:
    counted = TYPE if outcome == "counted" else None
    return CrossCheck("1", region, source, outcome, counted, counted, number)


@pytest.mark.parametrize(
    ("now", "rests"),
    [
        ([row("r", 1), row("global", 2), row("global", 3)], {"r", "global"}),
        ([row("r", 2), row("global", 5)], {"global"}),
        ([row("r", 1), row("global", 2)], {"r"}),
        ([row("r", 0, outcome="off")], {"r", "global"}),
        ([row("r", 0, outcome="denied"), row("global", 5)], {"r", "global"}),
        ([row("r", 1), row("global", 5), row("r", 1, "resource-explorer")], {"global"}),
    ],
)
def test_what_rests_is_what_no_source_counts_otherwise(
    now: list[CrossCheck], rests: set[str]
) -> None:
    fresh = {region: frozenset({TYPE}) for region in ("r", "global")}
    then = counts.packed(f"config r {TYPE} 1\nconfig global {TYPE} 5")
    found = counts.unchanged(fresh, then, now)
    assert {region for region, types in found.items() if types} == rests
