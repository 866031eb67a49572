"""What one object of a state claims, as far as it tells by itself: drafts without any attribute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.claims import cloud_control
from scanner.claims import expansions as _expansions  # noqa: F401 (fills EXPANSIONS)
from scanner.claims.inference import Home, home_of
from scanner.claims.keys import CLOUD_CONTROL, Entries, keys_of, own_arn, tidy
from scanner.claims.pieces import CONTENT, EXPANSIONS, Parent, Piece, texts
from scanner.claims.state_objects import Provider, StateObject

NAMELESS = "the state gives it no name by which AWS could be asked"


@dataclass(slots=True)
class Draft:
    """A claim to be. `home` is what its own row tells; `parent` whose child an implied one is."""

    address: str
    claimed_type: str
    entry: Entry | None
    ignored: str | None
    keys: tuple[str, ...]
    home: Home
    provider: str
    evidence: str
    inline: bool = False
    parent: Parent | None = None

    @property
    def lesson(self) -> Home:
        """What it tells of its provider: a global type's ARN names no region of it."""
        if self.entry and self.entry.scope == "global" and not self.entry.key.region:
            return Home(self.home.account_id)
        return self.home


class Drafter:
    """Turns objects of states into drafts, by the catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._not_inventory = catalog.not_inventory
        self._entries = Entries(catalog)

    def drafts(self, stated: StateObject, provider: Provider) -> Iterator[Draft]:
        """Yield a draft for each thing that a row stands for, and for each that it implies."""
        evidence = f"provider {provider.text}" + (f", {stated.note}" if stated.note else "")
        yield from self._own(stated, evidence)
        for piece in self._implied_pieces(stated):
            entry, keys = self._entries.find(piece.types), tidy(piece.keys)
            if entry and keys:
                yield _implied(stated, piece, entry, keys, evidence)

    def _implied_pieces(self, stated: StateObject) -> Iterator[Piece]:
        for expand in EXPANSIONS.get(stated.type, ()):
            yield from expand(stated.attributes)
        if stated.type.startswith(CLOUD_CONTROL):
            entry = self._entries.find((stated.type,))
            yield from cloud_control.implied(entry.type, stated.attributes) if entry else ()

    def _own(self, stated: StateObject, evidence: str) -> Iterator[Draft]:
        teller = CONTENT.get(stated.type)
        pieces = list(teller(stated.attributes)) if teller else []
        pieces = pieces or [Piece((stated.type,), ())]
        for piece in pieces:
            entry = self._entries.find((*piece.types, stated.type))
            named: list[str] = []
            if entry and len(pieces) == 1:
                named = keys_of(entry, stated, bare=bool(piece.keys))
            keys = tidy([*piece.keys, *named]) if entry else ()
            yield Draft(
                address=stated.address,
                claimed_type=stated.type,
                entry=entry,
                ignored=self._ignored(stated, entry, keys),
                keys=keys,
                home=home_of(stated.attributes, stated.identity, own_arn(keys)),
                provider=stated.provider,
                evidence=evidence,
            )
            if entry is None:
                return

    def _ignored(
        self, stated: StateObject, entry: Entry | None, keys: tuple[str, ...]
    ) -> str | None:
        if entry is None:
            return self._not_inventory.get(stated.type)
        return None if keys else NAMELESS


def _implied(
    stated: StateObject, piece: Piece, entry: Entry, keys: tuple[str, ...], evidence: str
) -> Draft:
    """Return the draft of a child that only its parent's row lists; it lives where that lives."""
    parents = home_of(stated.attributes, stated.identity, own_arn(texts(stated.attributes, "arn")))
    known = (name for name in piece.types if name in entry.terraform)
    return Draft(
        address=stated.address + piece.at,
        claimed_type=next(known, piece.types[0]),
        entry=entry,
        ignored=None,
        keys=keys,
        home=home_of({}, {}, own_arn(keys)).otherwise(parents),
        provider=stated.provider,
        evidence=f"{evidence}, listed only inside {stated.address}",
        inline=True,
        parent=piece.parent,
    )
