"""Exported events in files: `file://PATH-OR-GLOB`, JSON, CSV or Parquet, gzip or not."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from scanner.errors import SourceError
from scanner.events.record import Record
from scanner.events.source import Hole, Piece, parse

SCHEME = "file://"


def file_events(place: str) -> Iterator[Piece | Hole]:
    """Yield a piece for each file that a path, folder or glob names."""
    whole = os.path.abspath(os.path.expanduser(place))
    if os.path.isdir(whole):
        found = [path for path in Path(whole).rglob("*") if path.is_file()]
    elif os.path.exists(whole):
        found = [Path(whole)]
    else:
        found = [Path(name) for name in glob.glob(whole, recursive=True) if os.path.isfile(name)]
    if not found:
        yield Hole(f"{SCHEME}{whole}", "failed", "there is no such file")
    for path in sorted(found):
        yield Piece(f"{SCHEME}{path}", lambda path=path: _records(path))  # type: ignore[misc]


def _records(path: Path) -> Iterator[Record]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}") from error
    yield from parse(path.name, data)
