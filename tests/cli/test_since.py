"""`--since`: only what may have changed is looked at; the rest keeps its age, and a limit."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scanner import catalog, pipeline
from scanner.clock import utc_now
from scanner.config import Config
from scanner.errors import UsageError
from scanner.events.load import load_events
from scanner.events.source import Hole, Piece
from scanner.since import fresh_cells, touches
from scanner.store import Store
from tests.world import Quiet, World

TYPES = ["AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::IAM::User"]
PLACE = ("111111111111", "us-east-1")
REGIONS = ["us-east-1", "eu-west-1"]


class Site:
    """A world with a database, and a trail that the test writes by hand."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.data: dict[str, Any] = {
            "database": str(folder / "s.duckdb"),
            "scan": {"types": TYPES, "regions": REGIONS},
        }

    def config(self, **scan: Any) -> Config:
        return Config.model_validate({**self.data, "scan": {**self.data["scan"], **scan}})

    def scan(self, **scan: Any) -> str:
        """Collect and load; nothing is judged."""
        config = self.config(**scan)
        return pipeline.load_scan(config, pipeline.collect_scan(config, Quiet()))

    def stale(self, **scan: Any) -> set[tuple[str, str]]:
        """The cells that `--since` would look at, the trail of every region counting."""
        with pipeline.open_store(self.config()) as store:
            config = self.config(**{"since": "last", "regions": [], **scan}).scan
            found = fresh_cells(store, config, utc_now()).get(self.world.account_id, {})
        return EVERYWHERE - {(region, each) for region, types in found.items() for each in types}

    def looked(self, scan_id: str) -> set[tuple[str, str]]:
        query = "SELECT region, resource_type FROM coverage WHERE scan_id = ?"
        return {(r["region"], r["resource_type"]) for r in self.rows(query, [scan_id])}

    def rows(self, query: str, given: list[Any] | None = None) -> list[dict[str, Any]]:
        with pipeline.open_store(self.config(), read_only=True) as store:
            return store.rows(query, given)

    def run(self, query: str, given: list[Any] | None = None) -> None:
        with pipeline.open_store(self.config()) as store:
            store.run(query, given)

    def trail_read(self, *regions: str, since: timedelta = timedelta(days=1)) -> None:
        """Say that the trail of these regions was read from then until now."""
        for region in regions:
            self.run(
                "INSERT OR REPLACE INTO event_mark VALUES (?, ?, ?, ?)",
                [self.world.account_id, region, utc_now() - since, utc_now()],
            )

    def event(self, region: str, source: str, at: datetime | None = None) -> None:
        self.run(
            "INSERT INTO event BY NAME SELECT uuid()::VARCHAR AS event_id, ? AS account_id,"
            " ? AS region, ? AS event_time, ? AS event_source, 'Some' AS event_name,"
            " [] AS makes, 'me' AS principal, 'cli' AS channel, [] AS keys, 't' AS source_id",
            [self.world.account_id, region, at or utc_now(), f"{source}.amazonaws.com"],
        )


@pytest.fixture
def site(world: World, tmp_path: Path) -> Site:
    found = Site(world, tmp_path)
    world.client("sqs").create_queue(QueueName="jobs")
    found.scan()
    return found


EVERYWHERE = {(r, t) for r in REGIONS for t in TYPES[:2]} | {("global", TYPES[2])}
REGIONAL = "SELECT * EXCLUDE (out_of_scope) FROM cell WHERE region <> 'global' ORDER BY ALL"
QUEUES = {("us-east-1", "AWS::SQS::Queue")}


def test_where_nothing_was_written_the_last_look_stands_with_its_age(site: Site) -> None:
    before = site.rows(
        "SELECT * EXCLUDE (out_of_scope) FROM cell WHERE region <> 'global' ORDER BY ALL"
    )
    site.trail_read(*REGIONS)
    looked = site.looked(site.scan(since="last"))
    assert looked == {("global", "AWS::IAM::User")}  # whose writes may stand in another region
    after = site.rows(
        "SELECT * EXCLUDE (out_of_scope) FROM cell WHERE region <> 'global' ORDER BY ALL"
    )
    assert after == before
    assert [row["name"] for row in site.rows("SELECT name FROM inventory")] == ["jobs"]


def test_without_a_trail_everything_is_looked_at(site: Site) -> None:
    assert site.looked(site.scan(since="last")) == EVERYWHERE


def test_what_came_after_the_last_look_is_found(site: Site) -> None:
    site.trail_read(*REGIONS)
    site.world.client("sqs", "eu-west-1").create_queue(QueueName="new")
    site.event("eu-west-1", "sqs")
    site.event("eu-west-1", "signin")
    assert ("eu-west-1", "AWS::SQS::Queue") in site.looked(site.scan(since="last"))
    assert {row["name"] for row in site.rows("SELECT name FROM inventory")} == {"jobs", "new"}


def test_an_event_asks_for_a_look_at_its_service_in_its_region(site: Site) -> None:
    site.trail_read(*REGIONS)
    assert site.stale() == set()
    site.event("us-east-1", "sqs", utc_now() - timedelta(hours=2))
    site.event("us-east-1", "signin")
    assert site.stale() == set()
    site.event("us-east-1", "sqs")
    assert site.stale() == QUEUES


def test_an_event_of_any_region_asks_for_a_look_at_global_cells(site: Site) -> None:
    site.trail_read(*REGIONS)
    site.event("eu-west-1", "iam")
    assert site.stale() == {("global", "AWS::IAM::User")}


def test_an_event_of_an_unknown_service_asks_for_a_look_at_the_whole_place(site: Site) -> None:
    site.trail_read(*REGIONS)
    site.event("us-east-1", "brandnew")
    assert site.stale() == {cell for cell in EVERYWHERE if cell[0] != "eu-west-1"}


def test_a_place_whose_trail_has_a_hole_or_is_unread_is_looked_at_whole(site: Site) -> None:
    site.trail_read("us-east-1")
    assert site.stale() == {cell for cell in EVERYWHERE if cell[0] != "us-east-1"}
    site.trail_read("eu-west-1", since=timedelta(0))  # nothing before now is sure
    assert site.stale() == {cell for cell in EVERYWHERE if cell[0] != "us-east-1"}
    site.trail_read("eu-west-1")
    site.run("UPDATE event_mark SET read_through = read_through - INTERVAL 3 HOUR")
    assert site.stale() == EVERYWHERE


def test_a_cell_with_an_open_finding_is_looked_at_so_that_it_can_close(site: Site) -> None:
    site.trail_read(*REGIONS)
    pipeline.resolve_scan(site.config())
    pipeline.check_scan(site.config())
    assert site.stale() >= QUEUES


def test_a_look_older_than_full_after_or_of_another_version_is_taken_anew(site: Site) -> None:
    site.trail_read(*REGIONS, since=timedelta(days=30))
    site.run("UPDATE scan SET started_at = started_at - INTERVAL 8 DAY")
    assert site.stale() == EVERYWHERE
    assert site.stale(full_after="9d") == set()
    site.run("UPDATE scan SET strays_version = 'another'")
    assert site.stale(full_after="9d") == EVERYWHERE


def test_looks_of_scans_before_the_named_one_do_not_count(site: Site) -> None:
    site.trail_read(*REGIONS)
    [first] = site.rows("SELECT scan_id FROM visible_scan")
    assert site.stale(since=first["scan_id"]) == set()
    with pytest.raises(UsageError, match="--since"):
        site.stale(since="99990101")


def test_no_verdict_rests_on_a_cell_older_than_the_limit(site: Site) -> None:
    """A cell that is no more in scope ages; a clean report would rest on it."""
    site.run("UPDATE coverage_group SET finished_at = finished_at - INTERVAL 3 DAY")
    pipeline.scan(site.config(types=["AWS::SQS::Queue"], max_age="2d"), Quiet())
    [*aged] = site.rows("SELECT * FROM cell WHERE NOT complete")
    assert {row["resource_type"] for row in aged} == {"AWS::SNS::Topic", "AWS::IAM::User"}
    assert {(row["outcome"], row["error_code"]) for row in aged} == {("failed", "TooOld")}
    assert "max_age 2d" in aged[0]["message"]
    found = site.rows("SELECT evidence FROM findings WHERE rule_id = 'coverage_incomplete'")
    assert {json.loads(row["evidence"])["outcome"] for row in found} == {"failed"}


def test_what_a_changed_thing_may_own_is_touched_with_it() -> None:
    found = touches(catalog.load())
    assert "AWS::EC2::NetworkInterface" in found["elasticloadbalancing"]
    assert "AWS::EC2::Instance" in found["autoscaling"]
    assert found["signin"] == frozenset()


def test_marks_tell_from_when_on_there_is_no_hole() -> None:
    def day(number: int) -> datetime:
        return datetime(2026, 11, number)

    def read(first: int, last: int) -> Piece:
        return Piece("trail", lambda: iter(()), *PLACE, through=day(last), since=day(first))

    gap = Hole("trail", "gap", "the trail delivered nothing", *PLACE)
    with Store.memory() as store:
        for pieces, since in (
            ([read(1, 2)], 1),
            ([read(2, 3), read(2, 4)], 1),
            ([read(6, 7)], 6),  # what begins after the mark leaves a hole
            ([read(7, 8), gap], 8),
            ([read(8, 9)], 8),
        ):
            load_events(store, pieces, "s")
            assert store.value("SELECT read_from FROM event_mark") == day(since)
