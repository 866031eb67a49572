"""What an auditor expects of a report, read from the database: population, ages, runs, a sample."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reports import reading
from reports.compliance.controls import period
from reports.summary import ROOT

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from scanner.store import Store

POPULATION = (
    "SELECT account_id, resource_type, count(*) AS resources FROM inventory"
    " GROUP BY account_id, resource_type ORDER BY account_id, resource_type"
)
"""The query that counts the population; the report prints it."""

# What the collector tallied when it listed each cell, before anything was stored or resolved.
RECOUNT = (
    "SELECT account_id, resource_type, sum(resources)::BIGINT AS listed FROM cell"
    " GROUP BY account_id, resource_type"
)
"""The same count from the coverage ledger."""

_STATUSES = ("managed", "derived", "default", "unmanaged", "unknown")


def accounts(store: Store) -> list[Row]:
    """Return the accounts as the newest scan that saw each found them."""
    return store.rows(
        "SELECT * FROM account WHERE scan_id IN (SELECT scan_id FROM visible_scan)"
        " QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY scan_id DESC) = 1"
        " ORDER BY account_id"
    )


def population(store: Store) -> list[Row]:
    """Return per account and type `resources`, `listed` and what explains a difference."""
    listed = {
        (row["account_id"], row["resource_type"]): row["listed"] for row in store.rows(RECOUNT)
    }
    rows = store.rows(POPULATION)
    counted = {(row["account_id"], row["resource_type"]): row["resources"] for row in rows}
    blind = {
        (cell["account_id"], cell["resource_type"])
        for cell in store.rows(
            "SELECT DISTINCT account_id, resource_type FROM cell WHERE NOT complete"
        )
    }
    return [
        {
            "account_id": place[0],
            "resource_type": place[1],
            "resources": counted.get(place, 0),
            "listed": listed.get(place, 0),
            "explained": _explained(
                counted.get(place, 0), listed.get(place, 0), place in blind, place in listed
            ),
        }
        for place in sorted({*counted, *listed})
    ]


def _explained(resources: int, listed: int, blind: bool, has_cell: bool) -> str:
    if resources == listed:
        return ""
    if not has_cell:
        return "listed as part of another type's cell"
    if blind:
        return "not all cells were seen whole: earlier sightings stay, new ones lack"
    if 0 < resources < listed:
        return "what several calls or accounts list is kept once"
    return "NOT EXPLAINED"


def results(store: Store) -> dict[str, int]:
    """Return resources by status, strays apart, and what is missing."""
    counts = Counter(
        {
            row["status"]: row["n"]
            for row in store.rows("SELECT status, count(*) AS n FROM inventory GROUP BY status")
        }
    )
    told = {status: counts[status] for status in _STATUSES}
    told["unmanaged, as roots"] = store.value(f"SELECT count(*) FROM inventory WHERE {ROOT}")  # noqa: S608
    told["excepted"] = store.value("SELECT count(*) FROM findings WHERE state = 'excepted'")
    told["missing"] = len(reading.missing(store))
    return told


def exceptions(store: Store) -> dict[str, list[Row]]:
    """Return the register of exceptions: those that hold and are used, unused ones, ended ones."""
    rows = reading.exceptions(store)
    return {
        "In force": [row for row in rows if not row["expired"] and row["hits"]],
        "Unused": [row for row in rows if not row["expired"] and not row["hits"]],
        "Expired": [row for row in rows if row["expired"]],
    }


def ages(store: Store, context: Context) -> list[Row]:
    """Return what was open at some time of the period: first seen, closed when and how."""
    return store.rows(
        "SELECT finding_id, rule_id, severity, state, arn, resource_id, account_id, region,"
        " first_seen, last_seen, date_part('day', age)::BIGINT AS days, closed_at, closed_how,"
        " exception_id FROM findings WHERE coalesce(closed_at, last_seen) >= ?"
        " ORDER BY state = 'closed', days DESC, finding_id",
        [_since(context)],
    )


def runs(store: Store, context: Context) -> list[Row]:
    """Return a row per scan of the period with the hours since the one before it.

    Scans that were never loaded are among them: they are gaps too.
    """
    return store.rows(
        "SELECT scan_id, state, started_at, finished_at, strays_version,"
        " round(date_diff('minute', lag(started_at) OVER (ORDER BY scan_id), started_at) / 60, 1)"
        " AS hours_since, coalesce(cells, 0) AS cells, coalesce(incomplete, 0) AS incomplete"
        " FROM scan LEFT JOIN (SELECT scan_id, sum(len(types))::BIGINT AS cells,"
        " coalesce(sum(len(types)) FILTER (outcome NOT IN ('ok', 'unavailable')), 0)::BIGINT"
        " AS incomplete FROM coverage_group GROUP BY scan_id) USING (scan_id)"
        " WHERE scan_id <= ? QUALIFY started_at >= ? ORDER BY scan_id",
        [context.scan_id, _since(context)],
    )


def _since(context: Context) -> datetime:
    assert context.started_at is not None
    return context.started_at - period()


def seed(context: Context) -> str:
    """Return the sample's seed: whoever has the scan draws the same sample again."""
    return hashlib.sha256(f"strays sample of {context.scan_id}".encode()).hexdigest()[:16]


DRAW = "SELECT * FROM inventory ORDER BY sha256(? || arn || resource_type), arn LIMIT 25"
"""The query that draws the sample; its parameter is the seed."""


def sample(store: Store, context: Context) -> list[dict[str, Any]]:
    """Return the drawn resources, raw: claims and their sources, findings, who made it."""
    drawn = store.rows(DRAW, [seed(context)])
    arns = [row["arn"] for row in drawn]
    claims = _by_arn(
        store.rows(
            "SELECT claims.*, source.serial, source.lineage, source.modified_at FROM claims"
            " LEFT JOIN source ON source.scan_id = claims.scan_id"
            " AND source.source_id = claims.source_id"
            " WHERE list_contains(?, claims.arn) ORDER BY claims.claim_id",
            [arns],
        )
    )
    found = _by_arn(
        store.rows(
            "SELECT finding_id, rule_id, state, arn, evidence, exception_id FROM findings"
            " WHERE list_contains(?, arn) ORDER BY finding_id",
            [arns],
        )
    )
    made = _by_arn(store.rows("SELECT * FROM maker WHERE list_contains(?, arn)", [arns]))
    return [
        {
            **row,
            "claims": claims.get(row["arn"], []),
            "findings": found.get(row["arn"], []),
            "made_by": made.get(row["arn"], []),
        }
        for row in drawn
    ]


def _by_arn(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["arn"], []).append(row)
    return grouped
