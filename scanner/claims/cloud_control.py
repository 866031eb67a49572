"""Rows of the `hashicorp/awscc` provider: CloudFormation's types and properties in snake case.

https://registry.terraform.io/providers/hashicorp/awscc/latest/docs. What a property makes besides
(a group's rules, a role's policies) is told by the same functions that read stacks' templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scanner.claims import stack_children_more as _more  # noqa: F401 (fills MAKERS)
from scanner.claims.content import GROUP, ROLE
from scanner.claims.keys import CLOUD_CONTROL
from scanner.claims.pieces import Parent, Piece, text
from scanner.claims.stack_children import MAKERS, Made
from scanner.claims.state_objects import Attributes

_FAMILIES = {"AWS::EC2::SecurityGroup": GROUP, "AWS::IAM::Role": ROLE}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def implied(resource_type: str, row: Attributes) -> Iterator[Piece]:
    """Yield what a row of this CloudFormation type implies beyond itself."""
    maker, own = MAKERS.get(resource_type), text(row, "id")
    if maker is None or not own:
        return
    made = Made(resource_type, "", own, _pascal(row), {})
    family = _FAMILIES.get(resource_type)
    for child in maker(made):
        if child.inline and child.keys:
            parent = Parent(family, own) if family else None
            yield Piece((_row_type(child.resource_type),), child.keys, child.address, parent)


def _row_type(resource_type: str) -> str:
    """Return `awscc_iam_role_policy` for `AWS::IAM::RolePolicy`."""
    _, service, noun = resource_type.split("::")
    return f"{CLOUD_CONTROL}{service.lower()}_{_HUMP.sub('_', noun).lower()}"


def _pascal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_property(str(name)): _pascal(item) for name, item in value.items()}
    return [_pascal(item) for item in value] if isinstance(value, list) else value


def _property(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
