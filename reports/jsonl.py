"""JSON lines: one finding a line, for log shippers and SIEMs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import reading
from reports.encode import encode

if TYPE_CHECKING:
    from reports.context import Context
    from reports.target import Target
    from scanner.store import Store

FORMAT = "jsonl"
TITLE = "findings as JSON, one a line"


def write(store: Store, target: Target, context: Context) -> None:  # noqa: ARG001
    """Write every finding with the columns of the view `findings`, open ones first.

    What could not be seen is among them: the coverage rules make findings of it.
    """
    with target.open() as stream:
        for row in reading.findings(store):
            stream.write(encode(row) + b"\n")
