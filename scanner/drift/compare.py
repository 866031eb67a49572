"""Two sayings about one attribute, brought to one form: what is left different is drift.

Absent, empty, false and nought are one; sets have no order; JSON documents are compared as what
they mean, where one action stands for a list of one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scanner.documents import SECRET_MEMBERS

_SECRET = SECRET_MEMBERS | {"userdatabase64", "variables"}
"""Names of members whose values are not kept, in lower case and without underscores."""

SHOWN = 300
"""Characters of a value that are kept."""
_EMPTY: tuple[Any, ...] = (None, "", [], {}, False, 0)


def same(how: str, expected: Any, found: Any) -> bool:
    """Whether both say the same; `how` is text, number, bool, port, json, set or tags."""
    return bool(_plain(how, expected) == _plain(how, found))


def _plain(how: str, value: Any) -> Any:
    if how == "port":
        return None if value in (None, -1, "-1") else str(value)
    if how == "json":
        return document(value)
    return None if value in _EMPTY else _PLAIN[how](value)


def _items(value: Any) -> tuple[str, ...]:
    return tuple(sorted(map(str, value.items() if isinstance(value, dict) else value)))


def _number(value: Any) -> Any:
    told = str(value)
    return (float(told) or None) if told.replace(".", "", 1).lstrip("-").isdigit() else told


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "set": _items,
    "tags": _items,
    "number": _number,
    "bool": lambda value: True if str(value).lower() == "true" else None,
    "text": lambda value: str(value).strip(),
}


def document(value: Any) -> Any:
    """Return a JSON document with its lists in one order, those of one item as that item."""
    if isinstance(value, str):
        try:
            return document(json.loads(value))
        except ValueError:
            return value or None
    if isinstance(value, dict):
        return {key: document(item) for key, item in sorted(value.items())} or None
    if isinstance(value, list):
        items = [document(item) for item in value]
        return items[0] if len(items) == 1 else sorted(items, key=json.dumps) or None
    return value


def meaning(value: Any) -> Any:
    """Return what a plan's value says: JSON read, what is empty or false left out, lists sorted.

    A refresh writes `{}`, `false` or nought where the state had null, and nobody changed anything.
    """
    if isinstance(value, str):
        return document(value) if value.startswith(("{", "[")) else value or None
    if isinstance(value, dict):
        told = {key: meaning(item) for key, item in sorted(value.items())}
        return {key: item for key, item in told.items() if item is not None} or None
    if isinstance(value, list):
        items = [item for item in map(meaning, value) if item is not None]
        return sorted(items, key=json.dumps) or None
    return None if value in (False, 0) else value


def holds_secret(path: str, *values: Any) -> bool:
    """Whether an attribute (`environment`, `/Environment/Variables`) or a part of it is secret."""
    return any(_is_secret(part) for part in path.split("/")) or any(map(_secret_inside, values))


def _is_secret(name: str) -> bool:
    return name.replace("_", "").lower() in _SECRET


def _secret_inside(value: Any) -> bool:
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = document(value)
    if isinstance(value, dict):
        return any(_is_secret(key) or _secret_inside(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_secret_inside, value))


def shown(value: Any) -> str | None:
    """Return a value as text for people, cut where it is long."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
