"""Terraform and OpenTofu states -> claims.

Each state is read once, object by object, into drafts that hold keys and no other attribute. What
only all objects together tell comes after: where a provider's objects live, and which children are
separate rows, so that a parent's copy of them claims nothing.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scanner.catalog import Catalog
from scanner.claims.content import separate_parents
from scanner.claims.drafts import Draft, Drafter
from scanner.claims.inference import Home, Homes
from scanner.claims.pieces import Parent
from scanner.claims.source import StateSource, outcome_of
from scanner.claims.state_file import Header, Limits, StateFile
from scanner.claims.state_objects import StateObject, parse_provider
from scanner.errors import SourceError
from scanner.model import GLOBAL, Claim, Source

log = logging.getLogger(__name__)

KIND = "terraform"


@dataclass
class StateClaims:
    """What all states together say: one row per source, and the claims."""

    sources: list[Source] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


@dataclass
class _State:
    """One state that was read to its end."""

    source: StateSource
    header: Header = field(default_factory=Header)
    drafts: list[Draft] = field(default_factory=list)
    separate: list[tuple[Parent, str]] = field(default_factory=list)
    homes: Homes = field(default_factory=Homes)
    other_providers: Counter[str] = field(default_factory=Counter)
    objects: int = 0


def read_states(
    sources: Iterable[StateSource], catalog: Catalog, limits: Limits | None = None
) -> StateClaims:
    """Return the claims of all states, and a row for each source: read, or why not.

    A source that fails fails alone; the same source met twice is read once.
    """
    reader = _Reader(catalog, limits or Limits())
    seen: set[str] = set()
    for source in sources:
        if source.source_id not in seen:
            seen.add(source.source_id)
            reader.read(source)
    return reader.finish()


class _Reader:
    def __init__(self, catalog: Catalog, limits: Limits) -> None:
        self._drafter = Drafter(catalog)
        self._limits = limits
        self._states: list[_State] = []
        self._unread: list[Source] = []

    def read(self, source: StateSource) -> None:
        """Read one source; a failure becomes its row."""
        if source.skipped:
            self._unread.append(_unread(source, "skipped", source.skipped))
            return
        try:
            self._states.append(self._state(source))
        except SourceError as error:
            message = str(error)
            log.warning("%s", message)
            self._unread.append(_unread(source, outcome_of(error), message))

    def _state(self, source: StateSource) -> _State:
        state = _State(source)
        with source.chunks() as chunks:
            file = StateFile(chunks, self._limits)
            for stated in file.objects():
                self._add(state, stated)
        state.header = file.header
        return state

    def _add(self, state: _State, stated: StateObject) -> None:
        state.objects += 1
        provider = parse_provider(stated.provider)
        if not provider.ours:
            state.other_providers[provider.name] += 1
            return
        for draft in self._drafter.drafts(stated, provider):
            if not draft.inline:
                state.homes.learn(draft.provider, draft.lesson)
            state.drafts.append(draft)
        parents = separate_parents(stated.type, stated.attributes)
        state.separate += [(parent, stated.provider) for parent in parents]

    def finish(self) -> StateClaims:
        """Return everything, once all states have been read."""
        result = StateClaims(sources=self._unread)
        separate = self._separate_children()
        rows = self._rows()
        for state in self._states:
            claims = list(_claims(state, separate, rows))
            result.claims += claims
            result.sources.append(_read_row(state, len(claims)))
        result.sources.sort(key=lambda source: source.source_id)
        return result

    def _rows(self) -> set[tuple[str, str]]:
        """Return type and key of every row of a type that some parent's row implies as well."""
        drafts = [draft for state in self._states for draft in state.drafts if draft.entry]
        implied = {draft.entry.type for draft in drafts if draft.inline and draft.entry}
        return {
            (draft.entry.type, key)
            for draft in drafts
            if draft.entry and not draft.inline and draft.entry.type in implied
            for key in draft.keys
        }

    def _separate_children(self) -> dict[Parent, set[str | None]]:
        """Return the parents that have children of their own in any state, and in which account."""
        found: dict[Parent, set[str | None]] = defaultdict(set)
        for state in self._states:
            for parent, provider in state.separate:
                found[parent].add(state.homes.of(provider).account_id)
        return found


def _claims(
    state: _State, separate: dict[Parent, set[str | None]], rows: set[tuple[str, str]]
) -> Iterator[Claim]:
    numbers: Counter[tuple[str, str]] = Counter()
    for draft in state.drafts:
        home = draft.home.otherwise(state.homes.of(draft.provider))
        if draft.inline and _observed(draft, home, separate, rows):
            continue
        numbers[draft.address, draft.claimed_type] += 1
        number = numbers[draft.address, draft.claimed_type]
        yield _claim(state, draft, home, number)


def _observed(
    draft: Draft,
    home: Home,
    separate: dict[Parent, set[str | None]],
    rows: set[tuple[str, str]],
) -> bool:
    """Whether an implied child is only what a refresh saw: it or a sibling has its own row."""
    accounts = separate.get(draft.parent, set()) if draft.parent else set()
    if accounts and (not home.account_id or None in accounts or home.account_id in accounts):
        return True
    return any(draft.entry is not None and (draft.entry.type, key) in rows for key in draft.keys)


def _claim(state: _State, draft: Draft, home: Home, number: int) -> Claim:
    source_id = state.source.source_id
    told = f"{source_id}\n{draft.address}\n{number}\n{draft.claimed_type}"
    serial = "" if state.header.serial is None else f"serial {state.header.serial}, "
    return Claim(
        claim_id=hashlib.blake2b(told.encode(), digest_size=16).hexdigest(),
        source_kind=KIND,
        source_id=source_id,
        owner=source_id,
        address=draft.address,
        claimed_type=draft.claimed_type,
        resource_type=draft.entry.type if draft.entry else None,
        account_id=home.account_id,
        region=_region(draft, home),
        keys=draft.keys,
        inline=draft.inline,
        ignored=draft.ignored,
        evidence=serial + draft.evidence,
    )


def _region(draft: Draft, home: Home) -> str | None:
    """Return the region to look in: `global` for a global type, unless its items have their own."""
    entry = draft.entry
    if entry is None or entry.scope != "global":
        return home.region
    return draft.home.region if entry.key.region else GLOBAL


def _read_row(state: _State, claims: int) -> Source:
    return Source(
        source_id=state.source.source_id,
        kind=KIND,
        outcome="read",
        serial=state.header.serial,
        lineage=state.header.lineage,
        version=state.header.terraform_version,
        resources=state.objects,
        claims=claims,
        other_providers=dict(state.other_providers),
        modified_at=state.source.modified_at,
    )


def _unread(source: StateSource, outcome: str, message: str) -> Source:
    return Source(source.source_id, KIND, outcome, message, modified_at=source.modified_at)
