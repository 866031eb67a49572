"""Rows as a table, as JSON or as CSV: the one place that every listing command renders with.

Values come from strangers: a table shows hidden characters, CSV defuses formulas.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import msgspec

from reports.text import defused, visible
from scanner.errors import UsageError

FORMATS = ("table", "json", "csv")
Rows = Sequence[Mapping[str, Any]]

_JSON = msgspec.json.Encoder(decimal_format="number")


def format_rows(
    rows: Rows, fmt: str, columns: Sequence[str] | None = None, *, width: int | None = None
) -> str:
    """Return rows as text that ends in a line break, or nothing at all for an empty CSV or table.

    `columns` chooses and orders; left out, they are those of the rows as they come. With `width`
    (a terminal's) a table is drawn by rich and folded into it, else it is plain aligned text.
    Raises `UsageError` for a format that is none of `FORMATS`.
    """
    if fmt not in FORMATS:
        raise UsageError(f"--format {fmt!r} is none of {', '.join(FORMATS)}")
    names = list(columns if columns is not None else dict.fromkeys(k for row in rows for k in row))
    cells = [[plain(row.get(name)) for name in names] for row in rows]
    if fmt == "json":
        return _json(names, cells)
    if not names:
        return ""
    if fmt == "csv":
        return _csv(names, cells)
    texts = [[visible(_text(value)) for value in row] for row in cells]
    heads = [visible(name) for name in names]  # PIVOT makes names of values
    return _rich(heads, texts, width) if width else _table(heads, texts, cells)


def plain(value: Any) -> Any:
    """Return a value in a form that JSON has: times in UTC with their Z, spans in seconds."""
    if isinstance(value, int) and value.bit_length() > 63:
        return Decimal(value)  # msgspec writes no longer integers; sum(BIGINT) is a HUGEINT
    if value is None or isinstance(value, (bool, int, float, Decimal)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part) for part in value]
    return next((turn(value) for kind, turn in _TURNED if isinstance(value, kind)), str(value))


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _seconds(value: timedelta) -> int | float:
    seconds = value.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


_TURNED: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (datetime, _moment),  # before date, which it is too
    (date, date.isoformat),
    (time, time.isoformat),
    (timedelta, _seconds),
    (bytes, bytes.hex),
)


def _json(names: list[str], cells: list[list[Any]]) -> str:
    """Return a list with one object a line."""
    lines = [_JSON.encode(dict(zip(names, row, strict=True))).decode() for row in cells]
    return "[" + ",\n ".join(lines) + "]\n"


def _csv(names: list[str], cells: list[list[Any]]) -> str:
    text = StringIO(newline="")
    out = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    out.writerow([defused(name) for name in names])
    out.writerows(
        [value if _number(value) else defused(_text(value)) for value in r] for r in cells
    )
    return text.getvalue()


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _JSON.encode(value).decode() if isinstance(value, (dict, list)) else str(value)


def _table(names: list[str], texts: list[list[str]], cells: list[list[Any]]) -> str:
    """Align columns, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(names, *texts, strict=True)]
    right = [
        bool(cells) and all(v is None or _number(v) for v in column)
        for column in zip(*cells, strict=True)
    ]
    right = right or [False] * len(names)

    def line(row: Sequence[str]) -> str:
        places = zip(row, widths, right, strict=True)
        return "  ".join(t.rjust(w) if r else t.ljust(w) for t, w, r in places).rstrip() + "\n"

    return "".join(map(line, [names, ["-" * width for width in widths], *texts]))


def _rich(names: list[str], texts: list[list[str]], width: int) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in texts:
        table.add_row(*map(Text, row))  # Text, since strangers' text is no markup
    console = Console(file=StringIO(), width=width, force_terminal=True)
    with console.capture() as drawn:
        console.print(table)
    return drawn.get()
