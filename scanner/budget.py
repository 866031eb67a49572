"""What a scan may spend: calls and minutes; and how several processes share its calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

_PART = 8


class Budget:
    """Counts calls and says when a limit is reached; `take` under a lock of the caller's."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._most: int | None = None
        self._ends: float | None = None
        self._more: Callable[[], int] | None = None
        self.calls = 0

    def limit(
        self,
        calls: int | None = None,
        seconds: float | None = None,
        more: Callable[[], int] | None = None,
    ) -> None:
        """Allow so many further calls, and none after so many seconds; None: no limit.

        Where they are used up, `more` is asked for what else this process may make; 0: nothing.
        """
        self._most = None if calls is None else self.calls + calls
        self._ends = None if seconds is None else self._clock() + seconds
        self._more = more

    def take(self) -> str | None:
        """Count a call; where a limit is reached return which instead."""
        if self._more and self._most is not None and self.calls >= self._most:
            got = self._more()
            self._most += got
            self._more = self._more if got else None
        if limit := self.reached():
            return limit
        self.calls += 1
        return None

    def reached(self) -> str | None:
        """Return the limit that is reached, None where there may be calls left."""
        if self._most is not None and self.calls >= self._most and self._more is None:
            return "--max-calls"
        return "--max-minutes" if self.ends_within(0.0) else None

    def ends_within(self, seconds: float) -> bool:
        """Whether the minutes are over before so many seconds are."""
        return self._ends is not None and self._ends - self._clock() <= seconds


def portions(calls: int, takers: int) -> Iterator[int]:
    """Yield what `calls` are handed out in: much at first, at last one by one.

    Each is an eighth of an even share of what is left, so that at the end no taker holds much that
    another one lacks. Together they are `calls`.
    """
    while calls:
        portion = max(1, calls // (_PART * takers))
        yield portion
        calls -= portion
