"""Bounds around a query that is not ours: its time, and the memory of the process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Interruptible(Protocol):
    """What a watch can stop: a DuckDB connection."""

    def interrupt(self) -> None:
        """Stop what is running; nothing where nothing is."""


class Watch:
    """Interrupts a connection when its time is over, and again until it has stopped."""

    def __init__(self, connection: Interruptible, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="query watch", daemon=True)
        self.fired = False

    def _look(self) -> None:
        wait = self._seconds
        while not self._over.wait(wait):
            self.fired = True
            self._connection.interrupt()
            wait = 0.1

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


@contextmanager
def address_space(more: int) -> Iterator[None]:
    """Let this process take only so many more bytes, where the system can tell and do that.

    DuckDB's own limit does not hold for a single long value: with 256 MB allowed,
    `SELECT len(repeat('x', 1000000000))` took 2 GB.
    """
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + more
    bounds = [bound for bound in (wanted, soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
