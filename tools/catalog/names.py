"""Names of types: CloudFormation's where it has one, Terraform's, and the table's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

from tools.catalog.lists import TerraformType, cloudformation, terraform
from tools.catalog.models import Service
from tools.catalog.parents import Call
from tools.catalog.words import plain, snake


@cache
def namespaces() -> dict[str, str]:
    """Return the CloudFormation namespace of each service: the one that most of its types have."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for name, operation in cloudformation().items():
        if operation:
            counted[operation.partition(".")[0]][name.split("::")[1]] += 1
    return {service: min(c, key=lambda n: (-c[n], n)) for service, c in counted.items()}


def _title(service: Service) -> str:
    """Return how types of a service begin: CloudFormation's name for it, or its own."""
    own = "".join(word[:1].upper() + word[1:] for word in service.service_id.split())
    known = namespaces().get(service.name) or _spelled().get(plain(own))
    return known or own.replace("-", "")


@cache
def _spelled() -> dict[str, str]:
    """Return CloudFormation's namespaces without case and marks."""
    found = {name.split("::")[1] for name in cloudformation()}
    return {plain(each): each for each in sorted(found)}


def name_types(calls: Iterable[Call]) -> dict[int, str]:
    """Return the type of each call, by `id`. Stronger evidence takes a name first."""
    listed = list(calls)
    found: dict[int, str] = {}
    taken: set[str] = set()
    for rank in (_said, _called_alike, _of_its_own):
        for call in listed:
            name = rank(call) if id(call) not in found else None
            if name and name not in taken:
                found[id(call)] = name
                taken.add(name)
    return found


@cache
def _said_by_operation() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, operation in cloudformation().items():
        found[operation].append(name)
    return found


def _said(call: Call) -> str | None:
    """CloudFormation's list handler calls this operation, and the names agree."""
    types = _said_by_operation().get(f"{call.listing.service.name}.{call.listing.name}", [])
    noun = plain(call.listing.noun)
    fitting = [name for name in types if _alike(plain(name.rpartition("::")[2]), noun)]
    return min(fitting, key=lambda n: (plain(n.rpartition("::")[2]) != noun, n), default=None)


def _alike(one: str, other: str) -> bool:
    return one == other or one.endswith(other) or other.endswith(one)


def _called_alike(call: Call) -> str | None:
    """CloudFormation has a type of this name in the service's namespace."""
    noun, start = plain(call.listing.noun), f"AWS::{_title(call.listing.service)}::"
    names = (name for name in cloudformation() if name.startswith(start))
    return next((name for name in names if plain(name.removeprefix(start)) == noun), None)


def _of_its_own(call: Call) -> str | None:
    noun = call.listing.noun[:1].upper() + call.listing.noun[1:]
    return f"Ext::{_title(call.listing.service)}::{noun}"


def terraform_names(call: Call, type_name: str) -> tuple[str, ...]:
    """Return Terraform's names of a type: of its CloudFormation type, or of its operation."""
    operation = f"{call.listing.service.name}.{call.listing.name}"
    noun = call.listing.noun
    return tuple(
        each.name
        for each in terraform()
        if each.inventory and _is(each, type_name, operation, noun)
    )


def _is(each: TerraformType, type_name: str, operation: str, noun: str) -> bool:
    if each.cloudformation:
        return each.cloudformation == type_name
    last = snake(noun).rpartition("_")[2]
    alike: bool = plain(each.name).endswith(plain(noun)) or each.name.rpartition("_")[2] == last
    return each.operation == operation and alike


def table_name(call: Call, names: tuple[str, ...]) -> str:
    """Return the name of a type's table: Terraform's, as Steampipe's mostly are, or one like it."""
    service = plain(call.listing.service.name)
    return names[0] if names else f"aws_{service}_{snake(call.listing.noun)}"
