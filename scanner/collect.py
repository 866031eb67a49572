"""Runs catalog entries in one account at a time -> resources, links, coverage, as one shard.

A task is an account: it is entered, its families run on a pool of threads, and when the last one is
done its shard is written whole and its rows are freed. What else is read per account (stacks) comes
in as further `Reader`s. Who runs which account is the business of `scanner/crew`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from scanner.aws import GLOBAL_REGIONS, Aws, Grant, Place
from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.clock import utc_now
from scanner.documents import region_of
from scanner.hints import Hints
from scanner.listing import Listed, Lister
from scanner.model import GLOBAL, Account, Coverage, Outcome
from scanner.pace import Key, code_of
from scanner.shards import Work
from scanner.tagging import BulkTags
from scanner.targets import Entrance
from scanner.turns import Turns

if TYPE_CHECKING:
    from botocore.credentials import Credentials

Rows = dict[str, list[Any]]
Job = Callable[[], Rows]


class Reader(Protocol):
    """Reads more rows of one account and region from a service (claims of stacks, say)."""

    @property
    def service(self) -> str:
        """The service that is asked."""

    def __call__(self, aws: Aws, account: Account, place: Place) -> Rows: ...


@dataclass(frozen=True)
class Errand:
    """An account to list, but for what is `fresh`: region -> the types that need no look there."""

    account: Account
    fresh: Mapping[str, frozenset[str]] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Plan:
    """What a collection does in each account: which entries, under which grant."""

    catalog: Catalog
    entries: list[Entry]
    grant: Grant
    readers: tuple[Reader, ...] = ()
    threads: int = 32
    bulk_tags: bool = False
    hints: bool = False

    @property
    def roots(self) -> list[Entry]:
        """The entries that are listed first; their children follow them."""
        return [entry for entry in self.entries if entry.parent is None]

    def family(self, root: Entry) -> list[Entry]:
        """Return a root with all that is listed under it and is wanted."""
        wanted = {entry.type for entry in self.entries}
        found = [root]
        for entry in found:
            found += [c for c in self.catalog.children.get(entry.type, ()) if c.type in wanted]
        return found


class Collector:
    """Collects accounts into a work's shards; several threads may each ask for one at a time."""

    def __init__(self, aws: Aws, plan: Plan, enter: Entrance, work: Work) -> None:
        self._aws = aws
        self._plan = plan
        self._enter = enter
        self._work = work
        self._turns = Turns(plan.threads, aws.pace)
        aws.pace.aside = self._turns.aside
        self._told = 0
        self._lock = threading.Lock()

    def account(self, errand: Errand, progress: Progress) -> Account:
        """List an account into its shard, unless that is there, and return it as it was entered.

        One that cannot be entered gets no shard here: its cells are those of the others' regions,
        which whoever has seen all accounts knows (`write_unseen`).
        """
        if self._work.has(errand.account.account_id):
            return errand.account
        account, credentials = self._enter(errand.account)
        if credentials is None:
            return account
        rows: Rows = {"account": [account]}
        places = list(_places(self._plan, replace(errand, account=account)))
        progress.entered(sum(place.cells for place in places))
        jobs = _jobs(self._aws, self._plan, account, credentials, places)
        for future in as_completed([self._turns.submit(key, job) for key, job in jobs]):
            found: Rows = future.result()
            for table, more in found.items():
                rows.setdefault(table, []).extend(more)
            progress.done(len(found.get("coverage", ())), self.new_calls())
        self._work.write(account.account_id, rows)
        self._aws.forget(account.account_id)
        return account

    def new_calls(self) -> int:
        """Return how many calls were made since this was last asked."""
        with self._lock:
            before, self._told = self._told, self._aws.calls
            return self._told - before

    def close(self) -> None:
        """Begin no further job; those under way end by themselves."""
        self._turns.close()
        self._aws.pace.limit()


def write_unseen(work: Work, plan: Plan, account: Account) -> None:
    """Write the shard of an account that was not entered: denied is not empty."""
    cells = list(_unseen(plan.entries, account))
    work.write(account.account_id, {"account": [account], "coverage": cells})


def _unseen(entries: Iterable[Entry], account: Account) -> Iterator[Coverage]:
    for entry in entries:
        for region in [GLOBAL] if entry.scope == "global" else account.regions:
            yield Coverage(
                account.account_id, region, entry.type, entry.service, Outcome(account.outcome),
                code_of(account.message, "NotEntered"), account.message, 0, 0, utc_now(),
            )  # fmt: skip


@dataclass(frozen=True)
class _Family:
    """A family to list: where to call, the region of its cells, and how many they are."""

    root: Entry
    region: str
    label: str
    cells: int


def _places(plan: Plan, errand: Errand) -> Iterator[_Family]:
    """Yield the families to list; one of whose cells all are fresh is left out."""
    for root in plan.roots:
        family = plan.family(root)
        for region, label in _regions(errand.account, root):
            stale = [e for e in family if e.type not in errand.fresh.get(region_of(e, label), ())]
            if stale:
                yield _Family(root, region, label, len(family))


def _jobs(
    aws: Aws, plan: Plan, account: Account, credentials: Credentials, families: list[_Family]
) -> Iterator[tuple[Key, Job]]:
    """Yield the account's jobs and what AWS counts their calls by, service by service."""

    def place(region: str) -> Place:
        return Place(account.account_id, region, credentials, plan.grant)

    wanted = frozenset(entry.type for entry in plan.entries)
    tags = BulkTags(aws, plan.catalog, plan.entries, account) if plan.bulk_tags else None
    hints = Hints(aws) if plan.hints else None
    for one in families:
        here = place(one.region)
        lister = Lister(aws, plan.catalog, wanted, account, here, one.label, tags, hints)
        yield Key(account.account_id, one.region, one.root.service), _family(lister, one.root)
    for reader in plan.readers:
        for region in account.regions:
            key = Key(account.account_id, region, reader.service)
            yield key, _reading(reader, aws, account, place(region))


def _regions(account: Account, root: Entry) -> Iterator[tuple[str, str]]:
    """Yield the region to call and the one that the cell is of."""
    if root.scope == "global":
        yield root.home or GLOBAL_REGIONS[account.partition], GLOBAL
        return
    for region in account.regions:
        yield region, region


def _family(lister: Lister, root: Entry) -> Job:
    def run() -> Rows:
        listed: Listed = lister.family(root)
        return {"resource": listed.resources, "link": listed.links, "coverage": listed.coverage}

    return run


def _reading(reader: Reader, aws: Aws, account: Account, place: Place) -> Job:
    return lambda: reader(aws, account, place)
