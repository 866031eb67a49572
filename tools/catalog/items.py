"""Which members of an item hold its identity, and which must never be stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tools.catalog.listing import ListOperation
from tools.catalog.models import Ref, Service
from tools.catalog.words import plain

_CREATED = re.compile(r"(creat(e|ed|ion))(d?(on|at|date|time|timestamp|datetime|timeutc)?)?$")
_TAGS = ("tags", "tag", "tagset", "taglist", "resourcetags")
_OTHERS = frozenset("account owner vpc subnet request parent kms role source caller user".split())
_SECRET = re.compile(
    r"(secret|passw(or)?d|token|credentials?|privatekey|userdata|environment(variables)?"
    r"|connectionstring|apikey|accesskey|authparameters|webhookurl|policydocument)s?$"
)
_PLAIN_KINDS = ("string", "integer", "long")


@dataclass(frozen=True)
class Key:
    """Expressions for an item's identity, as in the catalog's `key`."""

    id: str
    arn: str | None = None
    name: str | None = None
    created: str | None = None
    tags: str | None = None
    guessed: bool = False


def key_of(listing: ListOperation) -> Key | None:
    """Return where an item's identity stands; None where nothing in it looks like one."""
    if listing.bare:
        return _bare(listing)
    service, members = listing.service, listing.service.members(listing.item)
    texts = {name: ref for name, ref in members.items() if service.kind(ref) in _PLAIN_KINDS}
    names = _endings(listing, texts, ("name", "label", "alias", "title"))
    arn = _arn(listing, texts)
    found = _endings(listing, texts, ("id", "identifier", "uuid", "key"))
    identity = found or names or arn or _endings(listing, texts, ("number", "address", ""))
    guess = None if identity else _guess(texts)
    if not (identity or guess):
        return None
    return Key(
        id=identity or guess or "",
        arn=arn,
        name=names,
        created=_created(listing, members),
        tags=next((n for n, ref in members.items() if _holds_tags(service, n, ref)), None),
        guessed=guess is not None,
    )


def _bare(listing: ListOperation) -> Key:
    words = plain(listing.items.removesuffix("[]").rpartition(".")[2])
    is_arn = words.endswith(("arn", "arns")) or plain(listing.item["shape"]).endswith("arn")
    return Key("_item", arn="_item" if is_arn else None, name=None if is_arn else "_item")


def _endings(listing: ListOperation, texts: Iterable[str], endings: tuple[str, ...]) -> str | None:
    """Return the member that is the noun (or its end) with one of the endings."""
    noun = plain(listing.noun)
    ranked = []
    for name in texts:
        for rank, ending in enumerate(endings):
            base = plain(name).removesuffix(ending)
            if ending and base == plain(name):
                continue
            if not (noun.endswith(base) or base.endswith(noun)):
                continue
            ranked.append((base != noun, base not in ("", noun), rank, name))
    return min(ranked)[-1] if ranked else None


def _arn(listing: ListOperation, texts: Iterable[str]) -> str | None:
    found = _endings(listing, texts, ("arn",))
    return found or next((name for name in texts if plain(name) == "resourcearn"), None)


def _guess(texts: Iterable[str]) -> str | None:
    """Return the first identifier that is not plainly somebody else's."""
    for ending in ("id", "identifier", "name", "arn"):
        for name in texts:
            base = plain(name).removesuffix(ending)
            if base != plain(name) and base not in _OTHERS:
                return name
    return None


def _created(listing: ListOperation, members: dict[str, Ref]) -> str | None:
    noun = plain(listing.noun)
    for name, ref in members.items():
        text = plain(name).removeprefix(noun)
        if _CREATED.match(text) and listing.service.kind(ref) not in ("structure", "list", "map"):
            return name
    return None


def _holds_tags(service: Service, name: str, ref: Ref) -> bool:
    if plain(name) not in _TAGS or service.kind(ref) not in ("list", "map"):
        return False
    shape = service.shape(ref)
    return service.kind(shape["member"] if "member" in shape else shape["value"]) != "list" and (
        service.kind(ref) == "map" or service.kind(shape["member"]) == "structure"
    )


def secret_members(service: Service, item: Ref) -> tuple[str, ...]:
    """Return the members anywhere in an item that botocore calls sensitive, or that sound so."""
    found: set[str] = set()
    waiting, seen = [item], {item["shape"]}
    while waiting:
        for name, ref in _below(service, waiting.pop()):
            shape = service.shape(ref)
            if name and (shape.get("sensitive") or _SECRET.search(plain(name))):
                found.add(name)
            if ref["shape"] not in seen:
                seen.add(ref["shape"])
                waiting.append(ref)
    return tuple(sorted(found))


def _below(service: Service, ref: Ref) -> list[tuple[str, Ref]]:
    shape = service.shape(ref)
    parts = [("", shape[part]) for part in ("member", "value") if part in shape]
    return [*shape.get("members", {}).items(), *parts]
