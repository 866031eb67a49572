"""Trail files in S3, exports in files, LookupEvents: read once, incrementally, holes told."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.credentials import Credentials

from scanner.aws import Place
from scanner.config import Config, EventSource
from scanner.errors import CallError
from scanner.events import lookup
from scanner.events.load import load_events, marks
from scanner.events.run import read_events
from scanner.events.source import Hole
from scanner.store import Store
from tests.events.records import ACCOUNT, key, record, trail_file
from tests.resolve.build import NOW, SCAN
from tests.world import World

TODAY = datetime(2026, 11, 23, 9)


@pytest.fixture
def store() -> Store:
    made = Store.memory()
    made.run("INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [SCAN, NOW, NOW])
    return made


def config(place: str, **more: Any) -> Config:
    return Config.model_validate({"events": [{"from": place, **more}]})


def sources(store: Store) -> list[tuple[str, str | None]]:
    rows = store.rows("SELECT outcome, message FROM source WHERE kind = 'trail' ORDER BY ALL")
    return [(row["outcome"], row["message"]) for row in rows]


def test_a_trail_in_s3_is_read_once_and_its_gap_is_told(world: World, store: Store) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="trail-bucket")
    for day in ("2026-11-18", "2026-11-21", "2026-11-22"):
        s3.put_object(
            Bucket="trail-bucket",
            Key=key("org/", day),
            Body=trail_file(record(), record(readOnly=True)),
        )
    place = config("trail://s3/trail-bucket/org")
    assert read_events(store, place, SCAN, TODAY)[0] == 3
    assert sources(store) == [
        ("gap", "the trail delivered nothing from 2026-11-19 to 2026-11-20"), ("read", None),
    ]  # fmt: skip
    assert marks(store) == {(ACCOUNT, "us-east-1"): datetime(2026, 11, 22, 12)}
    late = key("org/", "2026-11-22").replace("T1200Z", "T1300Z")
    s3.put_object(Bucket="trail-bucket", Key=late, Body=trail_file(record()))
    assert read_events(store, place, SCAN, TODAY)[0] == 1


def test_an_organization_trail_is_read_for_every_account(world: World, store: Store) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="organization-trail")
    for account in ("111122223333", "444455556666"):
        name = key("", "2026-11-22", account).replace("AWSLogs/", "AWSLogs/o-abc123/")
        body = trail_file(record(recipientAccountId=account))
        s3.put_object(Bucket="organization-trail", Key=name, Body=body)
    read_events(store, config("trail://s3/organization-trail"), SCAN, TODAY)
    assert {account for account, _ in marks(store)} == {"111122223333", "444455556666"}


def test_a_broken_file_fails_alone_and_moves_no_mark(world: World, store: Store) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="broken-trail")
    s3.put_object(Bucket="broken-trail", Key=key("", "2026-11-21"), Body=trail_file(record()))
    s3.put_object(Bucket="broken-trail", Key=key("", "2026-11-22"), Body=b"\x1f\x8bnot gzip")
    assert read_events(store, config("trail://s3/broken-trail"), SCAN, TODAY)[0] == 1
    assert [outcome for outcome, _ in sources(store)] == ["failed", "read"]
    assert marks(store) == {}


def test_a_bucket_that_is_not_there_is_a_source_that_says_so(world: World, store: Store) -> None:
    read_events(store, config("trail://s3/no-such-trail-bucket"), SCAN, TODAY)
    [(outcome, message)] = sources(store)
    assert outcome == "failed"
    assert "NoSuchBucket" in str(message) or "does not exist" in str(message)


def test_exports_are_read_in_every_form(tmp_path: Path, store: Store) -> None:
    made = [record() for _ in range(4)]
    (tmp_path / "lines.json").write_text("\n".join(json.dumps(item) for item in made[:1]))
    (tmp_path / "lookup.json").write_text(
        json.dumps({"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(made[1])}]})
    )
    columns = {name.lower(): value for name, value in made[2].items()}
    flat = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in columns.items()}
    with (tmp_path / "athena.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(flat))
        writer.writeheader()
        writer.writerow(flat)
    nested = {name: value for name, value in made[3].items() if value is not None}
    pq.write_table(pa.Table.from_pylist([nested]), tmp_path / "lake.parquet")
    assert read_events(store, config(f"file://{tmp_path}"), SCAN, TODAY)[0] == 4
    ids = {row["event_id"] for row in store.rows("SELECT event_id FROM event")}
    assert ids == {item["eventID"] for item in made}
    issuers = store.value("SELECT count(*) FROM event WHERE session_issuer LIKE '%deploy-app'")
    assert issuers == 4


def test_the_same_event_is_kept_once(tmp_path: Path, store: Store) -> None:
    made = record()
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps({"Records": [made, made]}))
    assert read_events(store, config(f"file://{tmp_path}"), SCAN, TODAY)[0] == 1


class AnswersPages:
    """LookupEvents as AWS documents it: fifty a page, the event as JSON text inside."""

    def __init__(self, pages: list[list[dict[str, Any]]]) -> None:
        self.pages, self.asked = pages, []

    def call(
        self, place: Place, service: str, operation: str, params: Any = None
    ) -> dict[str, Any]:
        self.asked.append((place.region, dict(params)))
        at = int(params.get("NextToken", 0))
        events = [
            {"EventId": one["eventID"], "EventName": one["eventName"], "ReadOnly": "false",
             "CloudTrailEvent": json.dumps(one)} for one in self.pages[at]
        ]  # fmt: skip
        more = {"NextToken": str(at + 1)} if at + 1 < len(self.pages) else {}
        return {"Events": events, **more}


class Denies:
    def call(
        self, place: Place, service: str, operation: str, params: Any = None
    ) -> dict[str, Any]:
        raise CallError("not allowed", "denied", "AccessDeniedException")


def places(*regions: str) -> list[Place]:
    return [Place(ACCOUNT, region, Credentials("a", "b"), lookup.GRANT) for region in regions]


def test_lookup_sweeps_writes_page_by_page_at_two_requests_a_second(store: Store) -> None:
    aws = AnswersPages([[record()], [record(), record()]])
    waited: list[float] = []
    found = lookup.lookup_events(
        EventSource.model_validate({"from": "lookup://"}), aws, places("us-east-1"), {}, TODAY,
        waited.append,
    )  # fmt: skip
    assert load_events(store, found, SCAN) == 3
    assert waited == [0.5]
    _, params = aws.asked[0]
    assert params["LookupAttributes"] == [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    assert (TODAY - params["StartTime"]).days == 90
    assert marks(store) == {(ACCOUNT, "us-east-1"): TODAY}


def test_lookup_goes_on_where_it_ended(store: Store) -> None:
    aws = AnswersPages([[record()]])
    since = datetime(2026, 11, 22)
    list(
        lookup.lookup_events(
            EventSource.model_validate({"from": "lookup://"}), aws, places("us-east-1"),
            {(ACCOUNT, "us-east-1"): since}, TODAY,
        )
    )  # fmt: skip
    assert aws.asked[0][1]["StartTime"] == since


def test_a_denied_lookup_is_a_hole_and_not_an_empty_trail() -> None:
    source = EventSource.model_validate({"from": "lookup://"})
    [hole] = lookup.lookup_events(source, Denies(), places("eu-west-1"), {}, TODAY)
    assert isinstance(hole, Hole)
    assert (hole.outcome, hole.region) == ("denied", "eu-west-1")
