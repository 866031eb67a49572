"""What one state row stands for: pieces, each one resource of AWS with keys of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from scanner.claims.state_objects import Attributes


class Parent(NamedTuple):
    """Whose child a piece is: `kind` is the family of children, `key` the parent's own id."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One resource: the Terraform types that may describe it (the first that the catalog knows),
    its keys, and where in the row it stands (`.ingress[0]`; empty for the row itself).
    """

    types: tuple[str, ...]
    keys: tuple[str, ...]
    at: str = ""
    parent: Parent | None = None


Teller = Callable[[Attributes], Iterable[Piece]]

CONTENT: dict[str, Teller] = {}
"""By Terraform type: what a row is, where its `id` does not say it. Filled by `content`."""

EXPANSIONS: dict[str, list[Teller]] = defaultdict(list)
"""By Terraform type: what a row implies beyond itself. Filled by `expansion`."""


def content(*types: str) -> Callable[[Teller], Teller]:
    """Register how rows of these types are recognised by what they say."""

    def register(teller: Teller) -> Teller:
        CONTENT.update(dict.fromkeys(types, teller))
        return teller

    return register


def expansion(*types: str) -> Callable[[Teller], Teller]:
    """Register what rows of these types imply."""

    def register(teller: Teller) -> Teller:
        for name in types:
            EXPANSIONS[name].append(teller)
        return teller

    return register


def text(attributes: Attributes, *names: str) -> str:
    """Return the first of these attributes that is a text with something in it, else nothing."""
    values = (attributes.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def texts(attributes: Attributes, *names: str) -> list[str]:
    """Return the texts in these attributes, each a text or a list of them."""
    found: list[str] = []
    for name in names:
        value = attributes.get(name)
        found += [
            item
            for item in (value if isinstance(value, list) else [value])
            if isinstance(item, str) and item
        ]
    return found


def blocks(attributes: Attributes, name: str) -> Iterator[tuple[int, Attributes]]:
    """Yield the nested blocks of an attribute with their numbers."""
    value = attributes.get(name)
    value = [value] if isinstance(value, dict) else value  # Pulumi, where there is at most one
    for at, block in enumerate(value if isinstance(value, list) else []):
        if isinstance(block, dict):
            yield at, block


def truth(value: Any) -> bool:
    """Whether a flag is set, in format 4 (true) or 3 (`"true"`)."""
    return value in (True, "true", "1")
