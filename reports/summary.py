"""The numbers that head every report, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from scanner.model import Severity, Status

if TYPE_CHECKING:
    from scanner.store import Store

ROOT = "status = 'unmanaged' AND (root IS NULL OR root = arn)"
"""SQL over `inventory`: strays that hang on no other stray."""

NOT_COVERAGE = "NOT starts_with(rule_id, 'coverage_')"
"""SQL over `findings`: rules that speak of resources, not of what could not be seen."""

MISSING = "state = 'missing' AND NOT inline AND source_kind <> 'tag'"
"""SQL over `claims`: what code names and AWS no longer has. An inline claim is too weak to say."""


class Verdict(StrEnum):
    """What a scan came to. INCOMPLETE outweighs FINDINGS: nothing rests on what was not seen.

    Nor is it CLEAN where nothing at all was looked at.
    """

    CLEAN = "CLEAN"
    FINDINGS = "FINDINGS"
    INCOMPLETE = "INCOMPLETE"


@dataclass(frozen=True)
class Summary:
    """Counts over the views. `by_status` counts resources, `by_severity` open findings.

    `cells` and `cells_complete` leave out what is out of scope; `blind` are the cells in scope
    that were not listed completely, `unread` the sources of claims that could not be read.
    """

    verdict: Verdict
    by_status: dict[str, int]
    by_severity: dict[str, int]
    strays: int
    missing: int
    drifted: int
    tag_only: int
    sources: int
    cells: int
    cells_complete: int
    cells_out_of_scope: int
    blind: list[dict[str, Any]]
    unread: list[dict[str, Any]]

    @property
    def owned(self) -> int:
        """Resources that code owns, itself or through what it owns."""
        return self.by_status["managed"] + self.by_status["derived"]

    @property
    def accountable(self) -> int:
        """The total as driftctl counts it: AWS's own defaults are nobody's duty."""
        return self.owned + self.by_status["unmanaged"] + self.missing

    @property
    def coverage(self) -> int:
        """The coverage as driftctl counts: whole per cent of the total that is owned."""
        return 100 * self.owned // self.accountable if self.accountable else 0


def summarize(store: Store) -> Summary:
    """Count what the views show and draw the verdict."""
    cells = _count(store, "cell")
    scope = _count(store, "cell WHERE out_of_scope IS NULL")
    blind = store.rows(
        "SELECT * FROM cell WHERE NOT complete AND out_of_scope IS NULL"
        " ORDER BY account_id, region, resource_type"
    )
    unread = unread_sources(store)
    severities = _severities(store)
    verdict = Verdict.CLEAN
    if blind or unread or not cells:
        verdict = Verdict.INCOMPLETE
    elif any(count for severity, count in severities.items() if severity != Severity.INFO):
        verdict = Verdict.FINDINGS
    return Summary(
        verdict=verdict,
        by_status=_statuses(store),
        by_severity=severities,
        strays=_count(store, f"inventory WHERE {ROOT}"),
        missing=_count(store, f"claims WHERE {MISSING}"),
        drifted=_count(store, "findings WHERE state = 'open' AND status = 'drifted'"),
        tag_only=_count(store, "inventory WHERE status = 'managed' AND owner_source = 'tag'"),
        sources=_count(store, f"source WHERE scan_id = ({_NEWEST_SOURCES}) AND outcome = 'read'"),
        cells=scope,
        cells_complete=scope - len(blind),
        cells_out_of_scope=cells - scope,
        blind=blind,
        unread=unread,
    )


def out_of_scope(store: Store) -> list[dict[str, Any]]:
    """Return the `[[out_of_scope]]` entries of the newest scan; expired ones count no more."""
    return store.rows(
        "SELECT * FROM out_of_scope WHERE scan_id = (SELECT max(scan_id) FROM visible_scan)"
        " ORDER BY expired, account, region, type"
    )


_NEWEST_SOURCES = (
    "SELECT max(scan_id) FROM source WHERE scan_id IN (SELECT scan_id FROM visible_scan)"
)


def sources(store: Store) -> list[dict[str, Any]]:
    """Return the sources of the newest scan that read any, those not read first."""
    return store.rows(
        f"SELECT * FROM source WHERE scan_id = ({_NEWEST_SOURCES})"  # noqa: S608
        " ORDER BY outcome = 'read', kind, source_id"
    )


def unread_sources(store: Store) -> list[dict[str, Any]]:
    """Return the sources of claims that could not be read; `skipped` ones were meant to be."""
    return [row for row in sources(store) if row["outcome"] not in ("read", "skipped")]


def _count(store: Store, what: str) -> int:
    return int(store.value(f"SELECT count(*) FROM {what}"))  # noqa: S608


def _statuses(store: Store) -> dict[str, int]:
    rows = store.rows("SELECT status, count(*) AS n FROM inventory GROUP BY status")
    counts = {str(row["status"]): int(row["n"]) for row in rows}
    return {status.value: counts.get(status, 0) for status in Status}


def _severities(store: Store) -> dict[str, int]:
    rows = store.rows(
        "SELECT severity, count(*) AS n FROM findings"  # noqa: S608
        f" WHERE state = 'open' AND {NOT_COVERAGE} GROUP BY severity"
    )
    counts = {str(row["severity"]): int(row["n"]) for row in rows}
    return {severity.value: counts.get(severity, 0) for severity in Severity}
