"""When a call is made again.

botocore is told to try once: its own token bucket would be shared by all accounts, so that one
throttled account starved the rest. Here each (account, region, service) backs off alone
(`scanner/pace.py`).
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from scanner.failures import CALL_ERRORS, LacksOperationError, is_page, retryable
from scanner.model import Outcome
from scanner.pace import Pace, Where

jitter = random.Random()  # noqa: S311 (no secret)
"""Its own: who seeds Python's for all (a test's strategies) is not disturbed by our threads."""


class Retry:
    """Runs one call at its pace, again where that helps.

    A throttled (account, region, service) rests for all its callers, and is tried once a call when
    it has refused several for good. A server's fault is tried again by its own call alone, and no
    longer once the operation has failed several calls, of all accounts or of one region's, since
    it last answered there: it is not a passing fault then.
    """

    def __init__(
        self,
        pace: Pace | None = None,
        throttle_tries: int = 8,
        other_tries: int = 3,
        hopeless: int = 3,
    ) -> None:
        self._pace = pace or Pace()
        self._tries = {Outcome.THROTTLED: throttle_tries, Outcome.FAILED: other_tries}
        self._hopeless = hopeless
        self._lacking: Counter[tuple[str, str]] = Counter()
        self._given_up: Counter[tuple[str, ...]] = Counter()
        self._lock = threading.Lock()

    def run(
        self, where: Where, attempt: Callable[[], dict[str, Any]], *, limited: bool = True
    ) -> dict[str, Any]:
        """Return the attempt's answer; raises its last error."""
        tried = 0
        if self._lacking and self._lacking[where.service, where.operation] >= self._hopeless:
            raise LacksOperationError(operation=where.operation)
        while True:
            self._pace.take(where, limited=limited)
            try:
                answer = attempt()
            except CALL_ERRORS as error:
                tried += 1
                kind = retryable(error)
                if is_page(error):
                    self._lacking[where.service, where.operation] += 1
                last = tried >= self._allowed(where, kind)
                self._slow_down(where, kind, tried, last=last)
                if last:
                    raise
            else:
                self._answered(where)
                return answer

    def _answered(self, where: Where) -> None:
        """Let go of what was held against a place and an operation that answer."""
        self._pace.answered(where)
        if self._given_up or self._lacking:
            with self._lock:  # `forget` goes through these keys
                for key in (where.key, *_places(where)):
                    self._given_up.pop(key, None)
                self._lacking.pop((where.service, where.operation), None)

    def forget(self, account_id: str) -> None:
        """Drop what is known of an account that is done."""
        self._pace.forget(account_id)
        with self._lock:
            for key in [key for key in self._given_up if key[0] == account_id]:
                del self._given_up[key]

    def _allowed(self, where: Where, kind: Outcome | None) -> int:
        if kind is None:
            return 1
        given_up = (self._given_up[key] for key in _patient(where, kind))
        return 1 if max(given_up) >= self._hopeless else self._tries[kind]

    def _slow_down(self, where: Where, kind: Outcome | None, tried: int, *, last: bool) -> None:
        """Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)."""
        if kind is None:
            return
        delay = jitter.uniform(0.05, min(20.0, 0.2 * 2**tried))
        if kind is Outcome.THROTTLED:
            self._pace.throttled(where, delay)
        elif not last:
            self._pace.wait(where, delay)
        if last:
            with self._lock:
                self._given_up.update(_patient(where, kind))


def _patient(where: Where, kind: Outcome) -> tuple[tuple[str, ...], ...]:
    """Return whose patience a given-up call costs: the throttled place's, or the operation's."""
    return (where.key,) if kind is Outcome.THROTTLED else _places(where)


def _places(where: Where) -> tuple[tuple[str, ...], ...]:
    """Return where an operation may be broken: everywhere, or in a region that answers nobody."""
    operation = (where.service, where.operation)
    return operation, (*operation, where.region)
