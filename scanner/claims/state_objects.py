"""What a Terraform state says of one object, and how its parts are brought to one form.

Format 4: https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Attributes = dict[str, Any]

_PROVIDER = re.compile(
    r'(?:^|\.)provider\["(?:[^"/]+/)?(?P<namespace>[^"/]+)/(?P<type>[^"/]+)"\](?P<alias>\..+)?$'
)
_LEGACY = re.compile(r"(?:^|\.)provider\.(?P<type>[^.]+)(?P<alias>\..+)?$")
_OURS = frozenset({("hashicorp", "aws"), ("-", "aws"), ("hashicorp", "awscc")})
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_PUBLIC = re.compile(r"arn:aws[a-z-]*:[^\s]+|[0-9a-fA-F.:]+/\d{1,3}|(?:[a-z]+-){1,2}[0-9a-f]{8,17}")
_FLAT_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as a state names it: `name` is `aws`, or `acme/aws` where it is another's."""

    name: str
    alias: str
    ours: bool

    @property
    def text(self) -> str:
        """As people write it: `aws.west`."""
        return f"{self.name}{self.alias}"


@dataclass(frozen=True, slots=True)
class StateObject:
    """One managed object: `attributes` without what the state marks as sensitive.

    `provider` is the provider configuration's address in the state, which is one per alias and
    module; `note` says what is special (`tainted`, `deposed`).
    """

    address: str
    type: str
    provider: str
    attributes: Attributes
    identity: Mapping[str, Any]
    note: str | None = None


@lru_cache(maxsize=1024)
def parse_provider(text: str) -> Provider:
    """Return the provider of an address in Terraform's, OpenTofu's or the legacy form.

    Any registry's `hashicorp/aws` and `hashicorp/awscc` are ours (mirrors have hosts of their
    own); `-` is the namespace that upgrades from 0.12 leave behind.
    """
    found = _PROVIDER.search(text)
    if found:
        named = (found["namespace"], found["type"])
        ours = named in _OURS
        short = named[1] if named[0] in ("hashicorp", "-") else "/".join(named)
        return Provider(short, found["alias"] or "", ours)
    legacy = _LEGACY.search(text)
    if legacy:
        return Provider(legacy["type"], legacy["alias"] or "", legacy["type"] == "aws")
    return Provider(text or "unnamed", "", False)


def index_text(key: int | str | None) -> str:
    """Return an instance's index as Terraform prints it in an address: `[0]`, `["a"]`, nothing."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f"[{_quoted(key)}]"


def _quoted(text: str) -> str:
    """Quote as HCL does (Terraform's `toHCLQuotedString`): `${` and `%{` are doubled."""
    told = "".join(_ESCAPES.get(mark, mark if mark.isprintable() else _code(mark)) for mark in text)
    return '"' + re.sub(r"([$%])(?=\{)", r"\1\1", told) + '"'


def _code(mark: str) -> str:
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"


def unflatten(flat: Mapping[str, str | None]) -> Attributes:
    """Return the attributes of format 3 (`rule.#`, `rule.0.port`) as lists and maps."""
    tree: Attributes = {}
    for name, value in flat.items():
        *path, last = name.split(".", _FLAT_DEPTH)
        node = tree
        for part in path:
            below = node.setdefault(part, {})
            if not isinstance(below, dict):
                break
            node = below
        else:
            node.setdefault(last, value)
    return {name: _folded(value) for name, value in tree.items()}


def _folded(node: Any) -> Any:
    """Make lists of what carries a count; sets are keyed by hashes, so their order is free."""
    if not isinstance(node, dict):
        return node
    items = {name: _folded(value) for name, value in node.items() if name not in ("#", "%")}
    return list(items.values()) if "#" in node else items


def hide_sensitive(attributes: Attributes, paths: list[Any]) -> None:
    """Blank what the state marks as sensitive, in place.

    What is an ARN, a network or an AWS id by its own form is kept: AWS shows those to every
    reader, and without them the object could not be recognised.
    """
    for path in paths:
        steps = [_step(step) for step in path] if isinstance(path, list) else []
        holder: Any = attributes
        for step in steps[:-1]:
            holder = _below(holder, step)
        if steps and _below(holder, steps[-1]) is not None:
            holder[steps[-1]] = _public(holder[steps[-1]])


def _step(step: Any) -> Any:
    value = step.get("value") if isinstance(step, dict) else None
    value = value.get("value") if isinstance(value, dict) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _below(holder: Any, step: Any) -> Any:
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
        return holder[step]
    return None


def _public(value: Any) -> Any:
    if isinstance(value, list):
        return [item for item in map(_public, value) if item is not None]
    return value if isinstance(value, str) and _PUBLIC.fullmatch(value) else None
