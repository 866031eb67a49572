"""Templates for ARNs that an item does not hold."""

from __future__ import annotations

from tools.catalog.models import Ref
from tools.catalog.parents import Call
from tools.catalog.reference import arn_template, known_hole, prefix_of
from tools.catalog.words import plain, snake

FROM_ITEM, FROM_REFERENCE, MADE = "item", "reference", "made"


def arn_of(call: Call, *, is_global: bool) -> tuple[str | None, str]:
    """Return the template of an item's ARN, none where the item holds it, and where it is from."""
    if call.key.arn:
        return None, FROM_ITEM
    template = _from_reference(call)
    return (template, FROM_REFERENCE) if template else (_made(call, is_global), MADE)


def _from_reference(call: Call) -> str | None:
    found = arn_template(call.listing.service, call.listing.noun)
    if found is None:
        return None
    texts, holes = found
    own = [hole for hole in holes if known_hole(hole) is None]
    filled = dict(zip(own, _fillings(call, own), strict=True))
    if not own or None in filled.values() or len(own) != len(filled):
        return None
    parts = [f"{{{known_hole(hole) or filled[hole]}}}" for hole in holes]
    return texts[0] + "".join(part + text for part, text in zip(parts, texts[1:], strict=True))


def _fillings(call: Call, holes: list[str]) -> list[str | None]:
    """Return an expression for each hole: the last is the thing, those before are above it."""
    found: list[str | None] = ["_id"] if holes else []
    up = call.parent
    for hole in reversed(holes[:-1]):
        dots = "_parent." * len(found)
        if up is None:
            return [*[None] * (len(holes) - len(found)), *found]
        member = None if up.listing.bare else _member(up, hole)
        found.insert(0, f"{dots}{member or '_id'}")
        up = up.parent
    return found


def _member(call: Call, name: str) -> str | None:
    members: dict[str, Ref] = call.listing.service.members(call.listing.item)
    return next((member for member in members if plain(member) == plain(name)), None)


def _made(call: Call, is_global: bool) -> str:
    """Return an ARN of our own making: unique, and nobody else will ever say it."""
    noun = snake(call.listing.noun).replace("_", "-")
    choices = () if call.listing.bare else call.fanout  # a bare string is not told its choice
    choice = "".join(f"{{_{name}}}/" for name in choices)
    if call.parent:
        return f"{{_parent._arn}}/{noun}/{choice}{{_id}}"
    region = "" if is_global else "{_region}"
    prefix = prefix_of(call.listing.service)
    return f"arn:{{_partition}}:{prefix}:{region}:{{_account}}:{noun}/{choice}{{_id}}"
