"""One scan of a database at a time: a second one stops at once and names the first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from scanner.errors import LockedError, StoreError


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the lock of a work folder; raises `LockedError` where another scan holds it.

    The operating system lets go of it when the process ends, however it ends. Where it has no such
    locks (Windows), the database's own lock must do.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    path = folder / "running"
    while True:
        with _opened(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _held(file) from error
            if not _same(file, path):
                continue  # its last holder has just removed it
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _held(file: IO[str]) -> LockedError:
    file.seek(0)
    return LockedError(
        "another scan of this database is running (process"
        f" {file.read().strip() or 'unknown'}): wait for it, or stop it"
    )


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="ascii")
    except OSError as error:
        raise StoreError(
            f"no work folder can be made at {path.parent} ({error.strerror}): "
            "choose a folder you may write to (--db, --work)"
        ) from error


def _same(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
