"""Chooses which list operations are inventory, one for each thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from tools.catalog.items import Key, key_of
from tools.catalog.listing import ListOperation, list_operations
from tools.catalog.lists import cloudformation_by_operation, terraform
from tools.catalog.models import Service
from tools.catalog.parents import Call, calls_of
from tools.catalog.words import plain, split_verb

Found = tuple[ListOperation, Key]


def inventory(service: Service) -> list[Call]:
    """Return one call for each thing of a service that can be listed, parents first.

    A thing is inventory where operations make it or do away with it, or where CloudFormation or
    Terraform has a type for it. What is not, and is needed to list what is, comes along.
    """
    listings = [item for item in list_operations(service) if item.pages_whole()]
    found = [(listing, key) for listing in listings if (key := key_of(listing)) is not None]
    things = [item for item in found if is_inventory(item[0])]
    names = {plain(listing.noun) for listing, _ in things}
    others = [i for i in found if plain(i[0].noun) not in names and not i[0].required]
    listable = {call.listing.name for call in calls_of([*things, *others])}
    best = _one_each(item for item in [*things, *others] if item[0].name in listable)
    calls = calls_of(best)
    needed = {call.listing.name for call in calls if plain(call.listing.noun) in names}
    needed |= {up.listing.name for call in calls if call.listing.name in needed for up in _up(call)}
    return sorted(
        (call for call in calls if call.listing.name in needed),
        key=lambda call: (call.depth, call.listing.name),
    )


def _up(call: Call) -> Iterator[Call]:
    while call.parent:
        call = call.parent
        yield call


def is_inventory(listing: ListOperation) -> bool:
    """Whether what an operation lists is a thing of its own."""
    name = f"{listing.service.name}.{listing.name}"
    known = name in cloudformation_by_operation() or name in _terraform_operations()
    return known or listing.stays


@cache
def _terraform_operations() -> frozenset[str]:
    return frozenset(each.operation for each in terraform() if each.inventory)


def _one_each(found: Iterable[Found]) -> list[Found]:
    """Return the best operation for each noun: the fewest inputs, then the most in its answer."""
    best: dict[str, Found] = {}
    for listing, key in found:
        noun = plain(listing.noun)
        if noun not in best or _worth(listing, key) > _worth(*best[noun]):
            best[noun] = (listing, key)
    return [best[noun] for noun in sorted(best)]


def _worth(listing: ListOperation, key: Key) -> tuple[int, int, int, bool, str]:
    members = (key.arn, key.name, key.created, key.tags)
    verb, _ = split_verb(listing.name)
    told = sum(member is not None for member in members) - key.guessed
    return (-len(listing.required), -(verb == "Search"), told, not listing.bare, listing.name)
