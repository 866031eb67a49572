"""Markdown: for a pull request's comment or a job's summary, within what these places take.

A comment on GitHub holds 65,536 characters
(https://github.com/orgs/community/discussions/27190), a job's summary 1 MiB
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands): the report
fits the smaller, and counts what it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from reports import reading
from reports.summary import NOT_COVERAGE, Summary, summarize
from reports.text import visible

if TYPE_CHECKING:
    from reports.context import Context
    from reports.target import Target
    from scanner.store import Store

FORMAT = "markdown"
TITLE = "a summary that fits a comment or a job's page"
LIMIT = 65_000

_SECTION_SHARE = {"Findings": 0.7, "Missing": 0.15, "Not seen": 0.15}
"""How much of `LIMIT` each list may take, so that a long one does not push out the others."""


def write(store: Store, target: Target, context: Context) -> None:
    """Write the summary."""
    with target.open() as stream:
        stream.write("".join(_document(store, context)).encode())


def _document(store: Store, context: Context) -> Iterator[str]:
    summary = summarize(store)
    yield f"## Strays: {summary.verdict}\n\n"
    yield _numbers(summary)
    open_ones = reading.findings(store, f"state = 'open' AND {NOT_COVERAGE}")
    head = ("Severity", "Rule", "Resource", "Type", "Account", "Region")
    keys = ("severity", "rule_id", "title", "resource_type", "account_id", "region")
    for row in open_ones:
        row["title"] = row["name"] or row["resource_id"] or row["message"]
    yield from _section("Findings", head, ([row[key] for key in keys] for row in open_ones))
    gone = reading.missing(store)
    yield from _section(
        "Missing",
        ("Id", "Type", "Address", "Source"),
        ([reading.claimed_id(r), r["claimed_type"], r["address"], r["source_id"]] for r in gone),
    )
    keys = ("outcome", "account_id", "region", "resource_type", "message")
    blind = [[cell[key] for key in keys] for cell in summary.blind]
    unread = [[r["outcome"], None, None, r["source_id"], r["message"]] for r in summary.unread]
    yield from _section(
        "Not seen", ("Outcome", "Account", "Region", "What", "Why"), [*unread, *blind]
    )
    yield f"\nStrays {context.strays_version}, scan {code(context.scan_id)}\n"


def _numbers(summary: Summary) -> str:
    grave = ", ".join(f"{n} {name}" for name, n in summary.by_severity.items() if n)
    return (
        f"| Strays | Missing | Owned by code | Unknown | Cells seen | Open findings |\n"
        f"| --: | --: | --: | --: | --: | --- |\n"
        f"| {summary.strays} | {summary.missing}"
        f" | {summary.coverage} % ({summary.owned} of {summary.accountable})"
        f" | {summary.by_status['unknown']} | {summary.cells_complete} of {summary.cells}"
        f" | {grave or 'none'} |\n"
    )


def _section(title: str, head: tuple[str, ...], rows: Iterable[list[object]]) -> Iterator[str]:
    """Yield a table, or nothing where it has no row; rows beyond the section's share are counted."""
    room = int(LIMIT * _SECTION_SHARE[title]) - 1_000
    left_out = 0
    for number, row in enumerate(rows):
        if not number:
            yield f"\n### {title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}\n"
        line = f"| {' | '.join(code(value) for value in row)} |\n"
        room -= len(line)
        if room > 0:
            yield line
        else:
            left_out += 1
    if left_out:
        yield f"\n{left_out:,} more are left out here.\n"


def code(value: object) -> str:
    """Return a stranger's text as a code span, where neither markup nor `@name` means anything.

    A span opens with more backticks than the text has in a row
    (https://github.github.com/gfm/#code-spans); in a table a bar is escaped even there.
    """
    if value in (None, ""):
        return ""
    text = visible(value, 160).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] in " `" or text[-1] in " `" else ""
    return f"{fence}{pad}{text}{pad}{fence}"
