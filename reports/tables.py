"""Which tables leave as files, and under which names and types: shared by Parquet and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from reports.target import Target
    from scanner.store import Store

EXPORTS = {
    "findings": "SELECT * FROM findings",
    "inventory": "SELECT * FROM inventory",
    "claims": "SELECT * FROM claims",
    "cell": "SELECT * FROM cell",
    "source": "SELECT * FROM source WHERE scan_id IN (SELECT scan_id FROM visible_scan)",
    "account": "SELECT * FROM account WHERE scan_id IN (SELECT scan_id FROM visible_scan)",
}
"""What CSV writes into a folder, a file for each; a single file gets the findings."""

JOINED = ("inventory", "findings", "claims", "cell", "clusters", "trend")
"""The views that stand beside every table in a snapshot."""

_NEWEST = "scan_id = (SELECT max(scan_id) FROM visible_scan)"
_SINCE_THE_LAST = (
    "event_time >= coalesce((SELECT started_at FROM visible_scan ORDER BY scan_id DESC"
    " LIMIT 1 OFFSET 1), TIMESTAMP '1970-01-01')"
)
_NO_SNAPSHOT = ("meta", "notice")
"""Tables that tell of this file, not of AWS."""


def export(store: Store, name: str) -> pa.Table:
    """Return one export as an Arrow table in a stable order."""
    return arrow(store, EXPORTS[name])


def snapshot(store: Store) -> dict[str, str]:
    """Return by name the query for the newest scan's part of every table, and the joined views.

    Events are those since the scan before; tables that know no scans leave whole.
    """
    queries = {name: f"SELECT * FROM {name}" for name in JOINED}  # noqa: S608
    for name, columns in sorted(store.tables().items()):
        if name not in _NO_SNAPSHOT:
            queries[name] = f"SELECT * FROM {name} WHERE {_part(name, columns)}"  # noqa: S608
    return queries


def _part(table: str, columns: list[str]) -> str:
    if "scan_id" in columns and table != "baseline":
        return _NEWEST
    return _SINCE_THE_LAST if table == "event" else "true"


def arrow(store: Store, query: str) -> pa.Table:
    """Return a query of ours as an Arrow table in a stable order.

    Neither Parquet nor CSV has an interval that every reader knows, so a column such as `age`
    leaves as `age_seconds`.
    """
    spans = [
        row["column_name"]
        for row in store.rows(f"DESCRIBE {query}")
        if row["column_type"] == "INTERVAL"
    ]
    left_out = f" EXCLUDE ({', '.join(spans)})" if spans else ""
    seconds = "".join(f", CAST(epoch({name}) AS BIGINT) AS {name}_seconds" for name in spans)
    return store.arrow(f"SELECT *{left_out}{seconds} FROM ({query}) ORDER BY ALL")  # noqa: S608


def files(target: Target) -> dict[str, Target]:
    """Return which export goes to which file: all of them into a folder, or the findings."""
    if not target.is_folder:
        return {"findings": target}
    return {name: target.child(f"{name}.{target.format}") for name in EXPORTS}
