"""How fast AWS is asked, and when no more: token buckets, pauses, the budget of a scan.

A bucket is of one account, region and service, since that is how AWS counts
(https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html): one that AWS throttles
halves its rate and pauses alone, and a hundred answered calls bring the rate back. Where a call has
to wait, its thread steps aside (`aside`), so that the wait costs the others nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from scanner.budget import Budget
from scanner.errors import CallError
from scanner.model import Outcome

SPENT = "BudgetSpent"
"""The error code of cells that were cut, or never tried, by the budget."""

_LEAST = 1 / 64
_RESTORED = 1 / 100
_REFUSAL = 1.0


class Key(NamedTuple):
    """What AWS counts calls by."""

    account_id: str
    region: str
    service: str


class Where(NamedTuple):
    """What a call is, and where it goes."""

    account_id: str
    region: str
    service: str
    operation: str

    @property
    def key(self) -> Key:
        """What AWS counts it by."""
        return Key(self.account_id, self.region, self.service)


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls a second, and how many may go at once; what AWS publishes, and where."""

    per_second: float
    burst: float
    published: str | None = None
    source: str | None = None


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rates of `rates.yaml`."""

    default: Rate
    services: dict[str, Rate]

    def of(self, service: str) -> Rate:
        """Return the rate of a service."""
        return self.services.get(service, self.default)


@cache
def rates() -> Rates:
    """Return the rates that ship with Strays."""
    return msgspec.yaml.decode((Path(__file__).parent / "rates.yaml").read_bytes(), type=Rates)


class _Bucket:
    """The calls of one account, region and service.

    `due` is when a full bucket's tokens would be used up: a call may go `burst` tokens before it
    (the generic cell rate algorithm: no timer refills anything).
    """

    __slots__ = ("burst", "due", "full", "halved_at", "per_second")

    def __init__(self, rate: Rate) -> None:
        self.full = self.per_second = rate.per_second
        self.burst = rate.burst
        self.due = self.halved_at = 0.0

    def take(self, now: float) -> float:
        """Take a token and return when it may be used."""
        slack = (self.burst - 1) / self.per_second
        at = max(now, self.due - slack)
        self.due = max(now, self.due) + 1 / self.per_second
        return at

    def throttled(self, now: float, until: float) -> None:
        """Halve the rate, and let nothing go before `until`, nor much at once then.

        Calls that were under way together are refused together: that is one refusal.
        """
        if now - self.halved_at >= _REFUSAL:
            self.per_second = max(self.full * _LEAST, self.per_second / 2)
            self.halved_at = now
        self.due = max(self.due, until + (self.burst - 1) / self.per_second)

    def answered(self) -> None:
        if self.per_second < self.full:
            self.per_second = min(self.full, self.per_second + self.full * _RESTORED)


class Pace:
    """Lets calls go at their rates, within the limits that are set."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._budget = Budget(clock)
        self._buckets: dict[Key, _Bucket] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._here = threading.local()
        self.aside: Callable[[], AbstractContextManager[Any]] = nullcontext

    @property
    def calls(self) -> int:
        """How many calls went so far."""
        return self._budget.calls

    def limit(
        self,
        calls: int | None = None,
        seconds: float | None = None,
        more: Callable[[], int] | None = None,
    ) -> None:
        """Let so many further calls go, and none after so many seconds (`Budget.limit`)."""
        with self._lock:
            self._budget.limit(calls, seconds, more)

    def refusals(self) -> int:
        """Return how many calls of this thread were refused so far because a limit was reached."""
        found: int = getattr(self._here, "refusals", 0)
        return found

    def take(self, where: Where, *, limited: bool = True) -> None:
        """Return when the call may go; raises `CallError` where a limit is reached.

        Without `limited` (an endpoint of one's own) only throttling slows a bucket.
        """
        with self._lock:
            self._spend(where)
            bucket = self._buckets.get(where.key)
            if bucket is None:
                if not limited:
                    return
                bucket = self._buckets[where.key] = _Bucket(rates().of(where.service))
            now = self._clock()
            at = bucket.take(now)
        if at > now:
            self.wait(where, at - now)

    def wait(self, where: Where, seconds: float) -> None:
        """Step aside for so long; raises `CallError` where the time ends before that."""
        if self._budget.ends_within(seconds):
            raise self._spent(where, "--max-minutes")
        with self.aside():
            self._stopped.wait(seconds)

    @contextmanager
    def holding(self, lock: threading.Lock) -> Iterator[None]:
        """Hold a lock; step aside while another thread has it."""
        if not lock.acquire(blocking=False):
            with self.aside():
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def throttled(self, where: Where, seconds: float) -> None:
        """Slow a bucket down that AWS throttled, and let it rest for so many seconds."""
        with self._lock:
            bucket = self._buckets.get(where.key)
            if bucket is None:
                bucket = self._buckets[where.key] = _Bucket(rates().of(where.service))
            now = self._clock()
            bucket.throttled(now, now + seconds)

    def answered(self, where: Where) -> None:
        """Speed a bucket up again, by a hundredth of its rate."""
        bucket = self._buckets.get(where.key)
        if bucket is not None and bucket.per_second < bucket.full:
            with self._lock:
                bucket.answered()

    def rests(self, key: Key) -> float:
        """Return for how many seconds an account, region and service rest; 0 where a call may go.

        Once a limit is reached nothing rests: what is left is told at once that it is not asked.
        """
        bucket = self._buckets.get(key)
        if bucket is None or self._reached():
            return 0.0
        return max(0.0, bucket.due - (bucket.burst - 1) / bucket.per_second - self._clock())

    def forget(self, account_id: str) -> None:
        """Drop the buckets of an account that is done: ten thousand accounts have millions."""
        with self._lock:
            for key in [key for key in self._buckets if key.account_id == account_id]:
                del self._buckets[key]

    def stop(self) -> None:
        """End every wait and let nothing more go: nobody needs the answers any more."""
        self._stopped.set()

    def _reached(self) -> str | None:
        return "the end of the scan" if self._stopped.is_set() else self._budget.reached()

    def _spend(self, where: Where) -> None:
        if self._stopped.is_set():
            raise self._spent(where, "the end of the scan")
        if limit := self._budget.take():
            raise self._spent(where, limit)

    def _spent(self, where: Where, limit: str) -> CallError:
        self._here.refusals = self.refusals() + 1
        text = f"{where.service}:{where.operation} was not asked: {SPENT}, {limit} is reached"
        return CallError(text, Outcome.UNTRIED, SPENT)


def code_of(message: str | None, otherwise: str) -> str:
    """Return the error code of what was not entered: `BudgetSpent` where that was why."""
    return SPENT if SPENT in (message or "") else otherwise
