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

SLEEPERS = 16
"""Threads for each job at work: those that wait for their turn at AWS need one too."""
_TRIED = 20
_SOON = 0.001


@dataclass(frozen=True)
class Job:
    """Something to do for an account in a region with a service."""

    key: Key
    run: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)


class Turns:
    """Runs jobs; `submit` from any thread, `close` when there are no more."""

    def __init__(self, threads: int, pace: Pace) -> None:
        self._threads = threads
        self._pace = pace
        self._queues: dict[str, dict[str, deque[Job]]] = defaultdict(dict)
        self._service = ""
        self._begun: Counter[str] = Counter()
        self._working = self._returning = 0
        self._changed = threading.Condition()
        self._closed = False
        self._mine = threading.local()
        self._pool = ThreadPoolExecutor(threads * SLEEPERS, thread_name_prefix="strays")
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
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._changed.notify_all()

    def _leave(self) -> None:
        with self._changed:
            self._working -= 1
            self._changed.notify_all()

    def _come_back(self) -> None:
        """Wait for a place at work; who comes back goes before who begins."""
        with self._changed:
            self._returning += 1
            while self._working >= self._threads and not self._closed:
                self._changed.wait()
            self._returning -= 1
            self._working += 1

    def _dispatch(self) -> None:
        """Begin jobs while there is room; a thread that has done one goes on by itself."""
        while True:
            with self._changed:
                if self._closed:
                    return
                job = self._next() if self._free() > 0 else None
                if job is None:
                    self._changed.wait(self._pause())
                else:
                    self._working += 1
                    self._begun[job.key.account_id] += 1
                    self._pool.submit(self._work, job)

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
            if self._begun[account_id] >= self._threads:
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


def _run(job: Job) -> None:
    if not job.future.set_running_or_notify_cancel():
        return
    try:
        job.future.set_result(job.run())
    except BaseException as error:  # noqa: BLE001 (raised again by whoever wants the result)
        job.future.set_exception(error)
