"""Judgement from context: environments and their policies, exposure, and what is out of scope."""

from __future__ import annotations

from datetime import datetime
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

from scanner.config import Environment, OutOfScope, as_of_now, duration
from scanner.sql_steps import steps
from scanner.store import Store


def out_of_scope(store: Store, entries: list[OutOfScope], scan_id: str, now: datetime) -> None:
    """Write the configured cells that stand outside the verdict; expired ones are marked so."""
    store.run("DELETE FROM out_of_scope WHERE scan_id = ?", [scan_id])
    rows = [
        {"scan_id": scan_id, **entry.model_dump(), "expired": not as_of_now(entry.expires, now)}
        for entry in entries
    ]
    store.table_from_rows("out_of_scope", rows)


def environments(store: Store, declared: list[Environment], scan_id: str) -> None:
    """Write into `ownership` which environment each resource is in: the first that fits."""
    sql = _script()["environment_of_resource"][0]
    accounts = _accounts(store)
    store.run("UPDATE ownership SET environment = NULL WHERE scan_id = ?", [scan_id])
    for environment in declared:
        tags = [f"{key}\x1f{glob}" for key, glob in environment.resource_tags.items()]
        chosen = [row["account_id"] for row in accounts if _has(environment, row)]
        store.run(sql, [environment.name, scan_id, chosen, environment.regions, tags])


def severities(store: Store, declared: list[Environment], now: datetime) -> None:
    """Grade the temporary table `hit`: the rule's word, then exposure, then the environment.

    A stray that is open to the world is a step graver. In an `iac-only` environment every stray is
    at least high; what `tolerate` covers is info; so is a stray within its grace period, unless it
    is open to the world, and what no reviewed entry lists. What moved the severity is kept.
    """
    script = _script()
    _place(store, declared, script)
    for statement in script["exposure"]:
        store.run(statement)
    for environment in declared:
        name = [environment.name]
        if environment.policy == "iac-only":
            store.run(script["iac_only"][0], name)
        if environment.policy == "tolerate":
            store.run(script["tolerate"][0], name)
        elif environment.grace:
            since = now - duration(environment.grace)
            store.run(script["grace"][0], [f"{environment.grace} of {name[0]}", *name, since])
    if declared:
        store.run(script["no_environment"][0])
    store.run(script["unreviewed"][0])


def _place(store: Store, declared: list[Environment], script: dict[str, list[str]]) -> None:
    """Give every hit its first severity and its environment, by account where it is no thing."""
    for statement in script["begin"]:
        store.run(statement)
    accounts = _accounts(store)
    for environment in declared:
        if not environment.resource_tags:
            chosen = [row["account_id"] for row in accounts if _has(environment, row)]
            sql = script["environment_of_hit"][0]
            store.run(sql, [environment.name, chosen, environment.regions])


def _accounts(store: Store) -> list[dict[str, Any]]:
    """Return what is known of every account that was looked at."""
    return store.rows(
        "SELECT account_id, organizational_unit, tags FROM"
        " (SELECT DISTINCT account_id FROM coverage_group UNION SELECT account_id FROM account)"
        " LEFT JOIN (SELECT * FROM account QUALIFY row_number() OVER ("
        "   PARTITION BY account_id ORDER BY scan_id DESC) = 1) USING (account_id)"
    )


def _has(environment: Environment, account: dict[str, Any]) -> bool:
    unit = account["organizational_unit"] or ""
    tags = account["tags"] or {}
    by_account = environment.accounts or environment.organization_units or environment.account_tags
    return not by_account or (
        any(fnmatchcase(account["account_id"], glob) for glob in environment.accounts)
        or any(
            fnmatchcase(unit, glob) or fnmatchcase(unit, f"{glob}/*") or glob in unit.split("/")
            for glob in environment.organization_units
        )
        or any(
            fnmatchcase(tags.get(key, "\0"), glob) for key, glob in environment.account_tags.items()
        )
    )


def _script() -> dict[str, list[str]]:
    return steps(files("scanner").joinpath("judge.sql").read_text("utf-8"))
