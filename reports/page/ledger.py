"""The page's further tables: what was seen how well, and how each number was counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reports.summary import MISSING, NOT_COVERAGE, ROOT

if TYPE_CHECKING:
    from reports.reading import Row
    from scanner.store import Store

MOST_ROWS = 500
"""Rows of a plain table in the page; the rest is counted, and is whole in JSON and Parquet."""
SOON = timedelta(days=30)
"""How long before its end an exception is said to end soon."""


def ending_soon(exceptions: list[Row], now: datetime | None) -> int:
    """Count the exceptions that hold and end within `SOON` of a time."""
    if now is None:
        return 0
    return sum(not row["expired"] and row["expires"] <= (now + SOON).date() for row in exceptions)


def clusters(store: Store) -> list[Row]:
    """Return the units that strays form, the largest first; `open` counts their open findings."""
    return store.rows(
        "SELECT clusters.*, (SELECT count(*) FROM findings WHERE state = 'open'"
        " AND findings.cluster_id = clusters.cluster_id) AS open"
        " FROM clusters ORDER BY len(members) DESC, dependents DESC, cluster_id"
    )


def by_type(store: Store) -> list[Row]:
    """Return one row per resource type: its cells by outcome, and the resources they listed."""
    return store.rows(
        "SELECT resource_type, any_value(service) AS service, count(*) AS cells,"
        " count(*) FILTER (kind = 'ok') AS ok,"
        " count(*) FILTER (kind = 'unavailable') AS unavailable,"
        " count(*) FILTER (kind = 'incomplete') AS incomplete,"
        " count(*) FILTER (kind = 'out_of_scope') AS out_of_scope,"
        " sum(resources)::BIGINT AS resources FROM (SELECT *, CASE"
        " WHEN out_of_scope IS NOT NULL THEN 'out_of_scope' WHEN NOT complete THEN 'incomplete'"
        " ELSE outcome END AS kind FROM cell) GROUP BY resource_type"
        " ORDER BY incomplete DESC, resource_type"
    )


def queries() -> list[tuple[str, str]]:
    """Return what each number of the page counts, as a query that anyone can run again."""
    counted = {
        "Strays": f"inventory where {ROOT}",
        "Owned by code": "inventory where status in ('managed', 'derived')",
        "By a tag alone": "inventory where status = 'managed' and owner_source = 'tag'",
        "Unknown": "inventory where status = 'unknown'",
        "Missing": f"claims where {MISSING}",
        "Open findings": f"findings where state = 'open' and {NOT_COVERAGE}",
        "Cells not fully seen": "cell where not complete and out_of_scope is null",
    }
    return [(name, f"select count(*) from {what}") for name, what in counted.items()]  # noqa: S608


def rules(store: Store) -> list[Row]:
    """Return the rules that found something: id, open findings, all findings."""
    return store.rows(
        "SELECT rule_id, count(*) FILTER (state = 'open') AS open, count(*) AS findings"
        " FROM findings GROUP BY rule_id ORDER BY open DESC, rule_id"
    )


def environments(store: Store) -> list[Row]:
    """Return the environments: resources by status, strays as roots."""
    return store.rows(
        "SELECT coalesce(environment, 'none') AS environment, count(*) AS resources,"  # noqa: S608
        " count(*) FILTER (status IN ('managed', 'derived')) AS owned,"
        f" count(*) FILTER ({ROOT}) AS strays FROM inventory GROUP BY ALL ORDER BY strays DESC, 1"
    )
