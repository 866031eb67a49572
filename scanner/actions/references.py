"""Literal values that name another adopted resource become references to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.actions.hcl import Block, Raw
from scanner.actions.terraform_types import exports_arn

_OWN_WORDS = frozenset(("name", "description", "tags"))
"""Arguments that are a thing's own words, whatever else bears the same text."""


@dataclass
class Adopted:
    """One resource that is adopted, under its Terraform address."""

    arn: str
    terraform_type: str
    label: str
    import_id: str
    terraform_id: str
    block: Block
    refers: tuple[str, ...] = ()
    needs: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        """`TYPE.LABEL`."""
        return f"{self.terraform_type}.{self.label}"


def connect(adopted: Mapping[str, Adopted]) -> None:
    """Put references into the blocks, by the inventory's links; none that would close a circle.

    `adopted` is by ARN and of one Terraform root.
    """
    for one in adopted.values():
        for arn in one.refers:
            far = adopted.get(arn)
            if far and not _reaches(adopted, far, one.arn):
                said = {far.terraform_id: Raw(f"{far.address}.id")}
                if exports_arn(far.terraform_type):
                    said[far.arn] = Raw(f"{far.address}.arn")
                if _refer(one.block, said):
                    one.needs.add(arn)


def _reaches(adopted: Mapping[str, Adopted], start: Adopted, goal: str) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        one = waiting.pop()
        if one.arn == goal:
            return True
        if one.arn not in seen:
            seen.add(one.arn)
            waiting += [adopted[arn] for arn in one.needs]
    return False


def _refer(block: Block, said: dict[str, Raw]) -> bool:
    """Replace what is said in a block; return whether anything was."""
    changed = False
    for name, value in block.arguments.items():
        if name not in _OWN_WORDS:
            told = _replaced(value, said)
            changed = changed or told != value
            block.arguments[name] = told
    for _, nested in block.blocks:
        changed = _refer(nested, said) or changed
    return changed


def _replaced(value: Any, said: dict[str, Raw]) -> Any:
    if isinstance(value, str):
        return said.get(value, value)
    if isinstance(value, list):
        return [_replaced(item, said) for item in value]
    return value
