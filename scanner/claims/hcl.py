"""The few parts of HCL that say where states are kept: backends, and what their values come to.

Needs the extra `hcl`. Only literals and a few of Terragrunt's functions are worked out: HCL can
compute anything, and what is computed stays unsaid here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.errors import SourceError

_PART = re.compile(r"\$\{([^{}]*)\}")
_LONGEST = 4 << 20
_SPOKEN = re.compile(r"\b(?:backend\s+\"|cloud\s*\{|remote_state\b|include\b|terraform\s*\{)")


def parse(path: Path) -> dict[str, Any]:
    """Return a file's blocks as dicts and lists; raises `SourceError` where it cannot be read."""
    try:
        if path.stat().st_size > _LONGEST:
            raise SourceError(f"{path.name} is larger than {_LONGEST:,} bytes")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path.name} cannot be read: {type(error).__name__}") from error
    if path.name.endswith(".json"):
        return _json(path, text)
    return _hcl(path, text) if _SPOKEN.search(text) else {}


def _json(path: Path, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path.name} is not JSON") from error
    return found if isinstance(found, dict) else {}


def _hcl(path: Path, text: str) -> dict[str, Any]:
    try:
        import hcl2
        from lark.exceptions import LarkError
    except ImportError as error:
        raise SourceError(
            "reading HCL needs an extra: pip install 'strays[hcl]'; or run `terraform init` there, "
            "or name the states themselves"
        ) from error
    try:
        found: dict[str, Any] = _unquoted(hcl2.loads(text))
    except (LarkError, RecursionError) as error:
        raise SourceError(f"{path.name} is not HCL that can be read") from error
    return found


def _unquoted(value: Any) -> Any:
    """Return python-hcl2's tree with labels and texts less their quotes."""
    if isinstance(value, dict):
        return {
            _plain(key): _unquoted(item) for key, item in value.items() if key != "__is_block__"
        }
    if isinstance(value, list):
        return [_unquoted(item) for item in value]
    return _plain(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def blocks(value: Any, *path: str) -> Iterator[dict[str, Any]]:
    """Yield the blocks at a path of names, where each may stand several times."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            if not path:
                yield item
            elif path[0] in item:
                yield from blocks(item[path[0]], *path[1:])


@dataclass(frozen=True)
class Scope:
    """What expressions may name: literal locals, and Terragrunt's path below what it includes."""

    local: Mapping[str, Any] = field(default_factory=dict)
    relative: str | None = None

    def settle(self, value: Any) -> Any:
        """Return a value with its expressions worked out; raises `SourceError` naming one left."""
        if isinstance(value, dict):
            return {key: self.settle(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.settle(item) for item in value]
        if not isinstance(value, str):
            return value
        return _PART.sub(lambda found: self._expression(found.group(1).strip()), value)

    def _expression(self, text: str) -> str:
        if text == "path_relative_to_include()" and self.relative is not None:
            return self.relative
        name = text.removeprefix("local.")
        if name != text and isinstance(self.local.get(name), (str, int)):
            return str(self.settle(self.local[name]))
        asked = re.fullmatch(r'get_env\(\s*"([^"]+)"\s*(?:,\s*"([^"]*)"\s*)?\)', text)
        value = os.environ.get(asked[1], asked[2]) if asked else None
        if value is None:
            raise SourceError(
                f"it computes {text[:80]!r}, which is not worked out here: run `terraform init` "
                "there, or name the state itself"
            )
        return value
