"""Older copies of a state beside a newer one: they claim nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from scanner.claims.settle import ReadState


def stale_copies(states: Iterable[ReadState]) -> dict[str, str]:
    """Return the ids of the sources that are older copies of another, each with why.

    A lineage is made once, with the state, and every write raises its serial
    (https://developer.hashicorp.com/terraform/language/state/remote#lineage). People also start
    new environments from a copied file, which keeps its lineage: so an older state counts as a
    copy only where it names something that the newer one names too, or nothing at all.
    """
    families: dict[str, list[ReadState]] = defaultdict(list)
    for state in states:
        if state.header.lineage and state.header.serial is not None:
            families[state.header.lineage].append(state)
    stale: dict[str, str] = {}
    for family in families.values():
        newest = max(family, key=_serial)
        names = _names(newest) if len(family) > 1 else frozenset()
        for state in family:
            if _serial(state) < _serial(newest) and _copies(state, names):
                stale[state.source.source_id] = (
                    f"an older copy (serial {_serial(state)}) of {newest.source.source_id} "
                    f"(serial {_serial(newest)}), which counts in its place"
                )
    return stale


def _serial(state: ReadState) -> int:
    return state.header.serial or 0


def _names(state: ReadState) -> frozenset[tuple[str, str]]:
    return frozenset((draft.claimed_type, key) for draft in state.drafts for key in draft.keys)


def _copies(state: ReadState, names: frozenset[tuple[str, str]]) -> bool:
    own = _names(state)
    return not own or not own.isdisjoint(names)
