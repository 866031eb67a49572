"""Users' SQL: one statement that only reads, on a connection that can do nothing else.

Walls, each enough alone for most of what it stops: the kind of statement, a read-only file, no
access to other files, the network or extensions, settings that are locked, a watch that stops the
query after its time, DuckDB's memory limit, and around it the operating system's.
https://duckdb.org/docs/current/operations_manual/securing_duckdb/overview
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.bounds import Watch, address_space
from scanner.errors import QueryError
from scanner.store import DatabaseError, Store, statement_kinds

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ALLOWED = frozenset({"SELECT", "EXPLAIN"})
"""DuckDB's kinds; its SELECT takes in WITH, FROM, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE."""

_WALLS = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",  # else `FROM name` reads our Python variables
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "threads": "2",
}
_SLACK = 1 << 30
"""Bytes of address space over the query's memory: DuckDB does not count all it takes."""
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
    with _sandbox(
        path,
        statement,
        timeout_s=timeout_s,
        memory_limit=memory_limit,
        as_of=as_of,
        lock_timeout=lock_timeout,
    ) as connection:
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


def run_query_arrow(
    path: Path,
    statement: str,
    *,
    timeout_s: float = 60.0,
    memory_limit: str = "1GB",
    as_of: str | None = None,
    lock_timeout: float = 300.0,
) -> pa.Table:
    """Do what `run_query` does and return an Arrow table, for Parquet."""
    import pyarrow  # noqa: F401 (before the memory is bounded: it reserves its pool on import)

    with _sandbox(
        path,
        statement,
        timeout_s=timeout_s,
        memory_limit=memory_limit,
        as_of=as_of,
        lock_timeout=lock_timeout,
    ) as connection:
        table = connection.sql(statement).to_arrow_table()
    return table.rename_columns(list(_unique(table.column_names)))


@contextmanager
def _sandbox(
    path: Path,
    statement: str,
    *,
    timeout_s: float,
    memory_limit: str,
    as_of: str | None,
    lock_timeout: float,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a walled connection for one statement, and turn what goes wrong into a sentence."""
    _refuse(statement)
    settings = _WALLS | {"memory_limit": memory_limit}
    with Store.open(path, read_only=True, lock_timeout=lock_timeout, settings=settings) as store:
        store.as_of(as_of)
        store.run("SET TimeZone = 'UTC'")
        bound = int(store.value("SELECT parse_formatted_bytes(?)", [memory_limit])) + _SLACK
        store.run("SET lock_configuration = true")
        watch = Watch(store.connection, timeout_s)
        try:
            with address_space(bound), watch:
                yield store.connection
        except (DatabaseError, MemoryError, TimeoutError) as error:
            raise QueryError(_sentence(error, watch.fired, timeout_s, memory_limit)) from error


def _refuse(statement: str) -> None:
    """Raise `QueryError` unless the text is one statement of a kind that only reads."""
    try:
        statement.encode()  # bytes of an argument that are no UTF-8 come as lone surrogates
        kinds = statement_kinds(statement)
    except (DatabaseError, UnicodeEncodeError) as error:
        raise QueryError(f"this is no SQL that DuckDB reads: {_first(error)}") from error
    if len(kinds) != 1:
        raise QueryError(f"one statement at a time: this text holds {len(kinds) or 'none'}")
    if kinds[0] == "MULTI":
        raise QueryError("PIVOT must list its values: PIVOT ... ON column IN ('a', 'b')")
    if kinds[0] not in ALLOWED:
        raise QueryError(
            "only a statement that reads is run (SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, "
            f"SUMMARIZE, EXPLAIN): this is {kinds[0].replace('_', ' ')}"
        )


def _sentence(error: Exception, stopped: bool, timeout_s: float, memory_limit: str) -> str:
    if stopped or isinstance(error, TimeoutError):
        return f"the query was stopped after {timeout_s:g} s: ask for fewer rows, or join less"
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return f"the query needs more than {memory_limit} of memory: ask for fewer rows or columns"
    return f"the query failed: {_first(error)}"


def _first(error: Exception) -> str:
    """Return what DuckDB says on one line, without its drawing of the place."""
    told = str(error).partition("\n\nLINE ")[0].partition("\n\nPossible solutions")[0]
    return " ".join(told.split())


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
