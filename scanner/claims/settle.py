"""From the drafts of all states to claims: what only all of them together tell.

That is where a provider's objects live, and which of the children that a parent's row lists are
claims, and which no more than what a refresh saw.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from scanner.claims.drafts import Draft
from scanner.claims.inference import Home, Homes
from scanner.claims.pieces import Parent
from scanner.claims.source import StateSource
from scanner.claims.state_file import Header
from scanner.model import GLOBAL, Claim


@dataclass
class ReadState:
    """One state that was read to its end.

    `separate` holds the parents of rows that are children of their own, with the row's provider.
    """

    source: StateSource
    header: Header = field(default_factory=Header)
    drafts: list[Draft] = field(default_factory=list)
    separate: list[tuple[Parent, str]] = field(default_factory=list)
    homes: Homes = field(default_factory=Homes)
    other_providers: Counter[str] = field(default_factory=Counter)
    objects: int = 0

    def home(self, draft: Draft) -> Home:
        """Return where a draft's thing lives, as far as its state tells."""
        home = draft.home.otherwise(self.homes.of(draft.provider))
        entry = draft.entry
        if entry is None or entry.scope != "global":
            return home
        return Home(home.account_id, draft.home.region if entry.key.region else GLOBAL)


class Rows:
    """The children that have rows of their own in any of the states, each with its home."""

    def __init__(self, states: Iterable[ReadState]) -> None:
        self._states = list(states)
        self._parents: dict[Parent, set[Home]] = defaultdict(set)
        self._children: dict[tuple[str, str], set[Home]] = defaultdict(set)
        implied = {d.entry.type for s in self._states for d in s.drafts if d.inline and d.entry}
        for state in self._states:
            for parent, provider in state.separate:
                self._parents[parent].add(Home(state.homes.of(provider).account_id))
            for draft in state.drafts:
                if draft.entry and not draft.inline and draft.entry.type in implied:
                    for key in draft.keys:
                        self._children[draft.entry.type, key].add(state.home(draft))

    def have(self, draft: Draft, home: Home) -> bool:
        """Whether an implied child, or one of its siblings, has a row of its own."""
        kind = draft.entry.type if draft.entry else ""
        found = [self._children.get((kind, key), ()) for key in draft.keys]
        if draft.parent:
            found.append(self._parents.get(draft.parent, ()))
        return any(_may_be(home, other) for homes in found for other in homes)


def _may_be(one: Home, other: Home) -> bool:
    """Whether two homes may be the same: what is not known fits everything."""
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def claims_of(state: ReadState, rows: Rows) -> Iterator[Claim]:
    """Yield the claims of a state; its implied children only where nothing separate stands."""
    numbers: Counter[tuple[str, str]] = Counter()
    for draft in state.drafts:
        home = state.home(draft)
        if draft.inline and rows.have(draft, home):
            continue
        numbers[draft.address, draft.claimed_type] += 1
        yield _claim(state, draft, home, numbers[draft.address, draft.claimed_type])


def _claim(state: ReadState, draft: Draft, home: Home, number: int) -> Claim:
    source_id = state.source.source_id
    told = f"{source_id}\n{draft.address}\n{number}\n{draft.claimed_type}"
    return Claim(
        claim_id=hashlib.blake2b(told.encode(), digest_size=16).hexdigest(),
        source_kind=state.source.kind,
        source_id=source_id,
        owner=source_id,
        address=draft.address,
        claimed_type=draft.claimed_type,
        resource_type=draft.entry.type if draft.entry else None,
        account_id=home.account_id,
        region=home.region,
        keys=draft.keys,
        inline=draft.inline,
        ignored=draft.ignored,
        evidence=_evidence(state.header.serial, draft.evidence),
    )


@lru_cache(maxsize=1024)  # one text for the many that say the same
def _evidence(serial: int | None, words: str) -> str:
    return words if serial is None else f"serial {serial}, {words}"
