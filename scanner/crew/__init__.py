"""Who collects the accounts: threads of this process, several processes, or a cluster.

All of them run the same function for an account (`run_account`) and leave the same shards. A task
holds no credentials: each process finds its own where boto3 looks for them, and assumes the role in
the account itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from scanner import __version__, catalog, cross_check, parts
from scanner.aws import Aws
from scanner.catalog.language import Entry
from scanner.claims.cloudformation import StackReader
from scanner.collect import Collector, Progress, write_unseen
from scanner.config import Config, ScanConfig
from scanner.errors import UsageError
from scanner.grants import scan_grant
from scanner.jobs import Errand, Plan, Reader
from scanner.model import Account, Outcome
from scanner.pace import Pace
from scanner.shards import Work
from scanner.targets import entrance, regions_of_caller
from scanner.work import open_work

TRIES = 3
"""How often an account is begun whose process died."""


More = Callable[[], int]
"""Gives a process further calls of the scan's; 0 where there are none."""


@dataclass(frozen=True)
class Task:
    """What every process is told of a collection: `scan` is the [scan] section as JSON.

    `ends_at` is when it has to end (seconds since 1970). `purse` names where a worker of a cluster
    gets the calls that it may make.
    """

    scan: str
    types: tuple[str, ...]
    work: str
    ends_at: float | None = None
    purse: str | None = None
    version: str = __version__

    @classmethod
    def of(cls, config: ScanConfig, entries: Iterable[Entry], work: Work) -> Task:
        """Return the task of a collection into a work."""
        ends_at = time.time() + 60 * config.max_minutes if config.max_minutes else None
        types = tuple(entry.type for entry in entries)
        return cls(config.model_dump_json(), types, work.address, ends_at)

    @property
    def config(self) -> ScanConfig:
        """The [scan] section."""
        return ScanConfig.model_validate_json(self.scan)

    def limit(self, pace: Pace, more: More | None = None) -> None:
        """Hold a process to the scan's limits; one of several gets its calls by and by."""
        calls = self.config.max_calls
        seconds = None if self.ends_at is None else self.ends_at - time.time()
        if calls is None or more is None:
            pace.limit(calls, seconds)
        else:
            pace.limit(0, seconds, more)

    def plan(self) -> Plan:
        """Return what to do in each account."""
        config = self.config
        everything = catalog.load(all_types=config.all_types)
        entries = [everything.entries[name] for name in self.types]
        grant = scan_grant(config, entries)
        readers: tuple[Reader, ...] = (StackReader(everything),)
        counters = cross_check.readers(config, everything)
        return Plan(
            everything, entries, grant, readers, config.threads, config.bulk_tags, config.hints,
            counters,
        )  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """An account as it was entered, with what it took."""

    account: Account
    cells: int = 0
    calls: int = 0


class Crew(Protocol):
    """Runs a task in each account and yields each as it ends, in any order."""

    def run(self, task: Task, errands: list[Errand], progress: Progress) -> Iterator[Account]:
        """Yield accounts; those with the outcome `ok` have their shard."""


def collect(
    task: Task, errands: Iterable[Errand], work: Work, crew: Crew, progress: Progress, aws: Aws
) -> None:
    """List everything of the task into shards; accounts whose shard is whole are left alone.

    Of an account that a budget cut only what was cut is listed.
    """
    waiting = _waiting(errands, work.names())
    progress.planned(len(waiting))
    begun = {errand.account.account_id for errand in waiting if errand.run > 1}
    closed: list[Account] = []
    regions: set[str] = set()
    for account in crew.run(task, waiting, progress):
        regions.update(account.regions)
        if account.outcome is Outcome.OK or account.account_id in begun:
            progress.account_done(account)
        else:
            closed.append(account)
    if closed:
        known = tuple(sorted(regions)) or regions_of_caller(aws, task.config)
        for account in closed:
            write_unseen(work, task.plan(), replace(account, regions=known))
            progress.account_done(account)


def _waiting(errands: Iterable[Errand], names: set[str]) -> list[Errand]:
    """Return the accounts of which something remains to be done, each with its next run."""
    done, cut = parts.whole(names), parts.cut(names)
    return [
        replace(errand, run=cut[account].run + 1) if account in cut else errand
        for errand in errands
        if (account := errand.account.account_id) not in done
    ]


def make_collector(task: Task, aws: Aws | None = None, more: More | None = None) -> Collector:
    """Return what collects accounts in this process; raises `UsageError` for another's task."""
    if task.version != __version__:
        raise UsageError(
            f"this worker has Strays {__version__}, the collection {task.version}: they must be one"
        )
    config = task.config
    aws = aws or Aws(config.profile, config.threads, lasting=True)
    caller = aws.caller()
    work = open_work(task.work, Config(scan=config))  # whose own calls no budget ends
    task.limit(aws.pace, more)
    return Collector(aws, task.plan(), entrance(aws, config, caller), work)


_making = threading.Lock()


_made: dict[Task, Collector] = {}


def run_account(task: Task, errand: Errand, more: More | None, room: Callable[[], None]) -> Ended:
    """Collect one account in whatever process this is, which keeps its clients for the next.

    `room` is called when the process may take a further account beside those it has.
    """
    with _making:
        if task not in _made:
            _made.clear()
            _made[task] = make_collector(task, more=more)
            _made[task].room.ask = room
        collector = _made[task]
    tally = Tally()
    entered = collector.account(errand, tally)
    return Ended(entered, tally.cells, tally.calls)


class Tally:
    """A progress that only counts."""

    def __init__(self) -> None:
        self.cells = self.calls = 0

    def planned(self, accounts: int) -> None:
        """Count nothing."""

    def entered(self, cells: int) -> None:
        """Count nothing."""

    def done(self, cells: int, calls: int) -> None:
        """Count cells and calls."""
        self.cells += cells
        self.calls += calls

    def account_done(self, account: Account) -> None:
        """Count nothing."""


def told(ended: Ended, progress: Progress) -> Account:
    """Tell a progress of an account that another process has done."""
    progress.entered(ended.cells)
    progress.done(ended.cells, ended.calls)
    return ended.account


def given_up(account: Account) -> Account:
    """Return an account whose process died each time."""
    why = f"the process that listed it died {TRIES} times (out of memory?)"
    return replace(account, outcome=Outcome.FAILED, message=why)
