"""What other tools list, and whether Strays does: for docs/coverage-of-peers.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from scanner import catalog
from scanner.catalog.language import Entry
from tools.catalog.lists import FOLDER, table
from tools.catalog.words import noun_of, plain

PEERS = {
    "driftctl": "driftctl_types.txt",
    "Steampipe": "steampipe_tables.txt",
    "aws-nuke": "aws_nuke_types.txt",
}
SCANNED, GENERATED, NOT_INVENTORY, UNCOVERED = HOWS = (
    "scanned", "with --all-types", "not inventory", "uncovered",
)  # fmt: skip


@dataclass(frozen=True)
class Covered:
    """One type of a peer: how it stands, and as which type or why."""

    name: str
    how: str
    told: str


def coverage(peer: str) -> list[Covered]:
    """Return every type of a peer in its own words."""
    names = (FOLDER / PEERS[peer]).read_text("utf-8").split()
    return [_covered(name) for name in sorted(names)]


def counts(rows: Iterable[Covered]) -> Counter[str]:
    """Return how many types stand how."""
    return Counter(row.how for row in rows)


def _covered(name: str) -> Covered:
    known = catalog.load(all_types=True)
    named, reason = _said_by_hand(name)
    entry = known.entries.get(named) or (None if reason else _index().get(_key(name)))
    if entry:
        how = GENERATED if entry.state == "generated" else SCANNED
        return Covered(name, how, entry.type)
    reason = reason or known.not_inventory.get(name, "")
    return Covered(name, NOT_INVENTORY if reason else UNCOVERED, reason)


def _key(name: str) -> str:
    return plain(name.removeprefix("aws_").removeprefix("AWS::"))


def _said_by_hand(name: str) -> tuple[str, str]:
    """Return the type or the reason that the list beside this says of a peer's type."""
    for glob, named, reason in table("peers.tsv"):
        if glob == name or fnmatchcase(name, glob):
            return named, reason
    return "", ""


@cache
def _index() -> dict[str, Entry]:
    """Return every entry under all of its names, without case and marks; reviewed ones win."""
    entries = sorted(catalog.load(all_types=True).entries.values(), key=lambda e: e.state)
    return {plain(name): entry for entry in entries for name in _names(entry)}


def _names(entry: Entry) -> Iterator[str]:
    _, service, noun = entry.type.split("::")
    for name in (entry.table, *entry.terraform):
        yield name.removeprefix("aws_")
    for start in (service, entry.service):
        yield f"{start}{noun}"
        yield f"{start}{noun_of(entry.list.op or '')}"
    for name in entry.cloudformation:
        yield name.partition("::")[2]
