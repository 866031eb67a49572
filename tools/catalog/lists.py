"""The lists beside the generator: CloudFormation's and Terraform's types, and what is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("data")


def table(name: str) -> list[list[str]]:
    """Return the rows of a tab-separated list, short rows filled up with empty fields."""
    lines = [line.split("\t") for line in (FOLDER / name).read_text("utf-8").splitlines()]
    width = max(map(len, lines))
    return [line + [""] * (width - len(line)) for line in lines]


@cache
def cloudformation() -> dict[str, str]:
    """Return CloudFormation's types with the operation that their list handler calls, or ``."""
    return {name: operation for name, operation, _ in table("cloudformation.tsv")}


@cache
def cloudformation_by_operation() -> dict[str, list[str]]:
    """Return CloudFormation's types by the operation that lists them."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, operation in cloudformation().items():
        found[operation].append(name)
    return found


@dataclass(frozen=True)
class TerraformType:
    """A type of the Terraform AWS provider, as far as the lists know it."""

    name: str
    kind: str
    cloudformation: str
    operation: str

    @property
    def inventory(self) -> bool:
        """Whether it is a thing of its own, not an attachment, a setting or a waiter."""
        return self.kind.startswith(("inventory", "child"))


@cache
def terraform() -> tuple[TerraformType, ...]:
    """Return every type of the Terraform AWS provider."""
    return tuple(TerraformType(*row) for row in table("terraform.tsv"))


@cache
def _left_out() -> dict[str, str]:
    return {row[0]: row[1] for row in table("left_out.tsv")}


def left_out(service: str, operation: str) -> str | None:
    """Return why an operation is not in the catalog, None where nothing speaks against it."""
    name = f"{service}.{operation}"
    found = (why for glob, why in _left_out().items() if glob == service or fnmatchcase(name, glob))
    return next(found, None)


@cache
def named_parents() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the parent operation and the member for inputs that no name tells."""
    rows = table("parents.tsv")
    return {(operation, given): (parent, member) for operation, given, parent, member in rows}
