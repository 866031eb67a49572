"""Runs catalog entries against targets -> resources, links, coverage, in shards.

A task is an account: its families run on a pool of threads, and when the last one is done its
shard is written whole. What else is read per account (stacks) comes in as further `Reader`s.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

from scanner.aws import GLOBAL_REGIONS, Aws, Grant, Place
from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.clock import utc_now
from scanner.listing import Listed, Lister
from scanner.model import GLOBAL, Account, Coverage, Outcome
from scanner.shards import Work
from scanner.tagging import BulkTags
from scanner.targets import Targets

log = logging.getLogger(__name__)

Rows = dict[str, list[Any]]
Job = Callable[[], Rows]


class Reader(Protocol):
    """Reads more rows of one account and region (claims of stacks, say)."""

    def __call__(self, aws: Aws, account: Account, place: Place) -> Rows: ...


class Progress(Protocol):
    """Told how a collection goes; the command line draws it."""

    def planned(self, accounts: int, cells: int) -> None:
        """Say how much there is to do."""

    def done(self, cells: int, calls: int) -> None:
        """Say that so many more cells are done, and how many calls were made so far."""

    def account_done(self, account: Account) -> None:
        """Say that an account's shard is written."""


@dataclass
class Plan:
    """What a collection does: which entries where, under which grant."""

    targets: Targets
    catalog: Catalog
    entries: list[Entry]
    grant: Grant
    readers: tuple[Reader, ...] = ()
    threads: int = 32
    bulk_tags: bool = False

    @property
    def roots(self) -> list[Entry]:
        """The entries that are listed first; their children follow them."""
        return [entry for entry in self.entries if entry.parent is None]

    def cells(self, account: Account) -> int:
        """Return the number of cells of an account."""
        return sum(1 if e.scope == "global" else len(account.regions) for e in self.entries)


@dataclass
class _Open:
    """An account under way: its rows so far and the jobs still out."""

    account: Account
    rows: Rows = field(default_factory=dict)
    waiting: int = 0

    def add(self, rows: Rows) -> None:
        for table, found in rows.items():
            self.rows.setdefault(table, []).extend(found)


def collect(aws: Aws, plan: Plan, work: Work, progress: Progress) -> None:
    """List everything of the plan into shards; accounts whose shard is whole are left alone."""
    done = work.done()
    accounts = [a for a in plan.targets.accounts if a.account_id not in done]
    progress.planned(len(accounts), sum(plan.cells(account) for account in accounts))
    under_way: dict[Future[Rows], _Open] = {}
    with ThreadPoolExecutor(plan.threads, thread_name_prefix="strays") as pool:
        try:
            for account in accounts:
                opened = _Open(account)
                for job in _jobs(aws, plan, account):
                    under_way[pool.submit(job)] = opened
                    opened.waiting += 1
                while len(under_way) > 8 * plan.threads:
                    _settle(aws, under_way, work, progress)
            while under_way:
                _settle(aws, under_way, work, progress)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _settle(aws: Aws, under_way: dict[Future[Rows], _Open], work: Work, progress: Progress) -> None:
    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
    for future in finished:
        opened = under_way.pop(future)
        rows = future.result()
        opened.add(rows)
        opened.waiting -= 1
        progress.done(len(rows.get("coverage", ())), aws.calls)
        if opened.waiting == 0:
            opened.add({"account": [opened.account]})
            work.write(opened.account.account_id, opened.rows)
            progress.account_done(opened.account)


def _jobs(aws: Aws, plan: Plan, account: Account) -> Iterator[Job]:
    if account.account_id not in plan.targets.credentials:
        yield lambda: {"coverage": list(_unseen(plan.entries, account))}
        return
    wanted = frozenset(entry.type for entry in plan.entries)
    tags = BulkTags(aws, plan.catalog, plan.entries, account) if plan.bulk_tags else None
    for root in plan.roots:
        for place, label in _places(plan, account, root):
            lister = Lister(aws, plan.catalog, wanted, account, place, label, tags)
            yield _family(lister, root)
    for reader in plan.readers:
        for region in account.regions:
            yield _reading(reader, aws, account, _place(plan, account, region))


def _family(lister: Lister, root: Entry) -> Job:
    def run() -> Rows:
        listed: Listed = lister.family(root)
        return {"resource": listed.resources, "link": listed.links, "coverage": listed.coverage}

    return run


def _reading(reader: Reader, aws: Aws, account: Account, place: Place) -> Job:
    return lambda: reader(aws, account, place)


def _places(plan: Plan, account: Account, root: Entry) -> Iterator[tuple[Place, str]]:
    if root.scope == "global":
        home = root.home or GLOBAL_REGIONS[account.partition]
        yield _place(plan, account, home), GLOBAL
        return
    for region in account.regions:
        yield _place(plan, account, region), region


def _place(plan: Plan, account: Account, region: str) -> Place:
    credentials = plan.targets.credentials[account.account_id]
    return Place(account.account_id, region, credentials, plan.grant)


def _unseen(entries: Iterable[Entry], account: Account) -> Iterator[Coverage]:
    """Yield the cells of an account that could not be entered: denied is not empty."""
    for entry in entries:
        for region in [GLOBAL] if entry.scope == "global" else account.regions:
            yield Coverage(
                account.account_id, region, entry.type, entry.service, Outcome(account.outcome),
                "NotEntered", account.message, 0, 0, utc_now(),
            )  # fmt: skip
