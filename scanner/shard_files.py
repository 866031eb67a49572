"""The files of a shard: Parquet tables, and in a part that a budget cut those of what was cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scanner.parts import CUT, LEFT
from scanner.store import SHARD_TABLES, arrow_schema

Tables = Mapping[str, Iterable[Any]]
"""Table name -> rows (dataclasses of scanner/model.py)."""
Left = frozenset[tuple[str, str]] | None
"""Families and readers that are still to do, by name and region; None: everything."""


@dataclass(frozen=True)
class Cut:
    """What a budget cut: the rows that say so, and what is left to do."""

    tables: Tables
    left: Left


def write_shard(folder: Path, tables: Tables, cut: Cut | None = None) -> None:
    """Write a shard's files, or those of a part, into a folder."""
    write_tables(folder, tables)
    if cut:
        (folder / CUT).mkdir()
        write_tables(folder / CUT, cut.tables)
        left = None if cut.left is None else sorted(cut.left)
        (folder / LEFT).write_text(json.dumps(left), "utf-8")


def left_of(text: str | bytes) -> Left:
    """Return what is left, of the text of a part's `LEFT`."""
    left = json.loads(text)
    return None if left is None else frozenset((name, region) for name, region in left)


def write_tables(folder: Path, tables: Tables) -> None:
    """Write the tables that have rows as `TABLE.parquet` into a folder."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for table in SHARD_TABLES:
        rows = [as_row(row) for row in tables.get(table, ())]
        if rows:
            batch = pa.Table.from_pylist(rows, schema=arrow_schema(table))
            # Given a name that is not there yet, pyarrow would try it as the URI of a file system.
            with pa.OSFile(str(folder / f"{table}.parquet"), "wb") as stream:
                pq.write_table(batch, stream, compression="zstd")


def as_row(item: Any) -> dict[str, Any]:
    """Return a dataclass of the model as a row: maps as pairs, documents as JSON text."""
    return {key: _cell(key, value) for key, value in _fields(item)}


def _fields(item: Any) -> list[tuple[str, Any]]:
    names = item.__dataclass_fields__
    return [(name, getattr(item, name)) for name in names]


def _cell(key: str, value: Any) -> Any:
    if key == "properties":
        return json.dumps(value, default=_plain, separators=(",", ":"), sort_keys=True)
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, tuple):
        return list(value)
    return value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if isinstance(value, bytes) else str(value)
