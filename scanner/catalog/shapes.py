"""What an expression finds in a shape: JMESPath followed through botocore's models.

A place is a botocore shape, a `Document` (a shape with members of our own), a `ListOf`, or None
where nothing is known. Following an expression gives the place it leads to and every member on the
way that is not there, so a misspelt one is found without any answer of AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scanner.catalog.expressions import _OPTIONS, compiled

Place = Any
"""A botocore shape, a `Document`, a `ListOf`, or None."""

Node = dict[str, Any]

_FUNCTIONS = frozenset(_OPTIONS.custom_functions.FUNCTION_TABLE)

_LOOSE = frozenset(("subexpression", "projection", "filter_projection", "value_projection"))
"""What binds less tightly than `!`: `!a.b` is `(!a).b`, which is nothing."""


@dataclass(frozen=True)
class ListOf:
    """A list that an expression makes."""

    member: Place


@dataclass(frozen=True)
class Document:
    """An item as the catalog's expressions see it; an `open` one may hold any member."""

    members: dict[str, Place] = field(default_factory=dict)
    open: bool = False


def follow(expression: str, place: Place) -> tuple[Place, list[str]]:
    """Return where an expression leads from a place, and what is wrong with it.

    Raises `jmespath.exceptions.JMESPathError` where it is no expression.
    """
    walk = _Walk()
    return walk.visit(compiled(expression).parsed, place), walk.wrong


def element(place: Place) -> Place:
    """Return what a list holds, None for everything else."""
    return place.member if _is_list(place) else None


def members_of(place: Place) -> dict[str, Place] | None:
    """Return the members of a structure or document, None for everything else."""
    if isinstance(place, Document) or _kind(place) == "structure":
        found: dict[str, Place] = place.members
        return found
    return None


def _is_list(place: Place) -> bool:
    return isinstance(place, ListOf) or _kind(place) == "list"


def _kind(place: Place) -> str:
    return str(getattr(place, "type_name", ""))


def _any_member(place: Place) -> bool:
    """Whether nothing is known of the members; botocore reads IAM's policy texts as documents."""
    return place is None or getattr(place, "name", "") == "policyDocumentType"


class _Walk:
    """One walk over a parsed expression; the nodes are those of `jmespath.ast`."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def visit(self, node: Node, here: Place) -> Place:
        if node["type"] in _LOOSE and node["children"][0]["type"] == "not_expression":
            self.wrong.append("! binds tighter than what follows it: put that in parentheses")
        handler: Callable[[Node, Place], Place] = getattr(self, f"_{node['type']}", self._each)
        return handler(node, here)

    def _each(self, node: Node, here: Place) -> Place:
        """Operators: every operand is looked up here, the result tells nothing."""
        for child in node["children"]:
            self.visit(child, here)
        return None

    def _field(self, node: Node, here: Place) -> Place:
        name = node["value"]
        if _any_member(here):
            return None
        if _kind(here) == "map":
            return here.value
        members = members_of(here)
        if members is not None and name in members:
            return members[name]
        if not getattr(here, "open", False):
            self.wrong.append(f"there is no {name} {_among(here, members)}")
        return None

    def _subexpression(self, node: Node, here: Place) -> Place:
        for child in node["children"]:
            here = self.visit(child, here)
        return here

    _pipe = _subexpression
    _index_expression = _subexpression

    def _index(self, _node: Node, here: Place) -> Place:
        return self._element(here)

    def _flatten(self, node: Node, here: Place) -> Place:
        inner = self._element(self.visit(node["children"][0], here))
        return ListOf(element(inner) if _is_list(inner) else inner)

    def _projection(self, node: Node, here: Place) -> Place:
        left, right = node["children"]
        return ListOf(self.visit(right, self._element(self.visit(left, here))))

    def _filter_projection(self, node: Node, here: Place) -> Place:
        left, right, condition = node["children"]
        item = self._element(self.visit(left, here))
        self.visit(condition, item)
        return ListOf(self.visit(right, item))

    def _value_projection(self, node: Node, here: Place) -> Place:
        left, right = node["children"]
        found = self.visit(left, here)
        return ListOf(self.visit(right, found.value if _kind(found) == "map" else None))

    def _or_expression(self, node: Node, here: Place) -> Place:
        found = [self.visit(child, here) for child in node["children"]]
        return next((place for place in found if place is not None), None)

    def _multi_select_list(self, node: Node, here: Place) -> Place:
        found = [self.visit(child, here) for child in node["children"]]
        return ListOf(next((place for place in found if place is not None), None))

    def _multi_select_dict(self, node: Node, here: Place) -> Place:
        pairs = node["children"]
        return Document({pair["value"]: self.visit(pair["children"][0], here) for pair in pairs})

    def _function_expression(self, node: Node, here: Place) -> Place:
        if node["value"] not in _FUNCTIONS:
            self.wrong.append(f"there is no function {node['value']}")
        found = [self.visit(child, here) for child in node["children"]]
        return _merged(found) if node["value"] == "merge" else None

    def _expref(self, _node: Node, _here: Place) -> Place:
        return None

    def _literal(self, _node: Node, _here: Place) -> Place:
        return None

    def _slice(self, _node: Node, here: Place) -> Place:
        return here

    def _identity(self, _node: Node, here: Place) -> Place:
        return here

    _current = _identity

    def _element(self, here: Place) -> Place:
        if here is not None and not _is_list(here):
            self.wrong.append(f"{getattr(here, 'name', 'the item')} is no list")
        return element(here)


def _merged(places: list[Place]) -> Document:
    known = [members_of(place) for place in places]
    members = {name: place for each in known if each for name, place in each.items()}
    return Document(members, open=None in known)


def _among(here: Place, members: dict[str, Place] | None) -> str:
    name = getattr(here, "name", "the item")
    if members is None:
        return f"in {name}, which is a {_kind(here) or 'list'}"
    return f"among the members of {name} ({', '.join(sorted(members)[:60])})"
