"""The past: what changed between scans, what is accepted as known, and how much is kept."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

from scanner.config import HistoryConfig, duration
from scanner.errors import StoreError, UsageError
from scanner.sql_steps import steps
from scanner.store import Store

SCAN_TABLES = (
    "account", "coverage_group", "looked", "source", "out_of_scope", "resource", "link", "claim",
    "claim_match", "ownership", "drift", "finding", "exception", "notice",
)  # fmt: skip
"""The tables whose rows belong to one scan."""


def diff(store: Store, before: str | None = None, after: str | None = None) -> list[dict[str, Any]]:
    """Return what changed from one scan to another: resources new, gone or of another owner, cells.

    Left out, `after` is the newest loaded scan and `before` the one that precedes it. A resource is
    gone only where its cell was seen whole. Raises `StoreError` for scans that are not there.
    """
    after = after or _newest(store, None)
    before = before or _newest(store, after)
    for scan_id in (before, after):
        if not store.value("SELECT count(*) FROM visible_scan WHERE scan_id = ?", [scan_id]):
            raise StoreError(f"no loaded scan {scan_id!r} in {store.path}")
    if before >= after:
        raise UsageError(f"{before} is not before {after}: name the older scan first")
    return store.rows(_script()["diff"][0], [before, after])


def calls_by_account(store: Store) -> dict[str, int]:
    """Return how many calls each account took in the scan that took it most: its size, to come."""
    rows = store.rows(
        "SELECT account_id, max(calls)::BIGINT AS calls FROM (SELECT account_id, scan_id,"
        " sum(calls * len(types)) AS calls FROM coverage_group GROUP BY ALL) GROUP BY ALL"
    )
    return {row["account_id"]: row["calls"] for row in rows}


def accept(store: Store, scan_id: str) -> int:
    """Accept a scan's open findings as known and return how many: a build fails on new ones only.

    What could not be seen is never accepted. A finding counts again when it grows more severe, or
    comes back after it was closed.
    """
    before = _open(store, scan_id)
    with store.transaction():
        store.run_all(_script()["accept"], scan_id)
    return before - _open(store, scan_id)


def forget_baseline(store: Store) -> int:
    """Take the whole baseline back and return how many findings were in it."""
    count = int(store.value("SELECT count(*) FROM baseline"))
    with store.transaction():
        store.run("DELETE FROM baseline")
        store.run(
            "UPDATE finding SET state = 'open' WHERE state = 'baselined'"
            " AND scan_id = (SELECT max(scan_id) FROM finding)"
        )
    return count


def prune(store: Store, config: HistoryConfig, now: datetime) -> int:
    """Remove the scans that are older than `keep`, and the documents older than `documents`.

    Returns the number of scans removed. What the newest views rest on stays, however old: the last
    complete look at a cell, the open findings.
    """
    removed: list[str] = []
    with store.transaction():
        if config.documents:
            _drop_documents(store, _old(store, now - duration(config.documents)))
        if config.keep:
            removed = _old(store, now - duration(config.keep))
            _remove(store, removed)
    return len(removed)


def wasteful(store: Store) -> bool:
    """Whether more than half of the file is room that deleted rows left."""
    query = "SELECT free_blocks > total_blocks / 2 FROM pragma_database_size()"
    return bool(store.value(query))


def _remove(store: Store, scans: list[str]) -> None:
    for table in (*SCAN_TABLES, "scan"):
        store.run(f"DELETE FROM {table} WHERE list_contains(?::VARCHAR[], scan_id)", [scans])  # noqa: S608


def _drop_documents(store: Store, scans: list[str]) -> None:
    """Drop what takes most room: properties, keys, links. Identity, status and owner stay."""
    old = "list_contains(?::VARCHAR[], scan_id)"
    store.run(f"DELETE FROM link WHERE {old}", [scans])  # noqa: S608
    store.run(
        "UPDATE resource SET properties = '{}', keys = [arn]"  # noqa: S608
        f" WHERE {old} AND properties <> '{{}}'",
        [scans],
    )


def _old(store: Store, before: datetime) -> list[str]:
    return [str(row["scan_id"]) for row in store.rows(_script()["old"][0], [before])]


def _newest(store: Store, before: str | None) -> str:
    """Return the newest loaded scan, or the newest before another."""
    found = store.value("SELECT max(scan_id) FROM visible_scan WHERE scan_id < ?", [before or "~"])
    if found is None:
        raise StoreError(
            f"{store.path} holds no {'earlier ' if before else ''}scan to compare with"
        )
    return str(found)


def _open(store: Store, scan_id: str) -> int:
    return int(
        store.value("SELECT count(*) FROM finding WHERE scan_id = ? AND state = 'open'", [scan_id])
    )


def _script() -> dict[str, list[str]]:
    return steps(files("scanner").joinpath("history.sql").read_text("utf-8"))


def compact(store: Store) -> None:
    """Write the file anew without the room that deleted rows left, and close the store.

    DuckDB uses such room again but never gives it back
    (https://duckdb.org/docs/current/operations_manual/footprint_of_duckdb/reclaiming_space).
    """
    assert store.path is not None
    beside = store.path.with_name(f"{store.path.name}.compacting")
    beside.unlink(missing_ok=True)
    store.run("CHECKPOINT")
    name = str(store.value("SELECT current_database()")).replace('"', '""')
    place = str(beside).replace("'", "''")
    store.run(f"ATTACH '{place}' AS compacted")
    store.run(f'COPY FROM DATABASE "{name}" TO compacted')
    store.run("DETACH compacted")
    beside.replace(store.path)  # still held: nobody writes to the old file in between
    store.close()
