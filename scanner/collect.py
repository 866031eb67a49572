"""Runs catalog entries in one account at a time -> resources, links, coverage, as one shard.

A task is an account: it is entered, its families run on a pool of threads, and when the last one is
done its shard is written whole and its rows are freed. What else is read per account (stacks) comes
in as further `Reader`s. Who runs which account is the business of `scanner/crew`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import as_completed
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from scanner.aws import Aws
from scanner.catalog.language import Entry
from scanner.clock import utc_now
from scanner.counts import unchanged
from scanner.jobs import Errand, Job, Plan, Reader, Rows, families, readings
from scanner.model import GLOBAL, Account, Coverage, Outcome
from scanner.pace import code_of
from scanner.parts import Part
from scanner.room import Held, Room
from scanner.shard_files import Cut, Left
from scanner.shards import Work
from scanner.targets import Entrance
from scanner.turns import Turns

if TYPE_CHECKING:
    from botocore.credentials import Credentials


class Progress(Protocol):
    """Told how a collection goes; the command line draws it."""

    def planned(self, accounts: int) -> None:
        """Say how many accounts there are to do."""

    def entered(self, cells: int) -> None:
        """Say that an account is entered, which has so many cells."""

    def done(self, cells: int, calls: int) -> None:
        """Say that so many more cells are done and so many more calls made."""

    def account_done(self, account: Account) -> None:
        """Say that an account's shard is written."""


class Collector:
    """Collects accounts into a work's shards; several threads may each ask for one at a time."""

    def __init__(self, aws: Aws, plan: Plan, enter: Entrance, work: Work) -> None:
        self._aws = aws
        self._plan = plan
        self._enter = enter
        self._work = work
        self._turns = Turns(plan.threads, aws.pace)
        aws.pace.aside = self._turns.aside
        self.room = Room()
        self._turns.idle = self.room.idle
        self._counted = 0
        self._lock = threading.Lock()

    def account(self, errand: Errand, progress: Progress) -> Account:
        """List an account into its shard, unless that is there, and return it as it was entered.

        One that cannot be entered gets no shard here: its cells are those of the others' regions,
        which whoever has seen all accounts knows (`write_unseen`).
        """
        with self.room.taken() as held:
            if self._work.has(errand.account.account_id, errand.run):
                return errand.account
            return self._account(errand, progress, held)

    def _account(self, errand: Errand, progress: Progress, held: Held) -> Account:
        account, credentials = self._enter(errand.account)
        if credentials is None:
            return account
        errand, found = replace(errand, account=account), _Found(held)
        readers = self._plan.readers
        if errand.fresh and errand.run == 1:
            self._run(self._reading(errand, credentials, self._plan.counters), found, progress)
            counted = found.whole.get("cross_check", ())
            errand = replace(errand, fresh=unchanged(errand.fresh, errand.counts, counted))
        else:
            readers = (*readers, *self._plan.counters)
        listing = families(self._aws, self._plan, errand, credentials)
        jobs = [*listing, *self._reading(errand, credentials, readers)]
        left = self._left(errand)
        jobs = [job for job in jobs if left is None or job.what in left]
        progress.entered(sum(job.cells for job in jobs))
        self._run(jobs, found, progress)
        self._write(errand, found)
        self._aws.forget(account.account_id)
        return account

    def _reading(
        self, errand: Errand, credentials: Credentials, readers: Iterable[Reader]
    ) -> list[Job]:
        return list(readings(self._aws, self._plan, errand.account, credentials, readers))

    def _left(self, errand: Errand) -> Left:
        if errand.run == 1:
            return None
        before = Part(errand.account.account_id, errand.run - 1, cut=True)
        return self._work.left(before.name)

    def _run(self, jobs: list[Job], found: _Found, progress: Progress) -> None:
        """Run jobs; what the budget cut goes apart from what was seen whole."""
        futures = {self._turns.submit(job.key, self._told(job)): job for job in jobs}
        found.held.entered()
        for future in as_completed(futures):
            rows, cut = future.result()
            found.add(futures.pop(future), rows, cut)
            progress.done(len(rows.get("coverage", ())), self.new_calls())

    def _told(self, job: Job) -> Callable[[], tuple[Rows, bool]]:
        """Return a job that tells beside its rows whether the budget refused it any call."""

        def run() -> tuple[Rows, bool]:
            before = self._aws.pace.refusals()
            rows = job.run()
            return rows, self._aws.pace.refusals() > before

        return run

    def _write(self, errand: Errand, found: _Found) -> None:
        account = errand.account
        part = Part(account.account_id, errand.run, cut=bool(found.left))
        (found.cut if part.cut else found.whole)["account"] = [account]
        cut = Cut(found.cut, frozenset(found.left)) if part.cut else None
        self._work.write(part.name, found.whole, cut)

    def new_calls(self) -> int:
        """Return how many calls were made since this was last asked."""
        with self._lock:
            before, self._counted = self._counted, self._aws.calls
            return self._counted - before

    def close(self) -> None:
        """Begin no further job; those under way end by themselves."""
        self._turns.close()
        self._aws.pace.limit()


def write_unseen(work: Work, plan: Plan, account: Account) -> None:
    """Write the shard of an account that was not entered: denied is not empty.

    One that the budget kept from being entered is still to do.
    """
    rows: Rows = {"account": [account], "coverage": list(_unseen(plan.entries, account))}
    if account.outcome is Outcome.UNTRIED:
        work.write(Part(account.account_id, cut=True).name, {}, Cut(rows, None))
    else:
        work.write(account.account_id, rows)


def _unseen(entries: Iterable[Entry], account: Account) -> Iterator[Coverage]:
    for entry in entries:
        for region in [GLOBAL] if entry.scope == "global" else account.regions:
            yield Coverage(
                account.account_id, region, entry.type, entry.service, Outcome(account.outcome),
                code_of(account.message, "NotEntered"), account.message, 0, 0, utc_now(),
            )  # fmt: skip


@dataclass
class _Found:
    """The rows of an account's jobs: of those that ran whole, and of those left to do."""

    held: Held
    whole: Rows = field(default_factory=dict)
    cut: Rows = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)

    def add(self, job: Job, rows: Rows, cut: bool) -> None:
        """Take a job's rows in."""
        into = self.cut if cut else self.whole
        for table, more in rows.items():
            into.setdefault(table, []).extend(more)
            self.held.rows(len(more))
        if cut:
            self.left.append(job.what)
