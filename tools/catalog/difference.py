"""What changed since the last run, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

SHOWN = 40


def told(path: Path, before: str, after: str) -> str:
    """Return a few lines on one file: unchanged, new, or which entries came, went and changed."""
    if before == after:
        return f"{path}: unchanged\n"
    if not before:
        return f"{path}: new, {len(after.splitlines())} lines\n"
    if path.suffix == ".txt":
        lines = set(before.splitlines()), set(after.splitlines())
        groups = {"new": sorted(lines[1] - lines[0]), "gone": sorted(lines[0] - lines[1])}
        return f"{path}: changed\n" + "".join(_shown(groups.items()))
    if path.name != "entries.json":
        return f"{path}: changed\n"
    old, new = _by_type(before), _by_type(after)
    groups = {
        "new": sorted(set(new) - set(old)),
        "gone": sorted(set(old) - set(new)),
        "changed": sorted(name for name in set(old) & set(new) if old[name] != new[name]),
        "services new": sorted(_services(new) - _services(old)),
        "services gone": sorted(_services(old) - _services(new)),
    }
    return f"{path}: {len(new)} entries\n" + "".join(_shown(groups.items()))


def _shown(groups: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    for what, names in groups:
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            yield f"  {what}: {len(names)}: {', '.join(names[:SHOWN])}{more}\n"


def _by_type(text: str) -> dict[str, Any]:
    return {entry["type"]: entry for entry in json.loads(text)}


def _services(entries: dict[str, Any]) -> set[str]:
    return {entry["service"] for entry in entries.values()}
