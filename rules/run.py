"""Runs rules over a resolved store and writes findings: identity, judgement, history."""

from __future__ import annotations

from importlib.resources import files

from rules import Rule, load
from scanner import judge
from scanner.config import Config
from scanner.errors import QueryError, RuleError
from scanner.store import Store, steps


def check(store: Store, config: Config, scan_id: str) -> int:
    """Write the findings of a scan and return how many are open.

    Findings of earlier scans that no rule returned are closed where their cell was listed `ok` in
    this scan, and `not_seen` otherwise. Raises `RuleError` naming a rule whose SQL does not fit.
    """
    rules = load(config.rules)
    sql = steps(files("rules").joinpath("steps/findings.sql").read_text("utf-8"))
    with store.transaction():
        judge.out_of_scope(store, config.out_of_scope, scan_id)
        judge.environments(store, config.environment, scan_id)
        store.run("DELETE FROM finding WHERE scan_id = ?", [scan_id])
        store.run_all(sql["hits"], scan_id)
        for rule in rules:
            _run(store, rule)
        judge.severities(store, config.environment)
        store.run_all(sql["findings"], scan_id)
        store.run_all(sql["carry"], scan_id)
    return int(store.value("SELECT count(*) FROM findings WHERE state = 'open'"))


def _run(store: Store, rule: Rule) -> None:
    """Add a rule's rows to the temporary table `hit`."""
    values = {"rule": rule.rule_id, "rule_kind": rule.kind, "rule_fix": rule.fix}
    used = {name: value for name, value in rule.params.items() if f"${name}" in rule.sql}
    query = (
        "INSERT INTO hit BY NAME SELECT $rule AS rule_id, $rule_kind AS kind,"  # noqa: S608
        f" $rule_fix AS fix, '{rule.severity}' AS graded, * FROM ({rule.select}\n)"
    )
    try:
        store.checked(query, {**values, **used})
    except QueryError as error:
        raise RuleError(f"rule {rule.path}: {error}") from error
