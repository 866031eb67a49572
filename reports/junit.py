"""JUnit: for CI systems that show test results; a finding fails, what was not seen is an error.

The shape is that of https://github.com/testmoapp/junitxml, which Jenkins, GitLab and Azure read.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from reports import reading
from reports.summary import NOT_COVERAGE, Summary, summarize
from reports.text import visible

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from reports.target import Target
    from scanner.store import Store

FORMAT = "junit"
TITLE = "JUnit XML: one suite per rule, and one for coverage"

_MOST = 4_000


def write(store: Store, target: Target, context: Context) -> None:
    """Write one suite per rule that found something, and one that says what was seen."""
    summary = summarize(store)
    root = Element("testsuites", name="strays")
    rows = reading.findings(store, f"state IN ('open', 'excepted') AND {NOT_COVERAGE}")
    by_rule = sorted(rows, key=lambda row: str(row["rule_id"]))
    for rule, group in groupby(by_rule, lambda row: str(row["rule_id"])):
        _rule(root, rule, list(group))
    _coverage(root, summary)
    if context.started_at is not None:
        for suite in root:
            suite.set("timestamp", context.started_at.isoformat())
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    with target.open() as stream:
        stream.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        stream.write(tostring(root, "utf-8") + b"\n")


def _rule(root: Element, rule: str, rows: list[Row]) -> None:
    suite = SubElement(root, "testsuite", name=rule)
    failing = [row for row in rows if row["state"] == "open" and row["severity"] != "info"]
    for row in rows:
        name = visible(row["arn"] or row["resource_id"] or row["finding_id"])
        place = ".".join(filter(None, (rule, row["account_id"], row["region"])))
        case = SubElement(suite, "testcase", name=name, classname=place)
        if row["state"] == "excepted":
            SubElement(case, "skipped", message=visible(row["exception_id"] or "excepted"))
        elif row["severity"] != "info":
            said = visible(row["message"], 1_000)
            failure = SubElement(case, "failure", type=row["severity"], message=said)
            failure.text = f"{said}\n{visible(row['fix'] or '', 1_000)}"[:_MOST]
    skipped = sum(row["state"] == "excepted" for row in rows)
    _count(suite, len(rows), failures=len(failing), skipped=skipped)


def _coverage(root: Element, summary: Summary) -> None:
    suite = SubElement(root, "testsuite", name="coverage")
    for cell in summary.blind:
        place = f"{cell['account_id']} {cell['region']} {cell['resource_type']}"
        _error(suite, place, cell["outcome"], cell["message"] or cell["error_code"])
    for source in summary.unread:
        _error(suite, visible(source["source_id"]), source["outcome"], source["message"])
    errors = len(suite)
    if not errors:
        name = f"{summary.cells} cells and {summary.sources} sources seen"
        SubElement(suite, "testcase", name=name, classname="coverage")
    _count(suite, len(suite), errors=errors)


def _error(suite: Element, name: str, kind: str, message: str | None) -> None:
    case = SubElement(suite, "testcase", name=name, classname="coverage")
    SubElement(case, "error", type=kind, message=visible(message or kind, 1_000))


def _count(
    suite: Element, tests: int, *, failures: int = 0, errors: int = 0, skipped: int = 0
) -> None:
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": skipped}
    for name, count in counts.items():
        suite.set(name, str(count))
