"""Trail files in S3: `trail://s3/BUCKET/PREFIX`, of one account or an organization.

Keys are `PREFIX/AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/
ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_ID.json.gz`, the time being that of delivery
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html), so a
reading asks for the days since the last one and for the newest of those days again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scanner.aws import Aws, Grant, Place
from scanner.config import EventSource
from scanner.errors import CallError, SourceError
from scanner.events.record import Record
from scanner.events.source import Hole, Piece, parse
from scanner.identity import parse_arn

SCHEME = "trail://s3/"
GRANT = Grant(
    "sources", frozenset({("s3", "GetObject"), ("s3", "HeadBucket"), ("s3", "ListObjectsV2")})
)
_DELIVERED = re.compile(r"_CloudTrail_[a-z0-9-]+_(\d{8}T\d{4})Z_")
Marks = Mapping[tuple[str, str], datetime]
"""Up to when each account and region has been read."""


@dataclass(frozen=True)
class _Bucket:
    aws: Aws
    place: Place
    name: str

    def folders(self, prefix: str) -> list[str]:
        """Return the names right below a prefix."""
        params = {"Bucket": self.name, "Prefix": prefix, "Delimiter": "/"}
        pages = self.aws.pages(self.place, "s3", "ListObjectsV2", params)
        return [
            item["Prefix"][len(prefix) : -1]
            for page in pages
            for item in page.get("CommonPrefixes", ())
        ]

    def keys(self, prefix: str) -> list[str]:
        """Return the keys below a prefix."""
        params = {"Bucket": self.name, "Prefix": prefix}
        pages = self.aws.pages(self.place, "s3", "ListObjectsV2", params)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def records(self, key: str) -> Iterator[Record]:
        """Yield the records of one file; raises `SourceError`."""
        try:
            answer = self.aws.call(self.place, "s3", "GetObject", {"Bucket": self.name, "Key": key})
            with answer["Body"] as body:
                data = body.read()
        except (CallError, OSError) as error:
            raise SourceError(str(error)) from error
        yield from parse(key, data)


def trail_events(
    source: EventSource, aws: Aws, marks: Marks, now: datetime
) -> Iterator[Piece | Hole]:
    """Yield a piece for each trail file since the marks, and a hole for each day without any."""
    name, _, prefix = source.from_.removeprefix(SCHEME).partition("/")
    root = f"{prefix.strip('/')}/AWSLogs/".lstrip("/")
    if not name:
        yield Hole(source.from_, "failed", f"it needs a bucket, as {SCHEME}BUCKET/PREFIX")
        return
    try:
        bucket = _Bucket(aws, _place(source, aws), name)
        places = sorted(_places(bucket, root))
        if not places:
            yield Hole(source.from_, "failed", f"there are no trail files below {root}")
        for account, region, folder in places:
            since = marks.get((account, region), now - timedelta(days=source.days))
            known = (account, region) in marks
            yield from _of_place(bucket, (account, region), folder, since, now, known)
    except CallError as error:
        outcome = "denied" if error.outcome == "denied" else "failed"
        yield Hole(source.from_, outcome, str(error))


def _place(source: EventSource, aws: Aws) -> Place:
    region = source.region or aws.region
    credentials = aws.assume(source.role_arn, region) if source.role_arn else aws.own_credentials()
    role = parse_arn(source.role_arn or "")
    return Place(role.account if role else "", region, credentials, GRANT)


def _places(bucket: _Bucket, root: str) -> Iterator[tuple[str, str, str]]:
    """Yield account, region and folder of everything that a trail delivers below a prefix."""
    for name in bucket.folders(root):
        inner = bucket.folders(f"{root}{name}/") if name.startswith("o-") else [""]
        for account in inner:
            folder = f"{root}{name}/{account}/" if account else f"{root}{name}/"
            for region in bucket.folders(f"{folder}CloudTrail/"):
                yield account or name, region, f"{folder}CloudTrail/{region}/"


def _of_place(
    bucket: _Bucket,
    place: tuple[str, str],
    folder: str,
    since: datetime,
    now: datetime,
    known: bool,
) -> Iterator[Piece | Hole]:
    empty: list[date] = []
    began = False
    day = since.date()
    while day <= now.date():
        keys = bucket.keys(f"{folder}{day:%Y/%m/%d}/")
        for key in sorted(keys):
            delivered = _delivered(key)
            if delivered and delivered >= since - timedelta(hours=1):
                yield Piece(
                    f"s3://{bucket.name}/{key}", lambda key=key: bucket.records(key),  # type: ignore[misc]
                    *place, delivered, since if known else delivered,
                )  # fmt: skip
        if keys:
            if began and empty:
                yield _gap(bucket, folder, place, empty)
            began, empty = True, []
        else:
            empty.append(day)
        day += timedelta(days=1)
    if began and len(empty) > 1:
        yield _gap(bucket, folder, place, empty[:-1])


def _gap(bucket: _Bucket, folder: str, place: tuple[str, str], empty: list[date]) -> Hole:
    days = f"on {empty[0]}" if len(empty) == 1 else f"from {empty[0]} to {empty[-1]}"
    return Hole(
        f"{SCHEME}{bucket.name}/{folder}", "gap", f"the trail delivered nothing {days}", *place
    )


def _delivered(key: str) -> datetime | None:
    found = _DELIVERED.search(key)
    return datetime.strptime(found[1], "%Y%m%dT%H%M") if found else None
