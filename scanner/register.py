"""The register of exceptions: every entry, its state today, and what it covered last."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from scanner import exceptions
from scanner.config import Config
from scanner.pipeline import open_store


def register(config: Config, today: date) -> list[dict[str, Any]]:
    """Return one row per exception, those that end first on top.

    `hits` is what it covered in the newest scan, None where that scan did not know it. Raises
    `ConfigError` where an entry is malformed.
    """
    hits = _hits(config)
    entries = exceptions.load(config.exceptions, today).values()
    rows = [_row(entry, path, hits.get(entry.id), today) for path, entry in entries]
    return sorted(rows, key=lambda row: (row["expires"], row["exception_id"]))


def _row(entry: exceptions.Entry, path: Path, hits: int | None, today: date) -> dict[str, Any]:
    return {
        "exception_id": entry.id,
        "state": "expired" if entry.expired(today) else "active",
        "hits": hits,
        "covers": entry.covers(),
        "reason": entry.reason,
        "owner": entry.owner,
        "approver": entry.approver,
        "ticket": entry.ticket,
        "created": entry.created,
        "expires": entry.expires,
        "days_left": (entry.expires - today).days,
        "remarks": list(_remarks(entry, hits, today)),
        "file": str(path),
    }


def _remarks(entry: exceptions.Entry, hits: int | None, today: date) -> list[str]:
    found = {
        f"ended on {entry.expires}": entry.expired(today),
        "covered nothing in the newest scan": hits == 0,
        "its owner is its approver": entry.approves_itself(),
    }
    return [remark for remark, holds in found.items() if holds]


def _hits(config: Config) -> dict[str, int]:
    if not Path(config.database).exists():
        return {}
    with open_store(config, read_only=True) as store:
        rows = store.rows(
            "SELECT exception_id, hits FROM exception"
            " WHERE scan_id = (SELECT max(scan_id) FROM visible_scan)"
        )
    return {row["exception_id"]: row["hits"] for row in rows}
