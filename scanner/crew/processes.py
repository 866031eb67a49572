"""Several processes of this machine: one a core, since a core makes about 1,000 calls a second.

The standard library's pool gives everything up where one process is killed (4,598 of 5,000 tasks in
`benchmarks`); here another one takes over what the dead one had under way.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from scanner.budget import portions
from scanner.collect import Progress
from scanner.crew import TRIES, Ended, Task, given_up, told
from scanner.crew.worker import Message, Wish, work
from scanner.errors import StraysError
from scanner.jobs import Errand
from scanner.model import Account
from scanner.room import ACCOUNTS_AT_ONCE

log = logging.getLogger(__name__)
WORTHWHILE = 8
"""From so many accounts on, what a process costs (a second, 150 MB) is won back."""


@cache
def _context() -> Any:
    """Return how processes are made: forked from one that has loaded everything and runs nothing.

    A fork of this one would copy locks that its threads hold; a bare start imports for a second.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scanner.crew.warm"])
    return context


def default_processes(accounts: int) -> int:
    """Return how many processes so many accounts are worth: a core each for many, else this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) if accounts >= WORTHWHILE else 1


@dataclass
class _Worker:
    """A process, the pipe to it, the accounts it was given and has not ended, its wish for more."""

    process: BaseProcess
    pipe: Connection
    under_way: dict[str, Errand] = field(default_factory=dict)
    wishes: bool = False

    @property
    def hungry(self) -> bool:
        """Whether it may be given an account."""
        return self.wishes or len(self.under_way) < ACCOUNTS_AT_ONCE

    @classmethod
    def start(cls, task: Task) -> _Worker:
        here, there = _context().Pipe()
        level = logging.getLogger().getEffectiveLevel()
        process = _context().Process(target=work, args=(there, task, level), daemon=True)
        process.start()
        there.close()
        return cls(process, here)

    def give(self, errand: Errand) -> bool:
        """Hand an account over; False where the process is gone."""
        self.under_way[errand.account.account_id] = errand
        self.wishes = False
        try:
            self.pipe.send(errand)
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End the process at once; what it had under way is lost with it."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


class Processes:
    """A crew of so many processes."""

    def __init__(self, count: int) -> None:
        self._count = count

    def run(self, task: Task, errands: list[Errand], progress: Progress) -> Iterator[Account]:
        """Yield accounts as their shards are written; raises what ended a process's work."""
        count = min(self._count, len(errands))
        shift = _Shift(task, deque(errands), portions(task.config.max_calls or 0, max(count, 1)))
        workers = [_Worker.start(task) for _ in range(count)]
        try:
            while workers := [worker for worker in workers if shift.supply(worker)]:
                ready = wait([worker.pipe for worker in workers])
                for worker in [each for each in workers if each.pipe in ready]:
                    try:
                        message: Message = worker.pipe.recv()
                        if message is Wish.CALLS:
                            worker.pipe.send(next(shift.calls, 0))
                        elif message is Wish.ACCOUNT:
                            worker.wishes = True
                        else:
                            yield shift.ended(worker, message, progress)
                    except (EOFError, OSError):
                        yield from shift.lost(worker)
                        workers.remove(worker)
                        if shift.waiting:
                            workers.append(_Worker.start(task))
        finally:
            for worker in workers:
                worker.stop()


@dataclass
class _Shift:
    """What is still to be done, and what was under way in a process that died."""

    task: Task
    waiting: deque[Errand]
    calls: Iterator[int]
    deaths: Counter[str] = field(default_factory=Counter)

    def supply(self, worker: _Worker) -> bool:
        """Give a worker accounts; False where it has nothing more to do (it is then stopped).

        An account whose process died goes to a process of its own, so that it takes no other along.
        """
        while self.waiting and worker.hungry:
            suspect = bool(self.deaths[self.waiting[0].account.account_id])
            alone = any(self.deaths[name] for name in worker.under_way)
            if alone or (suspect and worker.under_way):
                break
            if not worker.give(self.waiting.popleft()):
                break  # its pipe will say that it is gone
        if not worker.under_way:
            worker.stop()
        return bool(worker.under_way)

    def ended(
        self, worker: _Worker, message: Ended | StraysError | str, progress: Progress
    ) -> Account:
        """Return an account that has ended; raises what ended the worker instead."""
        if isinstance(message, StraysError):
            raise message
        if isinstance(message, str):
            raise RuntimeError(f"a process of the collection crashed:\n{message}")
        del worker.under_way[message.account.account_id]
        return told(message, progress)

    def lost(self, worker: _Worker) -> Iterator[Account]:
        """Take back what a dead worker had under way; yield what has killed too many."""
        worker.stop()
        log.warning(
            "a process of the collection died (exit code %s): its %d accounts begin anew",
            worker.process.exitcode, len(worker.under_way),
        )  # fmt: skip
        for name, errand in worker.under_way.items():
            self.deaths[name] += 1
            if self.deaths[name] < TRIES:
                self.waiting.append(errand)
            else:
                yield given_up(errand.account)
