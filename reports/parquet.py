"""Parquet: the findings as one file, or a snapshot of every table and view as a data set.

A folder is partitioned as Hive does it, which DuckDB, Spark, Athena, pandas and Polars read:

    FOLDER/inventory/scan_date=2026-11-22/account=111111111111/SCAN.parquet

Every scan adds its own date, so a folder (or a prefix in S3) becomes the history. `account` is the
partition, the column `account_id` stays in the file as text: readers guess that the partition's
values are numbers. Rows of no account have Hive's name for null there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from reports.tables import arrow, export, snapshot
from scanner.errors import ReportError

if TYPE_CHECKING:
    import pyarrow as pa

    from reports.context import Context
    from reports.target import Target
    from scanner.store import Store

FORMAT = "parquet"
TITLE = "findings (FILE.parquet) or every table by date and account (FOLDER/), typed"

NO_ACCOUNT = "__HIVE_DEFAULT_PARTITION__"


def write(store: Store, target: Target, context: Context) -> None:
    """Write zstd-compressed Parquet with timestamps, maps and lists as such."""
    if not target.is_folder:
        if target.is_stdout:
            target.file()
        _write_table(target, export(store, "findings"), context)
        return
    if context.scan_id is None or context.started_at is None:
        raise ReportError(f"{target}: there is no scan to take a snapshot of")
    date = context.started_at.date().isoformat()
    for name, query in snapshot(store).items():
        for account, rows in _by_account(arrow(store, query)):
            place = f"account={account}/" if account else ""
            path = f"{name}/scan_date={date}/{place}{context.scan_id}.parquet"
            _write_table(target.child(path), rows, context)


def _by_account(table: pa.Table) -> Iterator[tuple[str | None, pa.Table]]:
    """Yield the rows of each account; all of them with None where the table knows none."""
    if "account_id" not in table.column_names:
        yield None, table
        return
    table = table.sort_by("account_id")
    start = 0
    for account, group in groupby(table.column("account_id").to_pylist()):
        length = sum(1 for _ in group)
        yield account or NO_ACCOUNT, table.slice(start, length)
        start += length


def _write_table(target: Target, table: pa.Table, context: Context) -> None:
    import pyarrow.parquet as pq

    about = {"strays_version": context.strays_version, "scan_id": context.scan_id or ""}
    with target.open() as stream:
        pq.write_table(table.replace_schema_metadata(about), stream, compression="zstd")
