"""Whether a process may take in a further account beside those it has under way.

Eight accounts keep a process busy unless AWS makes them wait: eight that are throttled at every
call would hold up all that come after them. So whenever there is room for a job and none may begin,
one more account is asked for. What bounds them is memory: an account's rows are held until its
shard is written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scanner.turns import UNDER_WAY

ACCOUNTS_AT_ONCE = 8
"""Accounts that are under way in a process in any case, and how many may be entered at once."""
ROWS = 50_000
"""Rows held from which on no further account is asked for: 100 to 200 MB."""


class Room:
    """Counts the accounts under way; `ask`, where it is set, is called when one more may come."""

    def __init__(self) -> None:
        self.ask: Callable[[], None] | None = None
        self._accounts: set[Held] = set()
        self._asked = False
        self._lock = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[Held]:
        """Count an account as under way, inside the `with`."""
        held = Held()
        with self._lock:
            self._accounts.add(held)
            self._asked = False
        try:
            yield held
        finally:
            with self._lock:
                self._accounts.remove(held)

    def idle(self) -> None:
        """Ask for an account, if there is room and none was asked for that has not come yet."""
        with self._lock:
            if self.ask is None or self._asked or not self._has_room():
                return
            self._asked = True
        self.ask()

    def _has_room(self) -> bool:
        entering = sum(held.entering for held in self._accounts)
        rows = sum(held.count for held in self._accounts)
        return entering < ACCOUNTS_AT_ONCE and len(self._accounts) < UNDER_WAY and rows < ROWS


class Held:
    """What is held of an account under way."""

    def __init__(self) -> None:
        self.entering = True
        self.count = 0

    def entered(self) -> None:
        """Say that its jobs are there."""
        self.entering = False

    def rows(self, more: int) -> None:
        """Say that so many more rows wait to be written."""
        self.count += more
