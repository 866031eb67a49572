"""SARIF 2.1.0, within the limits that GitHub's code scanning sets.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. The limits:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from reports import reading
from reports.summary import NOT_COVERAGE, Summary, summarize
from reports.text import visible
from scanner.model import Severity

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from reports.target import Target
    from scanner.store import Store

FORMAT = "sarif"
TITLE = "SARIF 2.1.0 for code scanning"

MOST_RESULTS = 5_000
"""Code scanning shows no more per run, the gravest first."""
_MOST_NOTIFICATIONS = 200

_LEVEL = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCORE = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5", "info": "0.0"}
_ORDER = [str(severity) for severity in Severity]


def write(store: Store, target: Target, context: Context) -> None:
    """Write one run: a result per open or excepted finding, a notification per cell not seen."""
    rows = reading.findings(store, f"state IN ('open', 'excepted') AND {NOT_COVERAGE}")
    rules = _rules(rows)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    shown = rows[:MOST_RESULTS]
    run = {
        "tool": {
            "driver": {"name": "Strays", "version": context.strays_version, "rules": rules},
        },
        "invocations": [_invocation(summarize(store), context)],
        "columnKind": "utf16CodeUnits",
        "results": [_result(row, numbers[row["rule_id"]]) for row in shown],
        "properties": {"resultsLeftOut": len(rows) - len(shown)},
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    with target.open() as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n")


def _rules(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the rules of these findings; a rule's score is that of its gravest finding."""
    worst: dict[str, Row] = {}
    for row in rows:
        known = worst.get(row["rule_id"])
        if known is None or _ORDER.index(row["severity"]) < _ORDER.index(known["severity"]):
            worst[row["rule_id"]] = row
    return [
        {
            "id": rule,
            "name": "".join(word.title() for word in rule.split("_")),
            "shortDescription": {"text": rule.replace("_", " ").capitalize()},
            "help": {"text": visible(row["fix"] or rule, 1_000)},
            "defaultConfiguration": {"level": _LEVEL[row["severity"]]},
            "properties": {
                "tags": ["security", "aws", "infrastructure-as-code"],
                "security-severity": _SCORE[row["severity"]],
            },
        }
        for rule, row in sorted(worst.items())
    ]


def _result(row: Row, number: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": row["rule_id"],
        "ruleIndex": number,
        "level": _LEVEL[row["severity"]],
        "message": {"text": visible(row["message"], 1_000)},
        "locations": [_location(row)],
        "partialFingerprints": {"strays/v1": row["finding_id"]},
        "properties": {"severity": row["severity"], "status": row["status"]},
    }
    if row["state"] == "excepted":
        reason = visible(row["exception_id"] or "excepted", 1_000)
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _location(row: Row) -> dict[str, Any]:
    """Return where it is. Code scanning wants a file: where and what it is make its path."""
    parts = ("account_id", "region", "resource_type", "resource_id")
    path = "/".join(quote(visible(row[key], 200), safe="") for key in parts if row[key])
    name = visible(row["arn"] or row["resource_id"] or row["finding_id"], 2_048)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": f"aws/{path}"},
            "region": {"startLine": 1},
        },
        "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
    }


def _invocation(summary: Summary, context: Context) -> dict[str, Any]:
    invocation: dict[str, Any] = {
        "executionSuccessful": not summary.blind and not summary.unread,
        "toolExecutionNotifications": list(_notifications(summary)),
        "properties": {"verdict": str(summary.verdict)},
    }
    times = {"startTimeUtc": context.started_at, "endTimeUtc": context.finished_at}
    return invocation | {key: f"{time.isoformat()}Z" for key, time in times.items() if time}


def _notifications(summary: Summary) -> Iterator[dict[str, Any]]:
    said = [
        f"{c['account_id']} {c['region']} {c['resource_type']}: {c['outcome']} {c['message'] or ''}"
        for c in summary.blind
    ]
    said += [
        f"{source['source_id']}: {source['outcome']} {source['message'] or ''}"
        for source in summary.unread
    ]
    for text in said[:_MOST_NOTIFICATIONS]:
        yield {"level": "warning", "message": {"text": visible(text.strip(), 500)}}
    if len(said) > _MOST_NOTIFICATIONS:
        more = f"and {len(said) - _MOST_NOTIFICATIONS} more cells and sources not seen"
        yield {"level": "warning", "message": {"text": more}}
