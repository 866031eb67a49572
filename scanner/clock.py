"""The time, as the tables hold it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the time as the tables hold it: naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
