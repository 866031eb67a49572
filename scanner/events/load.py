"""Writes events into the store: lean rows, high-water marks, and a source row per place.

A piece that cannot be read fails alone and moves no mark, so the next run asks for it again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scanner.errors import SourceError
from scanner.events.record import as_event
from scanner.events.source import Hole, Piece
from scanner.store import Store

log = logging.getLogger(__name__)
_Place = tuple[str | None, str | None]


def marks(store: Store) -> dict[tuple[str, str], datetime]:
    """Return up to when each account and region has been read."""
    rows = store.rows("SELECT account_id, region, read_through FROM event_mark")
    return {(row["account_id"], row["region"]): row["read_through"] for row in rows}


def load_events(store: Store, pieces: Iterable[Piece | Hole], scan_id: str) -> int:
    """Read every piece into `event` and return how many rows are new.

    Rows of earlier readings of a scan's trails are replaced in `source`.
    """
    before = store.value("SELECT count(*) FROM event")
    read: dict[_Place, tuple[datetime, datetime]] = {}
    holed: set[_Place] = set()
    failed: set[_Place] = set()
    told: dict[str, dict[str, Any]] = {}
    for piece in pieces:
        place = (piece.account_id, piece.region)
        if isinstance(piece, Hole):
            holed.add(place)
            told[f"{piece.source_id} {piece.outcome} {piece.message}"] = _row(
                piece.source_id, piece.outcome, piece.message, place, 0
            )
            continue
        try:
            count = _load_one(store, piece)
        except (SourceError, ValueError) as error:
            log.warning("%s: %s", piece.source_id, error)
            told[piece.source_id] = _row(piece.source_id, "failed", str(error), place, 0)
            failed.add(place)
            continue
        _count(told, piece, place, count)
        if piece.through:
            since = piece.since or piece.through
            first, last = read.get(place, (since, piece.through))
            read[place] = (min(first, since), max(last, piece.through))
    with store.transaction():
        _write_sources(store, list(told.values()), scan_id)
        whole = {place: times for place, times in read.items() if place not in failed}
        _write_marks(store, whole, holed)
    return int(store.value("SELECT count(*) FROM event")) - int(before)


def _load_one(store: Store, piece: Piece) -> int:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for record in piece.read():
        event = as_event(record, piece.source_id)
        if event:
            rows[event["event_id"], event["account_id"]] = event
    known = store.rows(
        "SELECT event_id, account_id FROM event WHERE list_contains($ids, event_id)",
        {"ids": [event_id for event_id, _ in rows]},
    )
    for row in known:
        rows.pop((row["event_id"], row["account_id"]), None)
    store.table_from_rows("event", list(rows.values()))
    return len(rows)


def _row(
    source_id: str, outcome: str, message: str | None, place: _Place, count: int
) -> dict[str, Any]:
    return {
        "source_id": source_id, "kind": "trail", "outcome": outcome, "message": message,
        "account_id": place[0], "region": place[1], "resources": count, "claims": 0,
        "other_providers": {},
    }  # fmt: skip


def _count(told: dict[str, dict[str, Any]], piece: Piece, place: _Place, count: int) -> None:
    """Count a piece under its place, so that a year of trail files is one row."""
    name = f"trail of {place[0]} {place[1]}" if piece.account_id else piece.source_id
    row = told.setdefault(name, _row(name, "read", None, place, 0))
    row["resources"] += count


def _write_sources(store: Store, rows: list[dict[str, Any]], scan_id: str) -> None:
    store.run("DELETE FROM source WHERE scan_id = ? AND kind = 'trail'", [scan_id])
    store.table_from_rows("source", rows, scan_id)


def _write_marks(
    store: Store, read: dict[_Place, tuple[datetime, datetime]], holed: set[_Place]
) -> None:
    """Move the marks on; after a hole, what is read without one begins anew."""
    for place, (first, last) in read.items():
        if place[0] and place[1]:
            since = last if place in holed else first
            store.run(
                "INSERT INTO event_mark VALUES (?, ?, ?, ?) ON CONFLICT (account_id, region)"
                " DO UPDATE SET read_through = greatest(read_through, excluded.read_through),"
                " read_from = CASE WHEN excluded.read_from <= read_through"
                " THEN least(read_from, excluded.read_from) ELSE excluded.read_from END",
                [*place, since, last],
            )
