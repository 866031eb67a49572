"""What there is to do in an account: a job per family of types and region, and per reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from scanner.aws import GLOBAL_REGIONS, Aws, Grant, Place
from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.documents import region_of
from scanner.hints import Hints
from scanner.listing import Listed, Lister
from scanner.model import GLOBAL, Account
from scanner.pace import Key
from scanner.tagging import BulkTags

if TYPE_CHECKING:
    from botocore.credentials import Credentials

Rows = dict[str, list[Any]]


class Reader(Protocol):
    """Reads more rows of one account and region from a service (claims of stacks, say)."""

    @property
    def name(self) -> str:
        """What it is called among the readers."""

    @property
    def service(self) -> str:
        """The service that is asked."""

    def __call__(self, aws: Aws, account: Account, place: Place) -> Rows: ...


@dataclass(frozen=True)
class Errand:
    """An account to list, but for what is `fresh`: region -> the types that need no look there.

    `counts` are those of the last looks at what is fresh (`scanner/counts.py`). The second `run`
    and later ones list only what the budget cut in the one before.
    """

    account: Account
    fresh: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counts: bytes = b""
    run: int = 1


@dataclass(frozen=True)
class Plan:
    """What a collection does in each account: which entries, under which grant.

    `counters` are readers that only count; they are asked before the others.
    """

    catalog: Catalog
    entries: list[Entry]
    grant: Grant
    readers: tuple[Reader, ...] = ()
    threads: int = 32
    bulk_tags: bool = False
    hints: bool = False
    counters: tuple[Reader, ...] = ()

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


@dataclass(frozen=True)
class Job:
    """A family or a reader to run in a region: what AWS counts its calls by, how many cells."""

    what: tuple[str, str]
    key: Key
    run: Callable[[], Rows]
    cells: int = 0


def families(aws: Aws, plan: Plan, errand: Errand, credentials: Credentials) -> Iterator[Job]:
    """Yield an account's families to list; one of whose cells all are fresh is left out."""
    account = errand.account
    wanted = frozenset(entry.type for entry in plan.entries)
    tags = BulkTags(aws, plan.catalog, plan.entries, account) if plan.bulk_tags else None
    hints = Hints(aws) if plan.hints else None
    for root in plan.roots:
        family = plan.family(root)
        for region, label in _regions(account, root):
            if all(e.type in errand.fresh.get(region_of(e, label), ()) for e in family):
                continue
            here = Place(account.account_id, region, credentials, plan.grant)
            lister = Lister(aws, plan.catalog, wanted, account, here, label, tags, hints)
            key = Key(account.account_id, region, root.service)
            yield Job((root.type, label), key, _family(lister, root), len(family))


def readings(
    aws: Aws, plan: Plan, account: Account, credentials: Credentials, readers: Iterable[Reader]
) -> Iterator[Job]:
    """Yield what is to be read beside the families, in every region of an account."""
    for reader in readers:
        for region in account.regions:
            here = Place(account.account_id, region, credentials, plan.grant)
            key = Key(account.account_id, region, reader.service)
            yield Job((reader.name, region), key, _reading(reader, aws, account, here))


def _regions(account: Account, root: Entry) -> Iterator[tuple[str, str]]:
    """Yield the region to call and the one that the cell is of."""
    if root.scope == "global":
        yield root.home or GLOBAL_REGIONS[account.partition], GLOBAL
        return
    for region in account.regions:
        yield region, region


def _family(lister: Lister, root: Entry) -> Callable[[], Rows]:
    def run() -> Rows:
        listed: Listed = lister.family(root)
        return {"resource": listed.resources, "link": listed.links, "coverage": listed.coverage}

    return run


def _reading(reader: Reader, aws: Aws, account: Account, place: Place) -> Callable[[], Rows]:
    return lambda: reader(aws, account, place)
