"""Terraform's language, written: values, labels, blocks. Names are hostile; all text is quoted."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Raw:
    """An expression that stands as it is, a reference for one."""

    text: str


@dataclass(frozen=True)
class Encoded:
    """A JSON document inside an argument: `jsonencode(...)`."""

    value: Any


@dataclass
class Block:
    """The body of a block: arguments first, then nested blocks in order."""

    arguments: dict[str, Any] = field(default_factory=dict)
    blocks: list[tuple[str, Block]] = field(default_factory=list)


def quoted(text: str) -> str:
    """Return a text as a quoted template that is taken literally.

    `${` and `%{` begin templates and are doubled
    (https://developer.hashicorp.com/terraform/language/expressions/strings).
    """
    plain = json.dumps(text, ensure_ascii=False)
    plain = plain.replace("\\b", "\\u0008").replace("\\f", "\\u000c").replace("\x7f", "\\u007f")
    return plain.replace("${", "$${").replace("%{", "%%{")


def label(text: str, taken: set[str]) -> str:
    """Return a resource's label made from a name, unlike those already taken, and take it."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60] or "adopted"
    plain = f"_{plain}" if plain[0].isdigit() else plain
    found, count = plain, 2
    while found in taken:
        found, count = f"{plain}_{count}", count + 1
    taken.add(found)
    return found


def literal(value: Any, indent: int = 0) -> str:
    """Return a value as an expression."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Encoded):
        return f"jsonencode({literal(value.value, indent)})"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return quoted(value)
    return _collection(value, indent)


def _collection(value: Any, indent: int) -> str:
    pad = "  " * (indent + 1)
    if isinstance(value, dict):
        inner = [f"{pad}{_key(k)} = {literal(v, indent + 1)}" for k, v in value.items()]
        ends = "{}"
    else:
        inner = [f"{pad}{literal(item, indent + 1)}," for item in value]
        ends = "[]"
    if not inner:
        return ends
    return f"{ends[0]}\n" + "\n".join(inner) + f"\n{'  ' * indent}{ends[1]}"


def _key(name: Any) -> str:
    return name.text if isinstance(name, Raw) else quoted(str(name))


def write(kind: str, labels: tuple[str, ...], block: Block, indent: int = 0) -> str:
    """Return a whole block as text."""
    pad = "  " * indent
    head = " ".join([kind, *(quoted(name) for name in labels)])
    lines = [f"{pad}{head} {{"]
    width = max((len(name) for name in block.arguments), default=0)
    for name, value in block.arguments.items():
        lines.append(f"{pad}  {name.ljust(width)} = {literal(value, indent + 1)}")
    for name, nested in block.blocks:
        lines.append(write(name, (), nested, indent + 1))
    return "\n".join([*lines, f"{pad}}}"])
