"""The page: one HTML file that opens offline and tells what matters in a minute.

Nothing is fetched, ever: the content policy allows this page's own style and script by their
hashes and nothing else, so that neither a stranger's resource name nor an extension of the page
can bring in more (https://www.w3.org/TR/CSP3/). Text from AWS reaches the page escaped by Jinja or
as data that the script sets as text.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from reports import reading
from reports.page.render import assets, environment
from reports.summary import out_of_scope, sources, summarize
from reports.target import Target

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from scanner.store import Store

FORMAT = "html"
TITLE = "a page that opens offline: cards, map, filterable findings, coverage"

_STATIC_ROWS = 100
"""Findings in plain HTML, for a reader without script."""


def write(store: Store, target: Target, context: Context) -> None:
    """Write the page; above `split.SPLIT` findings an index, and a page per account beside it."""
    from reports.page import split

    few = store.value("SELECT count(*) FROM findings") <= split.SPLIT
    if few or target.is_stdout or target.is_s3:
        _write_page(target, _content(store, context))
        return
    file = target.file()
    pages = split.accounts(store)
    for row in pages:
        row["href"] = f"{file.stem}-accounts/{row['account_id']}.html"
    _write_page(target, _content(store, context, pages))
    folder = Target(target.format, f"{file.with_name(f'{file.stem}-accounts')}/")
    for row in pages:
        with split.only(store, row["account_id"]) as part:
            _write_page(folder.child(f"{row['account_id']}.html"), _content(part, context))


def _write_page(target: Target, content: dict[str, Any]) -> None:
    page = environment().get_template("page.html").stream(content)
    with target.open() as stream:
        page.enable_buffering(64)
        for part in page:
            stream.write(part.encode())


def _content(store: Store, context: Context, pages: list[Row] | None = None) -> dict[str, Any]:
    """Return what the templates show; with `pages` the page is an index of the gravest."""
    from reports.page import charts, ledger, split

    summary = summarize(store)
    findings = reading.findings(store)
    total = len(findings)
    findings = findings[: split.GRAVEST] if pages else findings
    types, more_types = charts.strays_by_type(store)
    names = _account_names(store)
    exceptions = reading.exceptions(store)
    return {
        "assets": assets(),
        "summary": summary,
        "context": context,
        "account_names": names,
        "dependents": summary.by_status["unmanaged"] - summary.strays,
        "new": _new(store, context),
        "ending": ledger.ending_soon(exceptions, context.started_at),
        "map": charts.stray_map(store),
        "types": types,
        "more_types": more_types,
        "creators": charts.open_by_creator(store),
        "trend": charts.trend(store),
        "total": total,
        "pages": pages or [],
        "first_findings": [row for row in findings if row["state"] == "open"][:_STATIC_ROWS],
        "clusters": ledger.clusters(store),
        "missing": reading.missing(store),
        "contested": reading.contested(store),
        "owned_twice": reading.owned_twice(store),
        "exceptions": exceptions,
        "sources": sources(store),
        "blind": summary.blind,
        "out_of_scope": out_of_scope(store),
        "by_type": ledger.by_type(store),
        "environments": ledger.environments(store),
        "rules": ledger.rules(store),
        "queries": ledger.queries(),
        "most_rows": ledger.MOST_ROWS,
        **_data(store, findings, context, names),
    }


def _data(
    store: Store, findings: list[Row], context: Context, names: dict[str, str]
) -> dict[str, Any]:
    """Return the findings for the page's script, and what is counted from them."""
    from reports.page import charts, embed, grid

    packed = grid.columns(findings, context.started_at or _latest(findings))
    packing = len(findings) > embed.PLAIN_FINDINGS
    units = {row["cluster_id"]: row["name"] for row in store.rows("FROM clusters")}
    more = {"accounts": names, "units": units, "chunk": grid.CHUNK, "detailed": grid.DETAILED}
    return {
        "content_hash": grid.content_hash(packed),
        "ages": charts.open_by_age(findings),
        "findings": len(findings),
        "grid": embed.script("grid", {**packed, **more}, packed=packing),
        "details": [
            embed.script(f"details-{number}", block, packed=packing)
            for number, block in enumerate(grid.details(store, findings))
        ],
    }


def _latest(findings: list[Row]) -> datetime:
    return max((row["last_seen"] for row in findings), default=datetime(1970, 1, 1))


def _account_names(store: Store) -> dict[str, str]:
    rows = store.rows(
        "SELECT account_id, arg_max(name, scan_id) AS name FROM account"
        " WHERE scan_id IN (SELECT scan_id FROM visible_scan) GROUP BY account_id"
    )
    return {row["account_id"]: row["name"] for row in rows if row["name"]}


def _new(store: Store, context: Context) -> int | None:
    """Count open findings first seen in the newest scan; None where there was no scan before."""
    if store.value("SELECT count(*) FROM visible_scan") < 2:
        return None
    query = "SELECT count(*) FROM findings WHERE state = 'open' AND first_seen >= ?"
    return int(store.value(query, [context.started_at]))
