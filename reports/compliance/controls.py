"""Frameworks and their controls, read from `controls.yaml`, and what a scan says of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from reports.summary import Summary, Verdict

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from scanner.store import Store


@dataclass(frozen=True)
class PassRule:
    """What must hold: `sql` returns what speaks against it. `sight`: it rests on what was seen."""

    rule_id: str
    passes: str
    sql: str
    sight: bool = True


@dataclass(frozen=True)
class Control:
    """One control: what Strays supports of it, by which rule, and what it leaves open."""

    control_id: str
    title: str
    supports: str
    rule: PassRule
    not_covered: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def passes(self) -> str:
        """The pass rule in words, with its parameters' values."""
        return Template(self.rule.passes).safe_substitute(self.values)


@dataclass(frozen=True)
class Framework:
    """A framework with the controls of it that an inventory supports."""

    key: str
    title: str
    source: str
    prefix: str
    controls: list[Control]

    def oscal_id(self, control: Control) -> str:
        """Return a control's id as OSCAL's catalogs write it: `cm-8.3` for `CM-8(3)`."""
        return self.prefix + re.sub(r"\((\w+)\)", r".\1", control.control_id).lower()


class Outcome(StrEnum):
    """What the scan says of a control's pass rule."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    CANNOT_SAY = "cannot be said"


@dataclass(frozen=True)
class Result:
    """A control with what came of its rule; `against` are `subject` and `why`."""

    control: Control
    outcome: Outcome
    against: list[Row]


ALWAYS_NOT_COVERED = "always_not_covered"


@cache
def _document() -> dict[str, Any]:
    import yaml

    text = files("reports.compliance").joinpath("controls.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def always_not_covered() -> str:
    """Return what no control of any framework covers here."""
    return str(_document()[ALWAYS_NOT_COVERED])


def period() -> timedelta:
    """Return how far back the ages and the scans of a report reach."""
    return timedelta(days=_document()["defaults"]["period_days"])


def frameworks() -> dict[str, Framework]:
    """Return every framework by its key."""
    return {key: _framework(key, told) for key, told in _document()["frameworks"].items()}


def _framework(key: str, told: dict[str, Any]) -> Framework:
    controls = [_control(name, facts) for name, facts in told["controls"].items()]
    return Framework(key, told["title"], told["source"], told.get("prefix", ""), controls)


def _control(name: str, facts: dict[str, Any]) -> Control:
    rule = PassRule(facts["rule"], **_document()["rules"][facts["rule"]])
    values = _document()["defaults"] | facts.get("with", {})
    return Control(name, facts["title"], facts["supports"], rule, facts["not_covered"], values)


def evaluate(
    framework: Framework, store: Store, context: Context, summary: Summary
) -> list[Result]:
    """Run every control's rule. Nothing passes that rests on what was not seen."""
    against: dict[tuple[str, str], list[Row]] = {}
    for control in framework.controls:
        key = (control.rule.rule_id, control.passes)
        if key not in against:
            against[key] = _against(control, store, context)
    found = [
        (control, against[control.rule.rule_id, control.passes]) for control in framework.controls
    ]
    return [Result(control, _outcome(control, rows, summary), rows) for control, rows in found]


def _against(control: Control, store: Store, context: Context) -> list[Row]:
    return store.rows(
        f"SELECT subject, why FROM ({control.rule.sql}) ORDER BY ALL",  # noqa: S608
        _parameters(control, context),
    )


def _outcome(control: Control, against: list[Row], summary: Summary) -> Outcome:
    if against:
        return Outcome.FAIL
    if control.rule.sight and summary.verdict is Verdict.INCOMPLETE:
        return Outcome.CANNOT_SAY
    return Outcome.PASS


def _parameters(control: Control, context: Context) -> dict[str, Any] | None:
    began = context.started_at
    known = control.values | {
        "intruder": [key for key, rule in context.rules.items() if rule.kind == "intruder"],
        "since": began and began - period(),
    }
    named = set(re.findall(r"\$(\w+)", control.rule.sql))
    return {name: known[name] for name in sorted(named)} or None
