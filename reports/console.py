"""The terminal: what is missing, what no code owns, what else was found, what was not seen.

The order and the words follow driftctl's scan output, which its users know; strays are grouped by
account, region and type, and dependents are counted under their root.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from reports import reading
from reports.blind import gaps, told
from reports.summary import NOT_COVERAGE, ROOT, Summary, Verdict, out_of_scope, summarize
from reports.text import visible

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from reports.target import Target
    from scanner.store import Store

FORMAT = "console"
TITLE = "a terminal, grouped by account, region and type"

_MOST = 100
"""Lines per group: more are counted, so that a terminal stays readable."""
_SAID = "rule_id IN ('unmanaged_resource', 'claim_missing')"
"""Findings that the lists of strays and of missing things have told already."""
_COUNTED = "rule_id = 'coverage_cross_check'"
"""What other inventories of AWS count and the scan did not list."""
_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "blue": "34", "dim": "2"}
_SEVERITY_COLOUR = {"critical": "red", "high": "red", "medium": "yellow"}
_VERDICT_COLOUR = {
    Verdict.CLEAN: "green",
    Verdict.FINDINGS: "red",
    Verdict.INCOMPLETE: "yellow",
}


class Palette:
    """Paints text with ANSI codes, or leaves it plain."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, colour: str, text: object) -> str:
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self._on else str(text)


def write(store: Store, target: Target, context: Context) -> None:
    """Write the report as text, with colour only where the context says a terminal takes it."""
    paint = Palette(context.colour and target.is_stdout)
    with target.open() as stream:
        for line in lines(store, paint):
            stream.write(f"{line}\n".encode())


def lines(store: Store, paint: Palette) -> Iterator[str]:
    """Yield the report's lines."""
    summary = summarize(store)
    yield from _missing(reading.missing(store), paint)
    yield from _strays(store, paint)
    yield from _findings(store, paint)
    yield from _unseen(store, summary, paint)
    yield from _totals(summary, paint)
    yield f"verdict: {paint(_VERDICT_COLOUR[summary.verdict], summary.verdict)}"


def _missing(rows: list[Row], paint: Palette) -> Iterator[str]:
    if rows:
        yield "Found missing resources:"
    for source, group in groupby(rows, lambda row: str(row["source_id"])):
        yield "  " + paint("blue", f"From {visible(source)}")
        yield from _cut(
            f"    - {visible(reading.claimed_id(row))} ({visible(row['address'])})" for row in group
        )


def _strays(store: Store, paint: Palette) -> Iterator[str]:
    rows = store.rows(
        "SELECT account_id, region, coalesce(terraform_type, resource_type) AS kind, arn, name,"  # noqa: S608
        f" terraform_id, resource_id FROM inventory WHERE {ROOT}"
        " ORDER BY account_id, region, kind, resource_id, arn"
    )
    names = {
        row["account_id"]: row["name"]
        for row in store.rows("SELECT * FROM account ORDER BY scan_id")
    }
    hanging = reading.dependents(store)
    if rows:
        yield "Found resources not covered by IaC:"
    for (account, region), place in groupby(rows, lambda row: (row["account_id"], row["region"])):
        name = f" ({visible(names[account], 60)})" if names.get(account) else ""
        yield "  " + paint("blue", f"{account}{name} {region}")
        for kind, group in groupby(place, lambda row: str(row["kind"])):
            yield f"    {kind}:"
            yield from _cut(_stray(row, hanging.get(row["arn"], 0), paint) for row in group)


def _stray(row: Row, hanging: int, paint: Palette) -> str:
    shown = visible(reading.terraform_id(row))
    name = visible(row["name"] or "", 80)
    more = f" {paint('dim', name)}" if name and name not in shown else ""
    dependents = f" (+{hanging} dependent{'s' if hanging > 1 else ''})" if hanging else ""
    return f"      - {shown}{more}{dependents}"


def _findings(store: Store, paint: Palette) -> Iterator[str]:
    rows = reading.findings(
        store, f"state = 'open' AND {NOT_COVERAGE} AND NOT {_SAID} AND severity <> 'info'"
    )
    if rows:
        yield "Found besides:"
    for (severity, rule), group in groupby(rows, lambda row: (row["severity"], row["rule_id"])):
        yield f"  {paint(_SEVERITY_COLOUR.get(severity, 'dim'), severity)} {rule}:"
        yield from _cut(f"    - {_told(row)}" for row in group)


def _told(row: Row) -> str:
    message, name = visible(row["message"]), visible(row["resource_id"] or "", 120)
    return message if name in message else f"{name}: {message}"


def _unseen(store: Store, summary: Summary, paint: Palette) -> Iterator[str]:
    if summary.blind:
        yield paint("yellow", f"Not seen: {len(summary.blind)} of {summary.cells} cells")
    yield from _cut(line for gap in gaps(summary.blind) for line in told(gap))
    if summary.unread:
        yield paint("yellow", "Sources not read:")
    yield from _cut(
        f"  - {visible(row['source_id'])}: {row['outcome']} {visible(row['message'] or '')}"
        for row in summary.unread
    )
    counted = reading.findings(store, f"state = 'open' AND {_COUNTED}")
    if counted:
        yield paint("yellow", "Cross-checks:")
    yield from _cut(f"  - {visible(row['message'])}" for row in counted)
    entries = out_of_scope(store)
    if entries:
        yield f"Out of scope: {summary.cells_out_of_scope} cells"
    for entry in entries:
        globs = " ".join(visible(entry[key]) for key in ("account", "region", "type"))
        until = f", until {entry['expires']}" if entry["expires"] else ""
        spent = ", and that has passed" if entry["expired"] else ""
        yield f"  - {globs}: {visible(entry['reason'])}{until}{spent}"


def _totals(summary: Summary, paint: Palette) -> Iterator[str]:
    by = summary.by_status
    yield f"Found {paint('bold', summary.accountable)} resource(s)"
    yield f" - {paint('bold', summary.coverage)}% coverage"
    tags = f", {summary.tag_only} of them by a tag alone" if summary.tag_only else ""
    yield f" - {summary.owned} resource(s) managed by IaC ({by['derived']} derived{tags})"
    hanging = by["unmanaged"] - summary.strays
    more = f": {summary.strays} stray(s) and {hanging} dependent(s)" if hanging else ""
    yield f" - {by['unmanaged']} resource(s) not managed by IaC{more}"
    yield f" - {summary.missing} resource(s) found in IaC but missing on AWS"
    yield f" - {summary.drifted} resource(s) drifted"
    yield f" - {by['default']} made by AWS, {by['unknown']} unknown"
    found = ", ".join(f"{n} {name}" for name, n in summary.by_severity.items() if n)
    yield f" - {found or 'no'} finding(s) open"
    yield f" - {summary.cells_complete} of {summary.cells} cells seen"
    yield f" - {summary.sources} source(s) read, {len(summary.unread)} not"


def _cut(items: Iterator[str]) -> Iterator[str]:
    extra = 0
    indent = ""
    for number, item in enumerate(items):
        if number < _MOST:
            indent = item[: len(item) - len(item.lstrip())]
            yield item
        else:
            extra += 1
    if extra:
        yield f"{indent}… and {extra} more (json:// and csv:// have them all)"
