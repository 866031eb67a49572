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
    from reports.reading import Row
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
    yield from _section(
        "Findings",
        ("Severity", "Rule", "Resource", "Type", "Account", "Region"),
        (_finding(row) for row in reading.findings(store, f"state = 'open' AND {NOT_COVERAGE}")),
    )
    yield from _section(
        "Missing",
        ("Id", "Type", "Address", "Source"),
        (_missing(row) for row in reading.missing(store)),
    )
    yield from _section(
        "Not seen",
        ("Outcome", "Account", "Region", "What", "Why"),
        [*map(_unread, summary.unread), *map(_blind, summary.blind)],
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


def _finding(row: Row) -> list[str]:
    title = code(row["name"] or row["resource_id"] or row["message"])
    place = [row[key] or "" for key in ("resource_type", "account_id", "region")]
    return [row["severity"], row["rule_id"], title, *place]


def _missing(row: Row) -> list[str]:
    said = (reading.claimed_id(row), row["claimed_type"], row["address"], row["source_id"])
    return [code(text) for text in said]


def _blind(cell: Row) -> list[str]:
    place = [cell[key] for key in ("outcome", "account_id", "region", "resource_type")]
    return [*place, code(cell["message"] or cell["error_code"])]


def _unread(source: Row) -> list[str]:
    return [source["outcome"], "", "", code(source["source_id"]), code(source["message"])]


def _section(title: str, head: tuple[str, ...], rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield a table, or nothing where it has no row; what has no room is counted."""
    room = int(LIMIT * _SECTION_SHARE[title]) - 1_000
    left_out = 0
    for number, row in enumerate(rows):
        if not number:
            yield f"\n### {title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}\n"
        line = f"| {' | '.join(row)} |\n"
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
