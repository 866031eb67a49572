"""Binds the inputs that a child's list call requires to members of what it is listed under."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tools.catalog.items import Key
from tools.catalog.listing import SIZE, ListOperation
from tools.catalog.lists import named_parents
from tools.catalog.models import Ref
from tools.catalog.words import plain

_ENDINGS = ("arn", "identifier", "id", "name", "uuid", "url", "key", "")
_OWN = re.compile(
    r"^(self|owned|owned_by_me|local|private|custom|customer|account)$", re.IGNORECASE
)
_OWNER = re.compile(r"owner|scope|visibility|filterby", re.IGNORECASE)
_ACCOUNT = ("accountid", "awsaccountid", "accountidentifier", "owneraccountid")
MOST_CHOICES = 20
DEEPEST = 4


@dataclass(frozen=True)
class Call:
    """A list operation with everything it is called with."""

    listing: ListOperation
    key: Key
    parent: Call | None = None
    bind: dict[str, str] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    fanout: dict[str, list[str]] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """How many things it is listed under."""
        return self.parent.depth + 1 if self.parent else 0


def calls_of(found: Iterable[tuple[ListOperation, Key]]) -> list[Call]:
    """Return the calls of a service's list operations whose every required input is bound."""
    waiting = [(listing, key, *_chosen(listing)) for listing, key in found]
    done: list[Call] = []
    for _ in range(DEEPEST + 1):
        left = []
        for listing, key, params, fanout, open_ in waiting:
            account = {name: "_account" for name in open_ if plain(name) in _ACCOUNT}
            others = [name for name in open_ if name not in account]
            parent, bind = _parent(listing, others, done)
            if others and parent is None:
                left.append((listing, key, params, fanout, open_))
            else:
                done.append(Call(listing, key, parent, account | bind, params, fanout))
        if len(left) == len(waiting):
            break
        waiting = left
    return done


def _chosen(listing: ListOperation) -> tuple[dict[str, Any], dict[str, list[str]], list[str]]:
    """Return fixed inputs, fan-outs over an enum, and the required inputs still open."""
    params: dict[str, Any] = {}
    fanout: dict[str, list[str]] = {}
    open_: list[str] = []
    for name, ref in listing.inputs.items():
        required = name in listing.required
        shape = listing.service.shape(ref)
        own = [value for value in shape.get("enum", ()) if _OWN.match(value)]
        if own and _OWNER.search(name):
            params[name] = own[0]
        elif not required:
            continue
        elif shape.get("enum") and len(shape["enum"]) <= MOST_CHOICES:
            fanout[name] = list(shape["enum"])
        elif SIZE.match(name) and shape["type"] in ("integer", "long"):
            params[name] = min(shape.get("max", 100), 1000)
        else:
            open_.append(name)
    return params, fanout, open_


def _parent(
    listing: ListOperation, open_: list[str], known: list[Call]
) -> tuple[Call | None, dict[str, str]]:
    """Return the nearest call that gives every open input, with the expressions that do."""
    best: tuple[tuple[int, int, str], Call, dict[str, str]] | None = None
    for call in known if open_ else ():
        if plain(call.listing.noun) == plain(listing.noun) or call.depth >= DEEPEST:
            continue
        direct = {name: found for name in open_ if (found := _gives(call, listing, name))}
        above = {name: found for name in open_ if (found := _told(call, name))}
        if direct and set(direct) | set(above) == set(open_):
            fit = min(len(_base(name)) for name in direct)
            rank = (call.depth, -fit, call.listing.name)
            if best is None or rank < best[0]:
                best = (rank, call, above | direct)
    return (best[1], best[2]) if best else (None, {})


def _base(name: str) -> str:
    text = plain(name)
    return next(text.removesuffix(end) for end in _ENDINGS if text.endswith(end))


def _gives(call: Call, child: ListOperation, name: str) -> str | None:
    """Return the expression of a parent's item that an input named after the parent takes."""
    named = named_parents().get((f"{child.service.name}.{child.name}", name))
    if named:
        return named[1] if named[0] == call.listing.name else None
    service, text, noun = child.service, plain(name), plain(call.listing.noun)
    ending = next((end for end in _ENDINGS if text.endswith(end) and _is(text, end, noun)), None)
    if ending is None:
        return None
    if call.listing.bare:
        return "_item"
    members: dict[str, Ref] = service.members(call.listing.item)
    same = next((member for member in members if plain(member) == text), None)
    if same and service.kind(members[same]) == "string":
        return same
    key = call.key
    wanted = {"arn": (key.arn,), "name": (key.name, key.id)}.get(ending, (key.id, key.name))
    return next((found for found in wanted if found), None)


def _is(text: str, ending: str, noun: str) -> bool:
    """Whether an input is the noun, or the end of it, with this ending."""
    base = text.removesuffix(ending)
    return bool(base) and (base == noun or (len(base) >= 4 and noun.endswith(base)))


def _told(call: Call, name: str) -> str | None:
    """Return where a parent tells of what is above it: what its own call was given, or a member."""
    for given, bound in call.bind.items():
        if plain(given) == plain(name) and bound != "_account":
            return f"_parent.{bound}"
    members = () if call.listing.bare else call.listing.service.members(call.listing.item)
    wanted = {plain(name) + ending for ending in ("", "name", "id", "arn")}
    return next((member for member in members if plain(member) in wanted), None)
