"""Whose turn it is: jobs of several accounts on a bounded number of threads.

So many jobs are at work at once; one whose thread waits for AWS to let a call go is not counted
(`aside`), and a job whose account, region and service rest is not begun. So an account that AWS
throttles costs the others nothing but a sleeping thread.

The order is that of a lift: all accounts' jobs of one service, then of the next, and an account
that comes later joins where the others are. Connections to a service's hosts are then used again
by the next account (a new one costs as much CPU as three calls).
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from scanner.pace import Key, Pace

UNDER_WAY = 64
"""Accounts under way at the most; one that AWS throttles at every call may hold up no other."""
SLEEPERS = 8
"""Threads for each job at work, for those that wait for their turn at AWS. Once they all wait, an
account may have only so many more of its own that they last for `UNDER_WAY` accounts."""
_TRIED = 20
_SOON = 0.001


@dataclass(frozen=True)
class Job:
    """Something to do for an account in a region with a service."""

    key: Key
    run: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)


class Turns:
    """Runs jobs; `submit` from any thread, `close` when there are no more.

    `idle` is called when there is room for a job, and none of those that are here may begin.
    """

    def __init__(self, threads: int, pace: Pace) -> None:
        self._threads = threads
        self._pace = pace
        self._queues: dict[str, dict[str, deque[Job]]] = defaultdict(dict)
        self._service = ""
        self._begun: Counter[str] = Counter()
        self._asleep: Counter[str] = Counter()
        self._all_asleep = 0
        self._each = max(1, threads // 8)
        self._working = self._returning = 0
        self._changed = threading.Condition()
        self._closed = False
        self._mine = threading.local()
        self.idle: Callable[[], None] = _nothing
        most = threads * (SLEEPERS + 1) + self._each * UNDER_WAY
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="strays")
        threading.Thread(target=self._dispatch, name="strays-turns", daemon=True).start()

    def submit(self, key: Key, run: Callable[[], Any]) -> Future[Any]:
        """Run a job when it is its turn; the future holds what it returns or raises."""
        job = Job(key, run)
        with self._changed:
            self._queues[key.service].setdefault(key.account_id, deque()).append(job)
            if self._free() > 0:
                self._changed.notify_all()
        return job.future

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let another job work while this thread waits; a thread of somebody else just waits."""
        if not getattr(self._mine, "working", False):
            yield
            return
        self._leave()
        try:
            yield
        finally:
            self._come_back()

    def close(self) -> None:
        """Begin no further job; those that wait go on at once and end."""
        with self._changed:
            self._closed = True
            if self._begun.total():
                self._pace.stop()
            for accounts in self._queues.values():
                for job in [job for jobs in accounts.values() for job in jobs]:
                    job.future.cancel()
                    job.future.set_running_or_notify_cancel()  # wakes who waits for it
            self._queues.clear()
            # What it was given still runs: cancelled there, a job would be waited for in vain.
            self._pool.shutdown(wait=False)
            self._changed.notify_all()

    def _leave(self) -> None:
        with self._changed:
            self._working -= 1
            self._asleep[self._mine.account_id] += 1
            self._all_asleep += 1
            self._changed.notify_all()

    def _come_back(self) -> None:
        """Wait for a place at work; who comes back goes before who begins."""
        with self._changed:
            self._returning += 1
            while self._working >= self._threads and not self._closed:
                self._changed.wait()
            self._returning -= 1
            self._working += 1
            self._asleep[self._mine.account_id] -= 1
            self._all_asleep -= 1

    def _dispatch(self) -> None:
        """Begin jobs while there is room; a thread that has done one goes on by itself."""
        told = False
        while True:
            with self._changed:
                if self._closed:
                    return
                idle = self._free() > 0
                job = self._next() if idle else None
                if job is not None:
                    self._working += 1
                    self._begun[job.key.account_id] += 1
                    self._pool.submit(self._work, job)
                elif told or not idle:
                    self._changed.wait(self._pause())
            told = idle and job is None and not told
            if told:
                self.idle()

    def _free(self) -> int:
        """Return how many jobs may begin: who comes back goes first."""
        return self._threads - self._working - self._returning

    def _next(self) -> Job | None:
        """Take the next job that may begin: of this service, else of the next one that has any."""
        names = sorted(self._queues)
        behind = sum(name < self._service for name in names)
        for service in [*names[behind:], *names[:behind]]:
            job = self._of(self._queues[service])
            if not self._queues[service]:
                del self._queues[service]
            if job is not None:
                self._service = service
                return job
        return None

    def _of(self, accounts: dict[str, deque[Job]]) -> Job | None:
        """Take a job of a service; the account it was taken from comes last from now on."""
        for account_id in list(accounts):
            jobs = accounts[account_id]
            if not self._may_begin(account_id):
                continue
            for _ in range(min(len(jobs), _TRIED)):
                job = jobs.popleft()
                if self._pace.rests(job.key) <= _SOON:
                    del accounts[account_id]
                    if jobs:
                        accounts[account_id] = jobs
                    return job
                jobs.append(job)
        return None

    def _may_begin(self, account_id: str) -> bool:
        crowded = self._all_asleep >= self._threads * SLEEPERS
        most = self._each if crowded else self._threads
        return self._begun[account_id] < self._threads and self._asleep[account_id] < most

    def _pause(self) -> float | None:
        """Return for how long nothing can begin, unless something changes."""
        if self._free() <= 0 or not self._queues:
            return None
        resting = (
            self._pace.rests(job.key)
            for accounts in self._queues.values()
            for jobs in accounts.values()
            for job in list(jobs)[:_TRIED]
        )
        return max(_SOON, min(resting, default=_SOON))

    def _work(self, begun: Job) -> None:
        """Run a job, and then others while it is this thread's turn."""
        job: Job | None = begun
        self._mine.working = True
        while job is not None:
            self._mine.account_id = job.key.account_id
            _run(job)
            with self._changed:
                self._begun[job.key.account_id] -= 1
                job = None if self._closed or self._free() < 0 else self._next()
                if job is None:
                    self._working -= 1
                    self._changed.notify_all()
                else:
                    self._begun[job.key.account_id] += 1
        self._mine.working = False


def _nothing() -> None:
    """Nobody wants to know."""


def _run(job: Job) -> None:
    if not job.future.set_running_or_notify_cancel():
        return
    try:
        job.future.set_result(job.run())
    except BaseException as error:  # noqa: BLE001 (an executor hands it on: `result` raises it)
        job.future.set_exception(error)
