"""Judgement from context: environments and their policies, and what is out of scope."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from scanner.config import Environment, OutOfScope
from scanner.store import Store, utc_now

_GRACE = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def out_of_scope(store: Store, entries: list[OutOfScope], scan_id: str) -> None:
    """Write the configured cells that stand outside the verdict; expired ones are marked so."""
    today = utc_now().date()
    store.run("DELETE FROM out_of_scope WHERE scan_id = ?", [scan_id])
    for entry in entries:
        expired = entry.expires is not None and entry.expires < today
        store.run(
            "INSERT INTO out_of_scope VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                scan_id,
                entry.account,
                entry.region,
                entry.type,
                entry.reason,
                entry.expires,
                expired,
            ],
        )


def environments(store: Store, declared: list[Environment], scan_id: str) -> None:
    """Write into `ownership` which environment each resource is in: the first that fits."""
    store.run("UPDATE ownership SET environment = NULL WHERE scan_id = ?", [scan_id])
    accounts = store.rows(
        "SELECT * FROM account QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY scan_id DESC) = 1"
    )
    for environment in declared:
        chosen = [row["account_id"] for row in accounts if _has(environment, row)]
        store.run(
            "UPDATE ownership SET environment = ? FROM current_resource AS thing"
            " WHERE ownership.scan_id = ? AND ownership.environment IS NULL"
            " AND thing.arn = ownership.arn AND list_contains(?::VARCHAR[], thing.account_id)"
            " AND (len(?::VARCHAR[]) = 0 OR len(list_filter(?::VARCHAR[], lambda g: thing.region GLOB g)) > 0)"
            " AND len(list_filter(?::VARCHAR[], lambda t: NOT coalesce("
            "   thing.tags[split_part(t, chr(31), 1)] GLOB split_part(t, chr(31), 2), false))) = 0",
            [
                environment.name, scan_id, chosen, environment.regions, environment.regions,
                [f"{key}\x1f{glob}" for key, glob in environment.resource_tags.items()],
            ],
        )  # fmt: skip


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


def severities(store: Store, declared: list[Environment]) -> None:
    """Grade the temporary table `hit`: the rule's word, then the environment's policy.

    A stray in an `iac-only` environment is at least high; what `tolerate` covers is info; so is a
    stray within its grace period.
    """
    store.run(
        "UPDATE hit SET severity = coalesce(hit.severity, graded), environment = thing.environment,"
        " resource_type = coalesce(hit.resource_type, thing.resource_type)"
        " FROM (SELECT NULL AS arn, NULL AS environment, NULL AS resource_type"
        "       UNION ALL SELECT arn, environment, resource_type FROM inventory) AS thing"
        " WHERE thing.arn IS NOT DISTINCT FROM hit.arn"
    )
    store.run("UPDATE hit SET severity = graded WHERE severity IS NULL")
    for environment in declared:
        _apply(store, environment)


def _apply(store: Store, environment: Environment) -> None:
    name = environment.name
    ownership = "environment = ? AND kind IN ('ownership', 'intruder')"
    if environment.policy == "tolerate":
        store.run(
            "UPDATE hit SET severity = 'info', judged = 'tolerated in ' || environment"  # noqa: S608
            f" WHERE {ownership}",
            [name],
        )
    if environment.policy == "iac-only":
        store.run(
            "UPDATE hit SET severity = 'high', judged = environment || ' takes changes by code only'"  # noqa: S608
            f" WHERE {ownership} AND severity IN ('medium', 'low', 'info')"
            " AND arn IN (SELECT arn FROM inventory WHERE status = 'unmanaged' OR owner_source = 'tag')",
            [name],
        )
    if environment.grace:
        seconds = int(environment.grace[:-1]) * _GRACE[environment.grace[-1]]
        store.run(
            "UPDATE hit SET severity = 'info', judged = 'new: within the grace period of ' || environment"  # noqa: S608
            f" WHERE {ownership} AND arn IN (SELECT arn FROM inventory WHERE status = 'unmanaged'"
            " AND coalesce(created_at, first_seen) > ?::TIMESTAMP - to_seconds(?))",
            [name, utc_now(), seconds],
        )
