"""CSV: the findings as one file, or every table as a folder of files, safe in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from reports.tables import export, files
from reports.text import defused

if TYPE_CHECKING:
    import pyarrow as pa

    from reports.context import Context
    from reports.target import Target
    from scanner.store import Store

FORMAT = "csv"
TITLE = "findings (FILE.csv) or every table (FOLDER/), formulas defused"


def write(store: Store, target: Target, context: Context) -> None:  # noqa: ARG001
    """Write RFC 4180 text in UTF-8: times in ISO 8601, maps and lists as JSON, no formulas."""
    for name, place in files(target).items():
        table = export(store, name)
        with place.open() as stream:
            _write_table(stream, table)


def _write_table(stream: BinaryIO, table: pa.Table) -> None:
    text = TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    out = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    out.writerow(table.column_names)
    shapes = [_shape(field) for field in table.schema]
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [map(shape, batch.column(n).to_pylist()) for n, shape in enumerate(shapes)]
        out.writerows(zip(*columns, strict=True))
    text.detach()


def _shape(field: pa.Field) -> Callable[[Any], Any]:
    """Return what turns a column's values into cells."""
    import pyarrow as pa

    if pa.types.is_map(field.type):
        return lambda value: defused(_json(dict(value or ())))
    if pa.types.is_list(field.type):
        return lambda value: defused(_json(value or []))
    return _cell


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    if isinstance(value, bool):
        return str(value).lower()
    return defused(value) if isinstance(value, str) else value
