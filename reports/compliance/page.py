"""The compliance report for people: the eight parts on one page that runs no script."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from reports.compliance import parts
from reports.compliance.controls import always_not_covered, period
from reports.page.render import assets, environment
from reports.summary import out_of_scope, sources

if TYPE_CHECKING:
    from reports.compliance.controls import Framework, Result
    from reports.context import Context
    from reports.summary import Summary
    from scanner.store import Store

MOST_ROWS = 200
"""Rows of a table on the page; the lists beside it are whole."""


def page(
    store: Store,
    context: Context,
    framework: Framework,
    outcome: list[Result],
    summary: Summary,
    content: dict[str, Any],
) -> str:
    """Return the page as HTML."""
    began = context.started_at
    assert began is not None
    return environment().get_template("compliance.html").render(
        assets=assets(),
        context=context,
        framework=framework,
        outcome=outcome,
        summary=summary,
        scope=json.loads(context.scope or "{}"),
        out_of_scope=out_of_scope(store),
        sources=sources(store),
        blind=store.rows(
            "SELECT * FROM cell WHERE NOT complete ORDER BY account_id, region, resource_type"
        ),
        queries=(("Population", parts.POPULATION), ("Count again", parts.RECOUNT)),
        draw=parts.DRAW,
        seed=parts.seed(context),
        since=began - period(),
        days=_days(began.date(), content["runs"]),
        always_not_covered=always_not_covered(),
        most=MOST_ROWS,
        **content,
    )  # fmt: skip


def _days(last: date, runs: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return the period by week: the Monday, and for its days `ran`, `partly`, `none` or nothing.

    Before the first scan of the period nothing was promised, so those days stay empty.
    """
    best: dict[date, str] = {}
    for run in runs:
        whole = run["state"] == "loaded" and not run["incomplete"]
        day = run["started_at"].date()
        best[day] = "ran" if whole or best.get(day) == "ran" else "partly"
    if not best:
        return []
    first = min(best)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last:
        days = [monday + timedelta(days=n) for n in range(7)]
        marks = [best.get(day, "none") if first <= day <= last else "" for day in days]
        weeks.append((monday.isoformat(), marks))
        monday += timedelta(days=7)
    return weeks
