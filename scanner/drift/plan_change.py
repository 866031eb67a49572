"""What of a change in a plan is drift: arguments that say something else, and no echo of another.

A refresh also reports what only AWS sets (`last_modified`), and what other resources of the same
code have done: a queue whose policy is a resource of its own has it in its own `policy` too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from scanner.drift.compare import meaning

_SIDES = ("before", "after")


def changed_arguments(change: dict[str, Any]) -> list[str]:
    """Return the arguments of a drifted resource whose meaning has changed."""
    told = change["change"]
    before, after = told.get("before") or {}, told.get("after") or {}
    fixed = read_only().get(change.get("type", ""), ())
    names = [
        name
        for name in sorted({*before, *after})
        if name not in fixed and meaning(before.get(name)) != meaning(after.get(name))
    ]
    return [name for name in names if name != "tags_all" or "tags" not in names]


@lru_cache(maxsize=1)
def read_only() -> dict[str, list[str]]:
    """Return the attributes that no configuration can set, by Terraform type (generated)."""
    text = files(__package__).joinpath("data/read_only.json").read_bytes()
    found: dict[str, list[str]] = json.loads(text)
    return found


def is_secret(mask: Any, name: str) -> bool:
    """Whether a plan marks an attribute, or a part of it, as sensitive."""
    return mask is True or (isinstance(mask, dict) and _marked(mask.get(name)))


def _marked(mask: Any) -> bool:
    if isinstance(mask, dict | list):
        return any(map(_marked, mask.values() if isinstance(mask, dict) else mask))
    return mask is True


class Other(NamedTuple):
    """Another resource of a plan."""

    address: str
    type: str
    values: dict[str, Any]


class Others:
    """The other resources of a plan, by what they name."""

    def __init__(self, plan: dict[str, Any]) -> None:
        """`plan` is what `terraform show -json` prints."""
        self._plan = plan

    def explain(self, change: dict[str, Any], name: str) -> bool:
        """Whether resources that name this one say what its argument now says.

        Only a document or a list can be such an echo: a rule of a group, a policy of a queue. It is
        one where a resource is just that argument (`aws_s3_bucket_versioning`), has the same
        document, or where all that came into the list or left it stands in such resources.
        """
        before, after = ((change["change"].get(side) or {}).get(name) for side in _SIDES)
        told = meaning(after)
        if not isinstance(told, dict | list) or isinstance(after, dict):
            return False
        near = list(self._naming(change))
        moved = leaves(before) ^ leaves(after)
        return (
            any(other.type == f"{change.get('type')}_{name}" for other in near)
            or any(told == meaning(value) for other in near for value in other.values.values())
            or (
                moved > set() and moved <= {text for other in near for text in leaves(other.values)}
            )
        )

    def _naming(self, change: dict[str, Any]) -> Iterator[Other]:
        before = change["change"].get("before") or {}
        for known in {before.get("id"), before.get("arn")} - {None, ""}:
            for other in self._by_leaf.get(str(known), ()):
                if other.address != change["address"]:
                    yield other

    @cached_property
    def _by_leaf(self) -> dict[str, list[Other]]:
        found: dict[str, list[Other]] = defaultdict(list)
        for other in self._all():
            for text in leaves(other.values):
                found[text].append(other)
        return found

    def _all(self) -> Iterator[Other]:
        state = self._plan.get("prior_state") or {}
        yield from _resources((state.get("values") or {}).get("root_module") or {})
        for one in self._plan.get("resource_drift") or ():
            before = one["change"].get("before") or {}
            yield Other(one["address"], one.get("type", ""), before)


def _resources(module: dict[str, Any]) -> Iterator[Other]:
    for one in module.get("resources") or ():
        yield Other(one["address"], one.get("type", ""), one.get("values") or {})
    for child in module.get("child_modules") or ():
        yield from _resources(child)


def leaves(value: Any) -> set[str]:
    """Return the texts and numbers in a value; true and false say too little."""
    if isinstance(value, dict | list):
        inner: Iterable[Any] = value.values() if isinstance(value, dict) else value
        return {text for item in inner for text in leaves(item)}
    return set() if value in (None, "", True, False) else {str(value)}
