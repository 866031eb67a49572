"""Parquet: the findings as one file, or every table as a folder of files, typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.tables import export, files

if TYPE_CHECKING:
    from reports.context import Context
    from reports.target import Target
    from scanner.store import Store

FORMAT = "parquet"
TITLE = "findings (FILE.parquet) or every table (FOLDER/), typed"


def write(store: Store, target: Target, context: Context) -> None:
    """Write zstd-compressed Parquet with timestamps, maps and lists as such."""
    import pyarrow.parquet as pq

    about = {"strays_version": context.strays_version, "scan_id": context.scan_id or ""}
    for name, place in files(target).items():
        place.file()
        table = export(store, name)
        with place.open() as stream:
            pq.write_table(table.replace_schema_metadata(about), stream, compression="zstd")
