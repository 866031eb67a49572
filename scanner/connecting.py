"""Opening a DuckDB file, which has one writer at a time, and telling when its disk is full."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from scanner.errors import LockedError, StoreError

_FULL = re.compile("No space left on device|File too large|Disk quota exceeded")
_HOLDER = re.compile(r"held in (?P<program>.+) \(PID (?P<pid>\d+)\)")


def connect(
    path: Path, read_only: bool, timeout: float, settings: Mapping[str, str] | None
) -> duckdb.DuckDBPyConnection:
    """Return a connection to a file, made where there is none.

    Waits up to `timeout` seconds for who holds it. Raises `LockedError` naming that process, and
    `StoreError` where the file cannot be opened.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=dict(settings or {}))
        except duckdb.IOException as error:
            holder = _HOLDER.search(str(error))
            if holder is None:
                raise StoreError(
                    f"{path} cannot be opened: {str(error).splitlines()[0]}"
                ) from error
            if time.monotonic() >= deadline:
                raise LockedError(
                    f"{path} is held by process {holder['pid']} ({holder['program']}): "
                    f"waited {timeout:.0f} s; stop it, or raise --lock-timeout"
                ) from error
            time.sleep(min(0.5, max(0.01, timeout / 10)))
        except duckdb.ConnectionException as error:
            raise LockedError(f"{path} is held by this very process: close it first") from error


def is_full(error: duckdb.Error) -> bool:
    """Whether it tells of a disk that takes no more; DuckDB has no type of its own for that."""
    return bool(_FULL.search(str(error)))


@contextmanager
def writable(path: Path | None) -> Iterator[None]:
    """Raise `StoreError` where the disk takes no more of what is written inside."""
    try:
        yield
    except duckdb.Error as error:
        if not is_full(error):
            raise
        raise StoreError(
            f"{path} cannot be written ({str(error).splitlines()[0]}): make room there; "
            "what was collected stays, `strays scan --resume` goes on with it"
        ) from error
