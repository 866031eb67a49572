"""`lookup://`: the last 90 days of each account and region by LookupEvents, swept once.

Two requests a second per account and region, fifty events a page, one filter a call
(https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html): so write
events are asked for by `ReadOnly=false`, and never one resource at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Protocol

from scanner.aws import Grant, Place
from scanner.config import EventSource
from scanner.errors import CallError
from scanner.events.record import Record
from scanner.events.source import Hole, Piece, as_record
from scanner.events.trail import Marks

SCHEME = "lookup://"
GRANT = Grant("scan", frozenset({("cloudtrail", "LookupEvents")}))
PAUSE = 0.5
"""Seconds between two requests to one place: AWS allows two a second."""
LIMIT = timedelta(days=90)


class Caller(Protocol):
    """What of `scanner.aws.Aws` is used."""

    def call(
        self, place: Place, service: str, operation: str, params: Any = None
    ) -> dict[str, Any]:
        """Return an operation's answer."""


def lookup_events(
    source: EventSource,
    aws: Caller,
    places: Iterable[Place],
    marks: Marks,
    now: datetime,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Piece | Hole]:
    """Yield the write events of each place since its mark, and a hole where it cannot be asked."""
    for place in places:
        earliest = now - min(LIMIT, timedelta(days=source.days))
        since = max(marks.get((place.account_id, place.region), earliest), earliest)
        where = f"{SCHEME}{place.account_id}/{place.region}"
        try:
            records = _records(aws, place, since, now, sleep)
        except CallError as error:
            outcome = "denied" if error.outcome == "denied" else "failed"
            yield Hole(where, outcome, str(error), place.account_id, place.region)
            continue
        yield Piece(
            where, lambda records=records: iter(records), place.account_id, place.region, now, since  # type: ignore[misc]
        )  # fmt: skip


def _records(
    aws: Caller, place: Place, since: datetime, now: datetime, sleep: Callable[[float], None]
) -> list[Record]:
    params: dict[str, Any] = {
        "LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}],
        "StartTime": since, "EndTime": now, "MaxResults": 50,
    }  # fmt: skip
    found: list[Record] = []
    while True:
        page = aws.call(place, "cloudtrail", "LookupEvents", params)
        found += [as_record(item) for item in page.get("Events", ())]
        if not page.get("NextToken"):
            return found
        params["NextToken"] = page["NextToken"]
        sleep(PAUSE)
