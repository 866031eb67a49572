"""The exit code that a scan deserves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.summary import NOT_COVERAGE, Verdict, summarize
from scanner.model import Severity

if TYPE_CHECKING:
    from scanner.store import Store


def exit_code(store: Store, fail_on: str, *, only_new: bool) -> int:
    """Return 1 for an open finding at or above `fail_on`, 3 where sight was incomplete, else 0.

    `info` never fails; with `only_new` only findings first seen, or reopened, by the newest scan
    count; the coverage rules speak through code 3.
    """
    order = [str(severity) for severity in Severity if severity != Severity.INFO]
    failing = [] if fail_on == "none" else order[: order.index(fail_on) + 1]
    query = f"SELECT count(*) FROM findings WHERE state = 'open' AND {NOT_COVERAGE}"  # noqa: S608
    query += " AND list_contains(?::VARCHAR[], severity)"
    if only_new:
        query += (
            " AND coalesce(reopened_at, first_seen) = (SELECT max(started_at) FROM visible_scan)"
        )
    if store.value(query, [failing]):
        return 1
    return 3 if summarize(store).verdict is Verdict.INCOMPLETE else 0
