"""`strays adopt --format cloudformation`: a template and the list of what it imports, per place.

Every resource is written with `DeletionPolicy: Retain`, which an import asks for
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-new-stack.html).
What a type is identified by and must have is CloudFormation's own schema
(`data/stack_schema.jsonl`, made by `tools/stack_schema.py`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import yaml

from scanner.actions.chosen import Stray
from scanner.actions.configuration import said
from scanner.actions.files import write_texts
from scanner.aws import GLOBAL_REGIONS
from scanner.documents import as_tags
from scanner.errors import CatalogError
from scanner.model import GLOBAL

Place = tuple[str, str]
_ARN = re.compile(r"arn$", re.IGNORECASE)


class StackType(msgspec.Struct, frozen=True):
    """CloudFormation's word on one type."""

    type: str
    identifier: tuple[str, ...]
    required: tuple[str, ...]
    properties: dict[str, str]
    tags: str


class StackHint(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"set_": "set"}):
    """What the schema does not say: properties and parts of the identifier by JMESPath."""

    set_: dict[str, str] = {}
    drop: tuple[str, ...] = ()
    identifier: dict[str, str] = {}


@dataclass
class StackImports:
    """Per account and region, a template and what it imports; and what cannot be, and why."""

    stacks: dict[Place, tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=dict)
    left_out: list[tuple[Stray, str]] = field(default_factory=list)


def plan_stack_import(strays: list[Stray]) -> StackImports:
    """Return what would be written for these strays."""
    imports = StackImports()
    for stray in strays:
        kind = stack_types().get(stray.resource_type)
        why = _why_not(stray, kind)
        if kind is None or why:
            imports.left_out.append((stray, why or "CloudFormation has no such type"))
            continue
        region = GLOBAL_REGIONS[stray.partition] if stray.region == GLOBAL else stray.region
        empty: tuple[dict[str, Any], list[dict[str, Any]]] = (_template(), [])
        template, listed = imports.stacks.setdefault((stray.account_id, region), empty)
        logical = _logical_id(stray, template["Resources"])
        template["Resources"][logical] = {
            "Type": kind.type,
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": _properties(stray, kind),
        }
        listed.append(
            {
                "ResourceType": kind.type,
                "LogicalResourceId": logical,
                "ResourceIdentifier": _identifier(stray, kind),
            }
        )
    return imports


@lru_cache(maxsize=1)
def stack_types() -> dict[str, StackType]:
    """Return what is known of each type."""
    lines = files(__package__).joinpath("data/stack_schema.jsonl").read_bytes().splitlines()
    found = [msgspec.json.decode(line, type=StackType) for line in lines]
    return {kind.type: kind for kind in found}


@lru_cache(maxsize=1)
def stack_hints() -> dict[str, StackHint]:
    """Return the hints by type; raises `CatalogError` where the file is bad."""
    text = files(__package__).joinpath("data/stack.yaml").read_text("utf-8")
    try:
        return msgspec.convert(yaml.safe_load(text), dict[str, StackHint])
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogError(f"scanner/actions/data/stack.yaml: {error}") from error


def _template() -> dict[str, Any]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Written by strays adopt: imports what was made outside code",
        "Resources": {},
    }


def _logical_id(stray: Stray, taken: dict[str, Any]) -> str:
    words = re.findall(r"[A-Za-z0-9]+", stray.label.rpartition("/")[2] or stray.label)
    plain = "".join(word[:1].upper() + word[1:] for word in words)[:100] or "Adopted"
    found, count = plain, 2
    while found in taken:
        found, count = f"{plain}{count}", count + 1
    return found


def _why_not(stray: Stray, kind: StackType | None) -> str | None:
    if kind is None:
        return None
    if None in _identifier(stray, kind).values():
        return f"its {' and '.join(kind.identifier)} cannot be told"
    known = _properties(stray, kind)
    lacking = [name for name in kind.required if name not in known]
    return f"AWS does not tell its {', '.join(lacking)}" if lacking else None


def _identifier(stray: Stray, kind: StackType) -> dict[str, str | None]:
    return {name: _key(stray, kind, name) for name in kind.identifier}


def _key(stray: Stray, kind: StackType, name: str) -> str | None:
    """Return one part of what identifies a thing: told by that name, its ARN, or its only id."""
    hints = stack_hints().get(kind.type, StackHint())
    told = (
        said(hints.identifier[name], stray.document)
        if name in hints.identifier
        else _told(stray, name)
    )
    if isinstance(told, str) and told:
        return told
    if _ARN.search(name):
        return stray.arn
    noun = kind.type.rpartition("::")[2]
    if len(kind.identifier) == 1 or name in (f"{noun}Id", "Id"):
        return stray.resource_id
    return stray.name if name in (f"{noun}Name", "Name") else None


def _told(stray: Stray, name: str) -> Any:
    """Return a property that AWS tells under a name, whatever its case; a parent's otherwise."""
    document: dict[str, Any] | None = stray.document
    while document:
        found = {k.lower(): v for k, v in document.items() if not k.startswith("_")}
        if found.get(name.lower()) not in (None, "", [], {}):
            return found[name.lower()]
        document = document.get("_parent")
    return None


def _properties(stray: Stray, kind: StackType) -> dict[str, Any]:
    """Return what the template says: what identifies it, what must stand, and plain values."""
    hints = stack_hints().get(kind.type, StackHint())
    found = {}
    for name, shape in kind.properties.items():
        if name in hints.drop:
            continue
        if name in hints.set_:
            value = said(hints.set_[name], stray.document)
            if value not in (None, "", [], {}):
                found[name] = value
            continue
        value = _told(stray, name) if name in kind.required else stray.document.get(name)
        if value is None and name in kind.identifier:
            value = _key(stray, kind, name)
        if _fits(value, shape):
            found[name] = value
    own = {k: v for k, v in as_tags(stray.tags).items() if not k.startswith("aws:")}
    found.pop(kind.tags, None)
    if own and kind.properties.get(kind.tags) == "array":
        found[kind.tags] = [{"Key": key, "Value": text} for key, text in sorted(own.items())]
    return found


def _fits(value: Any, shape: str) -> bool:
    if value in (None, "", [], {}):
        return False
    kinds = set(shape.split("|"))
    if isinstance(value, bool):
        return "boolean" in kinds
    if isinstance(value, (int, float)):
        return bool(kinds & {"integer", "number", "string"})
    if isinstance(value, str):
        return "string" in kinds or (value.lstrip("-").isdigit() and "integer" in kinds)
    if isinstance(value, list):
        return shape == "array of string" and all(isinstance(item, str) for item in value)
    return False


def write_stack_import(imports: StackImports, folder: Path) -> list[Path]:
    """Write `template.json` and `resources-to-import.json` per place; raises `ReportError`."""
    written: list[Path] = []
    for (account, region), (template, listed) in imports.stacks.items():
        values = {"template.json": template, "resources-to-import.json": listed}
        texts = {name: json.dumps(value, indent=2) + "\n" for name, value in values.items()}
        written += write_texts(folder / account / region, texts)
    return written
