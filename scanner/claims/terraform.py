"""States of Terraform, OpenTofu and Pulumi -> claims.

Each state is read once, object by object, into drafts that hold keys and no other attribute. What
only all objects together tell comes after: where a provider's objects live, and which children are
separate rows, so that a parent's copy of them claims nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from scanner.catalog import Catalog
from scanner.claims.content import separate_parents
from scanner.claims.drafts import Drafter
from scanner.claims.pulumi_file import KIND as PULUMI
from scanner.claims.pulumi_file import PulumiFile
from scanner.claims.settle import ReadState, Rows, claims_of
from scanner.claims.source import StateSource, outcome_of
from scanner.claims.stale import stale_copies
from scanner.claims.state_file import Limits, StateFile
from scanner.claims.state_objects import StateObject, parse_provider
from scanner.errors import SourceError
from scanner.model import Claim, Source

log = logging.getLogger(__name__)


@dataclass
class StateClaims:
    """What all states together say: one row per source, and the claims."""

    sources: list[Source] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


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
        self._known = frozenset((*catalog.terraform, *catalog.not_inventory))
        self._states: list[ReadState] = []
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

    def _state(self, source: StateSource) -> ReadState:
        state = ReadState(source)
        with source.chunks() as chunks:
            file = self._file(source, chunks)
            for stated in file.objects():
                self._add(state, stated)
        state.header = file.header
        return state

    def _file(self, source: StateSource, chunks: Iterable[bytes]) -> StateFile | PulumiFile:
        if source.kind == PULUMI:
            return PulumiFile(chunks, self._limits, self._known)
        return StateFile(chunks, self._limits)

    def _add(self, state: ReadState, stated: StateObject) -> None:
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
        stale = stale_copies(self._states)
        current = [state for state in self._states if state.source.source_id not in stale]
        result, rows = StateClaims(sources=self._unread), Rows(current)
        for state in current:
            claims = list(claims_of(state, rows))
            result.claims += claims
            result.sources.append(_read_row(state, len(claims)))
        for state in self._states:
            if why := stale.get(state.source.source_id):
                result.sources.append(_read_row(state, 0, "skipped", why))
        result.sources.sort(key=lambda source: source.source_id)
        return result


def _read_row(
    state: ReadState, claims: int, outcome: str = "read", message: str | None = None
) -> Source:
    return Source(
        source_id=state.source.source_id,
        kind=state.source.kind,
        outcome=outcome,
        message=message,
        serial=state.header.serial,
        lineage=state.header.lineage,
        version=state.header.terraform_version,
        resources=state.objects,
        claims=claims,
        other_providers=dict(state.other_providers),
        modified_at=state.source.modified_at,
    )


def _unread(source: StateSource, outcome: str, message: str) -> Source:
    return Source(source.source_id, source.kind, outcome, message, modified_at=source.modified_at)
