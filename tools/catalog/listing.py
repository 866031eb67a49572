"""Finds the operations that list things, and what their answers hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tools.catalog.lists import left_out
from tools.catalog.models import Ref, Service
from tools.catalog.words import LISTING, MAKING, UNMAKING, noun_of, plain, singular, split_verb

TOKEN = re.compile(r"^(next_?)?(page_?)?(token|marker)$|^next(token|marker|page.*)$", re.IGNORECASE)
SIZE = re.compile(r"^(max|page|limit|count|first)", re.IGNORECASE)
_NOT_THINGS = re.compile(
    r"^(Tags?|TagsFor.*|.*(Offering|InstanceType|EngineVersion|Event|Finding|Statistic|Metric"
    r"|Recommendation|Quota|Limit|Price|Pricing|History|Count|Option|Region|AvailabilityZone))$"
)


@dataclass(frozen=True)
class ListOperation:
    """An operation that lists things: `items` is the JMESPath of its result."""

    service: Service
    name: str
    items: str
    item: Ref
    noun: str
    """What it lists, in the singular."""
    verbs: frozenset[str]
    """The verbs of the operations about that."""

    @property
    def stays(self) -> bool:
        """Whether operations make such a thing or do away with it, and it is no passing work."""
        return bool(self.verbs & (MAKING | UNMAKING)) and not _WORK.search(self.noun)

    @cached_property
    def inputs(self) -> dict[str, Ref]:
        """The members of its input."""
        return self.service.members(self.service.operations[self.name].get("input"))

    @cached_property
    def outputs(self) -> dict[str, Ref]:
        """The members of its output."""
        return self.service.members(self.service.operations[self.name].get("output"))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The inputs that it cannot do without."""
        ref = self.service.operations[self.name].get("input")
        return tuple(self.service.shape(ref).get("required", ())) if ref else ()

    @property
    def bare(self) -> bool:
        """Whether the items are strings."""
        return self.service.kind(self.item) == "string"

    def page(self) -> tuple[str, str] | None:
        """Return the token's members in request and response where botocore has no paginator."""
        if self.name in self.service.paginators:
            return None
        outs = [name for name in self.outputs if TOKEN.match(name)]
        ins = [name for name in self.inputs if TOKEN.match(name) or plain(name) in _STARTS]
        same = next((name for name in outs if name in ins), None)
        return (same, same) if same else (ins[0], outs[0]) if ins and outs else None

    def pages_whole(self) -> bool:
        """Whether every page is reached: no token, or one that somebody follows."""
        tokens = [name for name in self.outputs if TOKEN.match(name)]
        return not tokens or self.name in self.service.paginators or self.page() is not None


_STARTS = frozenset({"exclusivestartkey", "startingtoken", "marker", "startfrom"})


_WORK = re.compile(
    r"(Job|Task|Execution|Run|Export|Import|Command|Session|Build|Query|Invitation|Handshake"
    r"|Statement|Message|Report)$"
)
_MARKS = re.compile(r"(?<=[a-z])(Name|Arn|Id|Identifier|Detail|Info|Description|Metadata)$")


def list_operations(service: Service) -> Iterator[ListOperation]:
    """Yield the operations of a service that list things, data and catalogues of AWS aside."""
    life = _life_of(service)
    for name, operation in sorted(service.operations.items()):
        verb, _ = split_verb(name)
        if verb not in LISTING or name.startswith("Batch") or operation.get("deprecated"):
            continue
        if left_out(service.name, name):
            continue
        if _NOT_THINGS.match(noun_of(name)) or "output" not in operation:
            continue
        found = _items(service, name)
        if found and not _shows_one(name, found[0]):
            noun = _noun(name, life)
            verbs = frozenset(life.get(plain(noun), ()))
            yield ListOperation(service, name, *found, noun, verbs)


def _noun(name: str, life: dict[str, set[str]]) -> str:
    """Return what is listed: domains where it is ListDomainNames, and no CreateDomainName."""
    noun = noun_of(name)
    below = singular(re.split(r"(?<=[a-z])(?:For|By)[A-Z]", noun)[0])
    if below != noun and "List" not in life.get(plain(below), {"List"}):
        return below  # nothing lists it but under its parent
    shorter = _MARKS.sub("", noun)
    known, made = life.get(plain(shorter), set()), life.get(plain(noun), set())
    return shorter if known & MAKING and not made & MAKING else noun


def _shows_one(name: str, items: str) -> bool:
    """Whether an operation tells of one thing, and the list is a part of that: `GetTable`."""
    verb, rest = split_verb(name)
    if verb == "List" or singular(rest) != rest:
        return False
    return plain(singular(items.removesuffix("[]").rpartition(".")[2])) != plain(rest)


def _items(service: Service, name: str) -> tuple[str, Ref] | None:
    """Return the path and the shape of the items: the list whose name fits the operation's best."""
    output = service.members(service.operations[name]["output"])
    lists = dict(_lists(service, output))
    for member, ref in output.items() if not lists else ():
        inner = _lists(service, service.members(ref))
        lists |= {f"{member}.{path}": item for path, item in inner}
    keys = service.paginators.get(name, {}).get("result_key", [])
    paged = [f"{key}[]" for key in ([keys] if isinstance(keys, str) else keys)]
    if not lists:
        return None
    noun = plain(noun_of(name))

    def rank(path: str) -> tuple[bool, bool, bool, bool]:
        last = plain(singular(path.removesuffix("[]").rpartition(".")[2]))
        structures = service.kind(lists[path]) == "structure"
        return (last == noun, path in paged, last in noun or noun in last, structures)

    best = max(sorted(lists), key=rank)
    return _unwrapped(service, best, lists[best], noun)


def _unwrapped(service: Service, path: str, item: Ref, noun: str) -> tuple[str, Ref]:
    """Return the thing itself where the items only wrap it: `Items[].CachePolicy`."""
    inner = [
        (name, ref)
        for name, ref in service.members(item).items()
        if service.kind(ref) == "structure" and plain(name) in (noun, f"{noun}summary")
    ]
    return (f"{path}.{inner[0][0]}", inner[0][1]) if len(inner) == 1 else (path, item)


def _lists(service: Service, members: dict[str, Ref]) -> Iterator[tuple[str, Ref]]:
    for name, ref in members.items():
        if service.kind(ref) == "list" and re.fullmatch(r"[A-Za-z_]\w*", name):
            item = service.shape(ref)["member"]
            if service.kind(item) in ("structure", "string"):
                yield f"{name}[]", item


def _life_of(service: Service) -> dict[str, set[str]]:
    """Return, for every noun of a service, the verbs of its operations."""
    found: dict[str, set[str]] = {}
    for name in service.operations:
        verb, _ = split_verb(name)
        found.setdefault(plain(noun_of(name)), set()).add(verb)
    return found
