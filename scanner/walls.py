"""The walls around a statement of a user, each enough alone for most of what it stops.

The kind of statement, a read-only file, no access to other files, the network or extensions,
settings that are locked, a watch that stops the query after its time, DuckDB's memory limit, and
around it the operating system's.
https://duckdb.org/docs/current/operations_manual/securing_duckdb/overview
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.bounds import Watch, address_space
from scanner.errors import QueryError
from scanner.store import DatabaseError, Store, statement_kinds

if TYPE_CHECKING:
    import duckdb

ALLOWED = frozenset({"SELECT", "EXPLAIN"})
"""DuckDB's kinds; its SELECT takes in WITH, FROM, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE."""

_SETTINGS = {
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


@dataclass(frozen=True)
class Limits:
    """What a statement may take, and the scan after which it looks at the world (None: now)."""

    seconds: float
    memory: str
    as_of: str | None
    lock_timeout: float


@contextmanager
def walled(path: Path, statement: str, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection for one statement; it closes after it, and errors become a sentence.

    Raises `QueryError` for a statement that is refused, fails, or takes more than its limits (a
    `TimeoutError` raised inside counts as that), and the errors of `Store.open` for the file.
    """
    _refuse(statement)
    settings = _SETTINGS | {"memory_limit": limits.memory}
    with Store.open(
        path, read_only=True, lock_timeout=limits.lock_timeout, settings=settings
    ) as store:
        store.as_of(limits.as_of)
        store.run("SET TimeZone = 'UTC'")
        bound = int(store.value("SELECT parse_formatted_bytes(?)", [limits.memory])) + _SLACK
        store.run("SET lock_configuration = true")
        watch = Watch(store.connection, limits.seconds)
        try:
            with address_space(bound), watch:
                yield store.connection
        except (DatabaseError, MemoryError, TimeoutError) as error:
            raise QueryError(_sentence(error, watch.fired, limits)) from error


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


def _sentence(error: Exception, stopped: bool, limits: Limits) -> str:
    if stopped or isinstance(error, TimeoutError):
        return f"the query was stopped after {limits.seconds:g} s: ask for fewer rows, or join less"
    if isinstance(error, MemoryError) or str(error).startswith("Out of Memory"):
        return f"the query needs more than {limits.memory} of memory: ask for fewer rows or columns"
    return f"the query failed: {_first(error)}"


def _first(error: Exception) -> str:
    """Return what DuckDB says on one line, without its drawing of the place."""
    told = str(error).partition("\n\nLINE ")[0].partition("\n\nPossible solutions")[0]
    return " ".join(told.split())
