"""Users' SQL: one statement that only reads, inside `scanner.walls`, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from reports.target import Target
from scanner.errors import ReportError
from scanner.store import DatabaseError
from scanner.walls import Limits, walled

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNK = 10_000


@dataclass(frozen=True)
class QueryResult:
    """What a query gave: column names (made unique), DuckDB's types, and rows of Python values.

    `more` says that rows were left out because of `max_rows`.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool = False

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as dicts by column name, JSON columns decoded."""
        shapes = [_decoded if name == "JSON" else _same for name in self.types]
        return [
            {n: shape(value) for n, shape, value in zip(self.columns, shapes, row, strict=True)}
            for row in self.rows
        ]


def run_query(
    path: Path,
    statement: str,
    *,
    max_rows: int | None = None,
    timeout_s: float = 60.0,
    memory_limit: str = "1GB",
    as_of: str | None = None,
    lock_timeout: float = 300.0,
) -> QueryResult:
    """Run one statement that only reads and return its rows; the database is closed after it.

    `as_of` shows the past as it stood after that scan. Raises `QueryError` for a statement that is
    refused, fails, or takes more than its time or memory, `LockedError` and the other errors of
    `Store.open` for the file.
    """
    limits = Limits(timeout_s, memory_limit, as_of, lock_timeout)
    with walled(path, statement, limits) as connection:
        deadline = time.monotonic() + timeout_s
        cursor = connection.execute(statement)
        columns = [(str(name), str(kind)) for name, kind, *_ in cursor.description or ()]
        rows: list[tuple[Any, ...]] = []
        while max_rows is None or len(rows) <= max_rows:
            chunk = cursor.fetchmany(_CHUNK)
            rows += chunk
            if not chunk:
                break
            if time.monotonic() > deadline:  # DuckDB hears the watch only while it computes
                raise TimeoutError
    kept = rows if max_rows is None else rows[:max_rows]
    names, types = _unique([name for name, _ in columns]), tuple(kind for _, kind in columns)
    return QueryResult(names, types, kept, len(kept) < len(rows))


def write_parquet(
    path: Path,
    statement: str,
    out: Path,
    *,
    timeout_s: float = 60.0,
    memory_limit: str = "1GB",
    as_of: str | None = None,
    lock_timeout: float = 300.0,
) -> int:
    """Do what `run_query` does, write the rows to a Parquet file as they come, return their number.

    The file is written whole or not at all; spans become seconds. Raises `ReportError` where it
    cannot be written, also where Parquet has no form for a column.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter  # before the memory is bounded: it reserves a pool

    target = Target("parquet", str(out))
    limits = Limits(timeout_s, memory_limit, as_of, lock_timeout)
    rows = 0
    with target.open() as stream, walled(path, statement, limits) as connection:
        reader = connection.sql(statement).to_arrow_reader(_CHUNK)
        schema = _parquet_schema(reader.schema)
        try:
            with ParquetWriter(stream, schema, compression="zstd") as writer:
                for batch in _batches(reader):
                    writer.write_batch(_without_spans(batch, schema))
                    rows += batch.num_rows
        except pa.ArrowNotImplementedError as error:
            raise ReportError(
                f"{target}: a column's type has no form in Parquet: {error}"
            ) from error
    return rows


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield what the reader gives, DuckDB's errors taken out of the OSError that Arrow wraps."""
    while True:
        try:
            yield reader.read_next_batch()
        except StopIteration:
            return
        except OSError as error:
            raise DatabaseError(str(error)) from error


def _parquet_schema(schema: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    types = [pa.int64() if pa.types.is_interval(kind) else kind for kind in schema.types]
    return pa.schema(list(zip(_unique(schema.names), types, strict=True)))


def _without_spans(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Turn spans into seconds: few readers know Parquet's intervals, and Arrow writes none."""
    import pyarrow as pa

    columns = [
        pa.array(
            [None if span is None else _seconds(*span) for span in column.to_pylist()], pa.int64()
        )
        if pa.types.is_interval(column.type)
        else column
        for column in batch.columns
    ]
    return pa.record_batch(columns, schema=schema)


def _seconds(months: int, days: int, nanoseconds: int) -> int:
    """Count a month as 30 days, as the timedeltas of `run_query` do."""
    return int((months * 30 + days) * 86_400 + nanoseconds // 1_000_000_000)


def _unique(names: list[str]) -> tuple[str, ...]:
    """Number what comes twice, as DuckDB does in a subquery: a, a_1."""
    found: dict[str, None] = {}
    for name in names:
        count, candidate = 0, name
        while candidate in found:
            count += 1
            candidate = f"{name}_{count}"
        found[candidate] = None
    return tuple(found)


def _decoded(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)


def _same(value: Any) -> Any:
    return value
