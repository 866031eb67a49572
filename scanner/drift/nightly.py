"""Where plans lie: a file, a folder, or `s3://BUCKET/PREFIX`; of each workspace the newest.

A workspace is what stays of a plan's place when the dates in it are taken out, so
`2026-11-22/network.json`, `network/2026-11-22T0300Z.json` and `network-20261122.json` are three
nights of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scanner.aws import Aws, Grant, Place
from scanner.config import PlanSource
from scanner.errors import CallError, SourceError
from scanner.identity import parse_arn

S3 = "s3://"
SCHEME = "plan://"
"""What the name of a source that is a plan begins with."""
GRANT = Grant(
    "sources", frozenset({("s3", "GetObject"), ("s3", "HeadBucket"), ("s3", "ListObjectsV2")})
)
LARGEST = 256 * 1024 * 1024
_DATE = re.compile(
    r"(?<!\d)20\d\d([-/]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T_-][0-2]\d[:-]?[0-5]\d(?:[:-]?[0-5]\d)?(?:\.\d+)?Z?|[0-2]\d[0-5]\d[0-5]\d)?(?!\d)"
)


@dataclass(frozen=True)
class PlanFile:
    """One plan: the source it is a night of, its own place, when it was written, its bytes."""

    source_id: str
    place: str
    written: datetime
    read: Callable[[], bytes]

    @property
    def night(self) -> tuple[str, datetime]:
        """What tells the newest: the dates in its name, then when it was written."""
        dates = "".join(found[0] for found in _DATE.finditer(self.place))
        return re.sub(r"\D", "", dates), self.written

    def plan(self) -> dict[str, Any]:
        """Return the plan; raises `SourceError` where it cannot be read or is none."""
        try:
            plan: Any = json.loads(self.read())
        except (OSError, ValueError) as error:
            raise SourceError(f"{self.place} is no JSON plan: {error}") from error
        if not isinstance(plan, dict) or not plan.keys() & {"resource_changes", "planned_values"}:
            raise SourceError(f"{self.place} is no plan: write it with `terraform show -json PLAN`")
        if plan.get("errored"):
            raise SourceError(f"{self.place} is what Terraform planned before it failed")
        return plan


def newest_plans(source: PlanSource, aws: Callable[[], Aws]) -> list[PlanFile]:
    """Return the newest plan of each workspace; raises `SourceError` and `CallError` for none."""
    place = source.from_
    found = _in_bucket(source, aws()) if place.startswith(S3) else _in_folder(Path(place))
    newest: dict[str, PlanFile] = {}
    for one in found:
        other = newest.get(one.source_id)
        if other is None or one.night > other.night:
            newest[one.source_id] = one
    if not newest:
        raise SourceError(f"{place} holds no plan (*.json, from terraform show -json)")
    return [newest[name] for name in sorted(newest)]


def workspace(path: str) -> str:
    """Return a plan's path without its dates and endings."""
    bare = re.sub(r"(\.tfplan|\.plan)?\.json$", "", path)
    parts = (_DATE.sub("", part).strip("-_. ") for part in _DATE.sub("/", bare).split("/"))
    return "/".join(part for part in parts if part) or "plan"


def _in_folder(place: Path) -> Iterator[PlanFile]:
    paths: Iterable[Path] = sorted(place.rglob("*.json")) if place.is_dir() else [place]
    root = place if place.is_dir() else place.parent
    for path in paths:
        try:
            size, changed = path.stat().st_size, path.stat().st_mtime
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}") from error
        name = f"{SCHEME}{root}/{workspace(path.relative_to(root).as_posix())}"
        written = datetime.fromtimestamp(changed, UTC).replace(tzinfo=None)
        yield PlanFile(name, str(path), written, _bounded(str(path), size, path.read_bytes))


def _in_bucket(source: PlanSource, aws: Aws) -> Iterator[PlanFile]:
    name, _, prefix = source.from_.removeprefix(S3).partition("/")
    place = _place(source, aws)
    root = prefix.rpartition("/")[0] if prefix.endswith(".json") else prefix.strip("/")
    for page in aws.pages(place, "s3", "ListObjectsV2", {"Bucket": name, "Prefix": prefix}):
        for item in page.get("Contents", ()):
            key = str(item["Key"])
            if key.endswith(".json"):
                where = f"{S3}{name}/{key}"
                own = (name, root, workspace(key.removeprefix(root)))
                told = f"{SCHEME}{S3}{'/'.join(part for part in own if part)}"
                written = item["LastModified"].astimezone(UTC).replace(tzinfo=None)
                read = _bounded(where, item["Size"], _object(aws, place, name, key))
                yield PlanFile(told, where, written, read)


def _object(aws: Aws, place: Place, bucket: str, key: str) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            answer = aws.call(place, "s3", "GetObject", {"Bucket": bucket, "Key": key})
            with answer["Body"] as body:
                data: bytes = body.read()
        except CallError as error:
            raise SourceError(f"{S3}{bucket}/{key} cannot be read: {error}") from error
        return data

    return read


def _place(source: PlanSource, aws: Aws) -> Place:
    region = source.region or aws.region
    credentials = aws.assume(source.role_arn, region) if source.role_arn else aws.own_credentials()
    role = parse_arn(source.role_arn or "")
    return Place(role.account if role else "", region, credentials, GRANT)


def _bounded(place: str, size: int, read: Callable[[], bytes]) -> Callable[[], bytes]:
    def bounded() -> bytes:
        if size > LARGEST:
            raise SourceError(f"{place} has more than {LARGEST >> 20} MB")
        return read()

    return bounded
