"""Which resource types an event makes: worked out from names that the catalog has anyway.

`CreateSecurityGroup` makes the type whose noun, in its own name or in its list operation, is
`SecurityGroup`. What names do not say stands in `data/makes.yaml`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
import yaml

from scanner import catalog
from scanner.catalog.language import Entry
from scanner.errors import CatalogError

_MAKING = re.compile(
    r"^(?:BatchCreate|Create|Run|Put|Allocate|Register|Request|Import|Copy|Restore|Attach|Add|"
    r"Authorize|Publish|Provision|Purchase|Enable|Upload|Associate|Subscribe|Setup)"
)
_LISTING = re.compile(r"^(?:List|Describe|Get|Search)")
_DATED = re.compile(r"(?:20\d{6}|_?20\d\d_\d\d_\d\d|V\d)(?:v\d+)?$", re.IGNORECASE)


class Names(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The file `data/makes.yaml`."""

    sources: dict[str, tuple[str, ...]]
    untouching: tuple[str, ...]
    operations: dict[str, tuple[str, ...]]


@cache
def makes(event_source: str, event_name: str) -> tuple[str, ...]:
    """Return the resource types that an event may make; none for what makes nothing.

    Lambda and CloudFront put the date of their API behind the operation
    (`CreateFunction20150331`).
    """
    plain = _DATED.sub("", event_name)
    service = event_source.removesuffix(".amazonaws.com")
    found = [kind for kind, ops in names().operations.items() if f"{service}:{plain}" in ops]
    if begins := _MAKING.match(plain):
        noun = _singular(plain[begins.end() :])
        noun = f"{noun}attachment" if begins.group() == "Attach" else noun
        found += _nouns().get((service, noun), ())
    return tuple(sorted(set(found)))


@lru_cache(maxsize=1)
def names() -> Names:
    """Return what names alone do not say; raises `CatalogError` where the file is bad."""
    text = files(__package__).joinpath("data/makes.yaml").read_text("utf-8")
    try:
        return msgspec.convert(yaml.safe_load(text), Names)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogError(f"scanner/events/data/makes.yaml: {error}") from error


@lru_cache(maxsize=1)
def _nouns() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in catalog.load().entries.values():
        for source in names().sources.get(entry.service, (entry.service,)):
            for noun in _nouns_of(entry):
                found[source, noun].append(entry.type)
    return found


def _nouns_of(entry: Entry) -> set[str]:
    own = entry.type.rpartition("::")[2]
    listed = _LISTING.sub("", entry.list.op or "")
    return {noun for noun in (_singular(own), _singular(_DATED.sub("", listed))) if noun}


def _singular(word: str) -> str:
    lower = word.lower()
    for plural, singular in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x")):
        if lower.endswith(plural):
            return lower.removesuffix(plural) + singular
    return lower.removesuffix("s") if not lower.endswith("ss") else lower
