"""Runs rules over a resolved store and writes findings: identity, judgement, history."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from rules import Rule, load
from rules.allowed import Allowed, baseline
from scanner import judge
from scanner.bounds import Watch
from scanner.clock import utc_now
from scanner.config import Config
from scanner.errors import QueryError, RuleError
from scanner.sql_steps import steps
from scanner.store import DatabaseError, Store, statement_kinds

SECONDS = 300.0
"""How long one rule may take; one that asks for more is stopped and named."""


def check(
    store: Store,
    config: Config,
    scan_id: str,
    *,
    allowed: Allowed | None = None,
    now: datetime | None = None,
) -> int:
    """Write the findings of a scan and return how many are open.

    Findings of earlier scans that no rule returned are closed where their cell was listed `ok` in
    this scan, and `not_seen` otherwise. `allowed` is what the configuration's files say, read here
    where it is left out; `now` is the time by which terms end. Raises `RuleError` naming a rule
    whose SQL is refused or does not fit, `ConfigError` for a malformed file: then nothing changes.
    The store reaches neither files nor the network from here on.
    """
    now = now or utc_now()
    allowed = allowed or Allowed.read(config, now.date())
    rules = _readable(config)
    store.close_doors()
    with store.transaction():
        judge.out_of_scope(store, config.out_of_scope, scan_id, now)
        judge.environments(store, config.environment, scan_id)
        allowed.write(store, scan_id, now.date())
        store.run("DELETE FROM finding WHERE scan_id = ?", [scan_id])
        store.run_all(_script("findings")["snapshot"], scan_id)
        store.run_all(_script("exposed")["exposed"], scan_id)
        _judged(store, config, scan_id, [rule for rule in rules if rule.kind != "exception"], now)
        allowed.mark(store, scan_id)
        _judged(store, config, scan_id, [rule for rule in rules if rule.kind == "exception"], now)
        baseline(store, scan_id)
        _carry(store, scan_id, rules)
        store.run("DROP TABLE exposed")
        store.run_all(_script("findings")["drop_snapshot"], scan_id)
    return int(store.value("SELECT count(*) FROM findings WHERE state = 'open'"))


def ready(config: Config) -> None:
    """Read the rules and all that may except a finding, so that a mistake there costs no scan.

    Raises `RuleError`, `ConfigError` and `UsageError`.
    """
    _readable(config)
    Allowed.read(config, utc_now().date())


def _readable(config: Config) -> list[Rule]:
    rules = load(config.rules)
    for rule in rules:
        _refuse(rule)
    return rules


def _judged(
    store: Store, config: Config, scan_id: str, rules: Iterable[Rule], now: datetime
) -> None:
    """Run rules and write what they return, graded, as open findings."""
    sql = _script("findings")
    store.run_all(sql["hits"], scan_id)
    for rule in rules:
        _run(store, rule)
    if store.value("SELECT count(*) FROM hit"):
        judge.severities(store, config.environment, now)
        store.run_all(sql["findings"], scan_id)


def _carry(store: Store, scan_id: str, rules: list[Rule]) -> None:
    """Say of each earlier finding that no rule returned whether it is closed or was not seen."""
    store.run(
        "CREATE OR REPLACE TEMP TABLE rule_ran AS SELECT unnest(?::VARCHAR[]) AS rule_id",
        [[rule.rule_id for rule in rules]],
    )
    store.run_all(_script("findings")["carry"], scan_id)


def _script(name: str) -> dict[str, list[str]]:
    return steps(files("rules").joinpath(f"steps/{name}.sql").read_text("utf-8"))


def _refuse(rule: Rule) -> None:
    """Raise `RuleError` unless a rule's text is one SELECT: inside another, it stays one."""
    try:
        kinds = _kinds(rule.sql)
    except DatabaseError as error:
        raise RuleError(f"rule {rule.path}: {str(error).splitlines()[0]}") from error
    if kinds != ("SELECT",):
        told = ", ".join(kind.replace("_", " ") for kind in kinds) or "nothing"
        raise RuleError(f"rule {rule.path}: a rule is one SELECT that reads, and this is {told}")


@cache
def _kinds(sql: str) -> tuple[str, ...]:
    return tuple(statement_kinds(sql))


def _run(store: Store, rule: Rule) -> None:
    """Add a rule's rows to the temporary table `hit`."""
    values = {
        "rule": rule.rule_id,
        "rule_kind": rule.kind,
        "rule_fix": rule.fix,
        "rule_title": rule.title,
    }
    named = set(re.findall(r"\$(\w+)", rule.sql))
    used = {name: value for name, value in rule.params.items() if name in named}
    query = (
        "INSERT INTO hit BY NAME SELECT $rule AS rule_id, $rule_kind AS kind,"  # noqa: S608
        f" $rule_fix AS fix, $rule_title AS title, '{rule.severity}' AS graded,"
        f" {rule.regraded} AS regraded, * FROM ({rule.select}\n)"
    )
    watch = Watch(store.connection, SECONDS)
    try:
        with watch:
            store.checked(query, {**values, **used})
    except QueryError as error:
        told = f"stopped after {SECONDS:g} s" if watch.fired else str(error)
        raise RuleError(f"rule {rule.path}: {told}") from error
    _check_rows(store, rule)


def _check_rows(store: Store, rule: Rule) -> None:
    """Raise `RuleError` where a row names nothing, or is graded as nothing."""
    bad = store.value(
        "SELECT CASE WHEN coalesce(subject, arn) IS NULL THEN 'neither arn nor subject'"
        " ELSE 'severity ' || severity END FROM hit WHERE rule_id = ? AND (coalesce(subject, arn)"
        " IS NULL OR severity NOT IN ('critical', 'high', 'medium', 'low', 'info')) LIMIT 1",
        [rule.rule_id],
    )
    if bad:
        raise RuleError(f"rule {rule.path}: it returned a row with {bad}")
