"""The same results as OSCAL assessment results, for governance tools.

https://pages.nist.gov/OSCAL-Reference/models/v1.1.3/assessment-results/json-reference/ requires a
finding's target to be `satisfied` or `not-satisfied`. The target here is Strays' pass rule, not
the control: each finding says so, and says what the rule leaves open.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from reports.compliance.controls import Outcome, always_not_covered
from reports.text import visible

if TYPE_CHECKING:
    from reports.compliance.controls import Framework, Result
    from reports.context import Context
    from reports.summary import Summary

OSCAL_VERSION = "1.1.3"
NAMESPACE = "https://strays.invalid/ns/oscal"
MOST_SUBJECTS = 200
"""Resources that one observation names; `against.csv` names them all."""

_REASON = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.CANNOT_SAY: "other"}
_TEXT = re.compile(r"\s+")


def assessment_results(
    framework: Framework, outcome: list[Result], context: Context, summary: Summary
) -> dict[str, Any]:
    """Return the document. Its UUIDs are made from the scan, so one scan gives one document."""
    maker = _Maker(framework, context)
    subjects = sorted({str(row["subject"]) for r in outcome for row in r.against[:MOST_SUBJECTS]})
    result = {
        "uuid": maker.uuid("result"),
        "title": f"Scan {context.scan_id}",
        "description": f"What Strays saw of {framework.title}. Verdict: {summary.verdict}."
        f" Not covered in any case: {always_not_covered()}",
        "start": maker.start,
        "end": maker.end,
        "reviewed-controls": {
            "control-selections": [
                {
                    "include-controls": [
                        {"control-id": framework.oscal_id(result.control)} for result in outcome
                    ]
                }
            ]
        },
        "observations": [maker.observation(result) for result in outcome],
        "findings": [maker.finding(result) for result in outcome],
    }
    if subjects:
        items = [maker.item(subject) for subject in subjects]
        result["local-definitions"] = {"inventory-items": items}
    return {
        "assessment-results": {
            "uuid": maker.uuid("assessment-results"),
            "metadata": {
                "title": f"Strays: evidence for {framework.title}",
                "last-modified": maker.end,
                "version": str(context.scan_id),
                "oscal-version": OSCAL_VERSION,
            },
            "import-ap": {"href": f"#{maker.uuid('plan')}"},
            "results": [result],
            "back-matter": {"resources": maker.resources()},
        }
    }


class _Maker:
    """Makes the parts of one document."""

    def __init__(self, framework: Framework, context: Context) -> None:
        self.framework = framework
        self.context = context
        self.start = _time(context.started_at)
        self.end = _time(context.finished_at or context.started_at)

    def uuid(self, name: str) -> str:
        said = f"{NAMESPACE}/{self.context.scan_id}/{self.framework.key}/{name}"
        return str(uuid5(NAMESPACE_URL, said))

    def item(self, subject: str) -> dict[str, Any]:
        text = _line(subject)
        uuid = self.uuid(f"item/{subject}")
        return {"uuid": uuid, "description": text, "props": [_prop("subject", text)]}

    def observation(self, result: Result) -> dict[str, Any]:
        control = result.control
        shown = result.against[:MOST_SUBJECTS]
        observation = {
            "uuid": self.uuid(f"observation/{control.control_id}"),
            "title": f"{control.control_id}: {control.rule.rule_id}",
            "description": f"Pass rule: {control.passes} {_counted(result)}",
            "props": [
                _prop("pass-rule", control.rule.rule_id),
                _prop("against", str(len(result.against))),
            ],
            "methods": ["TEST"],
            "types": ["control-objective"],
            "collected": self.end,
            "relevant-evidence": [
                {
                    "href": f"#{self.uuid('against')}",
                    "description": "All that speaks against",
                }
            ],
        }
        if shown:
            uuids = dict.fromkeys(self.uuid(f"item/{row['subject']}") for row in shown)
            observation["subjects"] = [
                {"subject-uuid": uuid, "type": "inventory-item"} for uuid in uuids
            ]
        return observation

    def finding(self, result: Result) -> dict[str, Any]:
        control = result.control
        return {
            "uuid": self.uuid(f"finding/{control.control_id}"),
            "title": f"{control.control_id} {control.title}",
            "description": f"Supports: {control.supports} Not covered: {control.not_covered}",
            "target": {
                "type": "objective-id",
                "target-id": f"{self.framework.oscal_id(control)}_{control.rule.rule_id}",
                "title": f"Strays' pass rule {control.rule.rule_id}",
                "description": "The target is the pass rule of the observation, not the control.",
                "status": _status(result.outcome),
            },
            "related-observations": [
                {"observation-uuid": self.uuid(f"observation/{control.control_id}")}
            ],
        }

    def resources(self) -> list[dict[str, Any]]:
        """Return what the document refers to. There is no plan: the page tells the method."""
        told = {
            "plan": ("How the scan counts and judges: parts 1 to 4 of the page", "index.html"),
            "against": ("What speaks against each pass rule", "against.csv"),
            "coverage": ("Coverage ledger", "coverage.csv"),
            "sample": ("Sample with raw evidence", "sample.json"),
            "framework": (self.framework.title, self.framework.source),
        }
        return [
            {"uuid": self.uuid(name), "title": title, "rlinks": [{"href": href}]}
            for name, (title, href) in told.items()
        ]


def _status(outcome: Outcome) -> dict[str, Any]:
    status = {
        "state": "satisfied" if outcome is Outcome.PASS else "not-satisfied",
        "reason": _REASON[outcome],
    }
    if outcome is Outcome.CANNOT_SAY:
        status["remarks"] = "Nothing speaks against it, but not everything in scope was seen."
    return status


def _counted(result: Result) -> str:
    if result.outcome is Outcome.FAIL:
        return f"It fails: {len(result.against)} against it."
    return f"It comes to: {result.outcome}."


def _prop(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": value}


def _line(text: str) -> str:
    """Return text that OSCAL takes for a string: one line with something in it, no blank ends."""
    return _TEXT.sub(" ", visible(text, 1_000)).strip() or "-"


def _time(moment: datetime | None) -> str:
    assert moment is not None
    return moment.replace(tzinfo=UTC).isoformat()
