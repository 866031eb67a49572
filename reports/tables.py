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
"""A folder gets one file for each; a single file gets the findings."""


def export(store: Store, name: str) -> pa.Table:
    """Return one export as an Arrow table in a stable order.

    Neither Parquet nor CSV has an interval that every reader knows, so the column `age` leaves as
    `age_seconds`.
    """
    age = "* EXCLUDE (age), CAST(epoch(age) AS BIGINT) AS age_seconds"
    columns = age if name == "findings" else "*"
    return store.arrow(f"SELECT {columns} FROM ({EXPORTS[name]}) ORDER BY ALL")  # noqa: S608


def files(target: Target) -> dict[str, Target]:
    """Return which export goes to which file: all of them into a folder, or the findings."""
    if not target.is_folder:
        return {"findings": target}
    return {name: target.child(f"{name}.{target.format}") for name in EXPORTS}
