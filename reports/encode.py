"""Rows as JSON: times in UTC with their Z, JSON columns as they are, spans in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

JSON_COLUMNS = frozenset({"evidence", "properties", "scope"})
"""Columns of type JSON: the database hands them over as text that is JSON already."""


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with every value in a form that JSON has."""
    return {key: _plain(key, value) for key, value in row.items()}


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if key in JSON_COLUMNS and isinstance(value, str):
        return msgspec.Raw(value.encode())
    return value


def encode(row: Mapping[str, Any]) -> bytes:
    """Return one row as one line of JSON."""
    return msgspec.json.encode(plain(row))
