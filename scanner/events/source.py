"""A place that gives CloudTrail records in pieces: a file, an object, a page of LookupEvents."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scanner.errors import SourceError
from scanner.events.record import Record, from_columns

LARGEST = 512 * 1024 * 1024
"""Bytes that one unpacked file may have: a trail's own files hold at most 50 MB."""


@dataclass(frozen=True)
class Piece:
    """Records to read. `account_id` and `region` are None where the records alone tell.

    `since` and `through` are the times between which the piece, with those before it, covers that
    place: the high-water mark, and from when on there is no hole.
    """

    source_id: str
    read: Callable[[], Iterator[Record]]
    account_id: str | None = None
    region: str | None = None
    through: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Hole:
    """A place that gave nothing, or not everything: the outcome and why."""

    source_id: str
    outcome: str
    message: str
    account_id: str | None = None
    region: str | None = None


def parse(name: str, data: bytes) -> Iterator[Record]:
    """Yield the records in a file's bytes, by its name; raises `SourceError` for none of ours."""
    data = unpacked(data)
    if name.endswith((".parquet", ".parquet.gz")):
        yield from _parquet(data)
    elif name.endswith((".csv", ".csv.gz")):
        text = io.StringIO(data.decode("utf-8", "replace"))
        yield from (from_columns(row) for row in csv.DictReader(text))
    else:
        yield from _json(data)


def unpacked(data: bytes) -> bytes:
    """Return gzip's content, bounded, or the bytes as they are."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise SourceError(f"its gzip is broken: {error}") from error
    if len(content) > LARGEST:
        raise SourceError(f"it unpacks to more than {LARGEST >> 20} MB")
    return content


def _json(data: bytes) -> Iterator[Record]:
    try:
        value: Any = json.loads(data)
    except ValueError:
        yield from _lines(data)
        return
    if isinstance(value, dict):
        value = value.get("Records", value.get("Events", [value]))
    for item in value if isinstance(value, list) else ():
        yield as_record(item)


def _lines(data: bytes) -> Iterator[Record]:
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            try:
                yield as_record(json.loads(line))
            except ValueError as error:
                raise SourceError(f"line {number} is not JSON") from error


def as_record(item: Any) -> Record:
    """Return the record in an item: itself, LookupEvents' text, or a row of an export."""
    if not isinstance(item, dict):
        raise SourceError("an item that is no CloudTrail record")
    inner = item.get("CloudTrailEvent") or item.get("eventJson")
    if isinstance(inner, str):
        found: Record = json.loads(inner)
        return found
    return item if "eventID" in item else from_columns(item)


def _parquet(data: bytes) -> Iterator[Record]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(data))
    except pa.ArrowException as error:
        raise SourceError(f"it is no Parquet file: {error}") from error
    for batch in table.to_batches(max_chunksize=10_000):
        yield from (from_columns(row) for row in batch.to_pylist())
