"""A CloudFormation template with the values that its stack gave: what a property really says.

Only for the properties that make further resources (a group's inline rules, a role's inline
policies). What cannot be known here (another region's export, a custom resource's answer) is
`UNKNOWN`, and nothing is claimed by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

UNKNOWN = object()
"""A value that nothing here tells."""

_NOTHING = object()
Function = Callable[["Values", Any, int], Any]
_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")


@dataclass(frozen=True)
class Values:
    """What a stack's template may refer to, as the stack knows it."""

    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    physical_ids: Mapping[str, str]
    pseudo: Mapping[str, str]
    exports: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def properties(self, logical_id: str) -> dict[str, Any]:
        """Return a resource's properties with everything filled in that can be."""
        found = self.resolve(self.resource(logical_id).get("Properties") or {})
        return found if isinstance(found, dict) else {}

    def resource(self, logical_id: str) -> Mapping[str, Any]:
        """Return a resource as the template writes it, nothing where it is not there."""
        resources = self.template.get("Resources")
        found = resources.get(logical_id) if isinstance(resources, dict) else None
        return found if isinstance(found, dict) else {}

    def resolve(self, value: Any, depth: int = 0) -> Any:
        """Return the value with intrinsic functions worked out."""
        if depth > 40:
            return UNKNOWN
        if isinstance(value, list):
            found = [self.resolve(item, depth + 1) for item in value]
            return [item for item in found if item is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            function = _FUNCTIONS.get(name)
            if function:
                return self._called(function, argument, depth + 1)
            if name.startswith("Fn::"):
                return UNKNOWN
        resolved = {key: self.resolve(item, depth + 1) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not _NOTHING}

    def _called(self, function: Function, argument: Any, depth: int) -> Any:
        """Return what a function gives; one with an argument of another form tells nothing."""
        try:
            return function(self, argument, depth)
        except (LookupError, TypeError, ValueError, AttributeError):
            return UNKNOWN

    def reference(self, name: str) -> Any:
        """Return what `Ref` gives."""
        if name == "AWS::NoValue":
            return _NOTHING
        for known in (self.pseudo, self.physical_ids, self.parameters):
            if name in known:
                return known[name]
        return UNKNOWN

    def attribute(self, logical_id: str, name: str, depth: int) -> Any:
        """Return what `Fn::GetAtt` gives, where ids, outputs or the template itself tell."""
        physical = self.physical_ids.get(logical_id, "")
        if name.startswith("Outputs."):
            return self.outputs.get(physical, {}).get(name.removeprefix("Outputs."), UNKNOWN)
        if name in ("GroupId", "Id", "VpcId", "RouteTableId") or (
            name == "Arn" and physical.startswith("arn:")
        ):
            return physical or UNKNOWN
        properties = self.resource(logical_id).get("Properties") or {}
        return self.resolve(properties[name], depth) if name in properties else UNKNOWN

    def condition(self, value: Any, depth: int) -> Any:
        """Return a condition as True, False or `UNKNOWN`."""
        if isinstance(value, str):
            value = (self.template.get("Conditions") or {}).get(value, UNKNOWN)
        if depth > 40 or not isinstance(value, dict) or len(value) != 1:
            return UNKNOWN
        name, given = next(iter(value.items()))
        if name == "Condition":
            return self.condition(given, depth + 1)
        if name == "Fn::Equals":
            left, right = (self.resolve(item, depth + 1) for item in given)
            return UNKNOWN if UNKNOWN in (left, right) else str(left) == str(right)
        parts = [self.condition(item, depth + 1) for item in given]
        if name == "Fn::Not":
            return UNKNOWN if parts[0] is UNKNOWN else not parts[0]
        decisive = name == "Fn::Or"
        if decisive in parts:
            return decisive
        return UNKNOWN if UNKNOWN in parts else not decisive


def _ref(values: Values, argument: Any, _: int) -> Any:
    return values.reference(str(argument))


def _get_att(values: Values, argument: Any, depth: int) -> Any:
    parts = argument.split(".", 1) if isinstance(argument, str) else [str(a) for a in argument]
    return values.attribute(parts[0], ".".join(parts[1:]), depth)


def _sub(values: Values, argument: Any, depth: int) -> Any:
    text, local = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
    known = {key: values.resolve(item, depth) for key, item in local.items()}
    unknown = False

    def fill(match: re.Match[str]) -> str:
        nonlocal unknown
        name = match.group(2).strip()
        if match.group(1):
            return "${" + name + "}"
        found = known.get(name)
        if found is None:
            found = _get_att(values, name, depth) if "." in name else values.reference(name)
        unknown = unknown or found is UNKNOWN or found is _NOTHING
        return str(found)

    filled = _SUBSTITUTION.sub(fill, str(text))
    return UNKNOWN if unknown else filled


def _join(values: Values, argument: Any, depth: int) -> Any:
    items = values.resolve(argument[1], depth)
    if not isinstance(items, list) or UNKNOWN in items:
        return UNKNOWN
    return str(argument[0]).join(str(item) for item in items)


def _split(values: Values, argument: Any, depth: int) -> Any:
    text = values.resolve(argument[1], depth)
    return text.split(argument[0]) if isinstance(text, str) else UNKNOWN


def _select(values: Values, argument: Any, depth: int) -> Any:
    items = values.resolve(argument[1], depth)
    index = values.resolve(argument[0], depth)
    if isinstance(items, str):
        items = items.split(",")
    try:
        return items[int(index)]
    except (TypeError, ValueError, IndexError):
        return UNKNOWN


def _if(values: Values, argument: Any, depth: int) -> Any:
    holds = values.condition(argument[0], depth)
    return UNKNOWN if holds is UNKNOWN else values.resolve(argument[1 if holds else 2], depth)


def _find_in_map(values: Values, argument: Any, depth: int) -> Any:
    found: Any = values.template.get("Mappings") or {}
    for part in argument[:3]:
        key = values.resolve(part, depth)
        found = found.get(str(key), UNKNOWN) if isinstance(found, dict) else UNKNOWN
    return found


def _import(values: Values, argument: Any, depth: int) -> Any:
    return values.exports.get(str(values.resolve(argument, depth)), UNKNOWN)


_FUNCTIONS = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import,
}
