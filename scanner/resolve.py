"""resources + links + claims -> ownership, as sets in the database.

The order of trust: a state, then a stack, then what AWS says of its own making, then a tag. Each
step is SQL over whole tables; the passing on of ownership is iterated a hop at a time over what is
still open, so cycles end and the shortest, strongest path stays.
"""

from __future__ import annotations

import hashlib
import logging
from importlib.resources import files

from scanner.catalog import Catalog
from scanner.config import Config, TagClaim
from scanner.sql_steps import steps
from scanner.store import RESOLVED_TABLES, Store

log = logging.getLogger(__name__)

STRENGTH = {"terraform": 1, "pulumi": 1, "cloudformation": 2, "tag": 3}
"""How strong each source's claims are, strongest first: Pulumi drives Terraform's provider."""


def resolve(store: Store, catalog: Catalog, config: Config, scan_id: str) -> None:
    """Write `claim_match` and `ownership` of a scan for everything that the store now shows.

    Claims are those of the scan; tag claims are made here from the configuration. Whatever an
    earlier resolution of the same scan wrote is replaced, all in one transaction.
    """
    script = steps(files("scanner").joinpath("resolve.sql").read_text("utf-8"))
    with store.transaction():
        _prepare(store, catalog, scan_id)
        store.run_all(script["things"], scan_id)
        _tag_claims(store, config.tag_claim, scan_id)
        for name in ("links", "match", "edges", "cells", "seeds"):
            store.run_all(script[name], scan_id)
        _spread(store, script, "managed")
        _spread(store, script, "default")
        store.run_all(script["tags"], scan_id)
        _spread(store, script, "managed")
        store.run_all(script["unknown"], scan_id)
        _spread(store, script, "unknown")
        _roots(store, script)
        store.run_all(script["write"], scan_id)
        store.run_all(script["clean"], scan_id)


def _prepare(store: Store, catalog: Catalog, scan_id: str) -> None:
    """Forget an earlier resolution of this scan, and tell the database what types there are."""
    for table in RESOLVED_TABLES:
        store.run(f"DELETE FROM {table} WHERE scan_id = ?", [scan_id])  # noqa: S608 (a constant)
    store.run("DELETE FROM claim WHERE scan_id = ? AND source_kind = 'tag'", [scan_id])
    grades = " ".join(f"WHEN '{kind}' THEN {grade}" for kind, grade in STRENGTH.items())
    store.run(
        "CREATE OR REPLACE TEMP MACRO strength_of(source_kind) AS"
        f" CASE source_kind {grades} ELSE {max(STRENGTH.values()) + 1} END::TINYINT"
    )
    store.run("CREATE OR REPLACE TEMP TABLE type_scope (resource_type VARCHAR, scope VARCHAR)")
    store.run("CREATE OR REPLACE TEMP TABLE rule_limit (rule VARCHAR, strength TINYINT)")
    store.run("CREATE OR REPLACE TEMP TABLE owner_pair (owner VARCHAR, owned VARCHAR)")
    types = [(entry.type, entry.scope) for entry in catalog.entries.values()]
    limits = [
        (rule.rule, STRENGTH[rule.unless_source])
        for rules in catalog.rules.values()
        for rule in rules
        if rule.unless_source
    ]
    pairs = sorted(
        {
            (owner, rule.owns["type"])
            for owner, rules in catalog.rules.items()
            for rule in rules
            if rule.owns.get("type") and rule.trust == "parent_list"
        }
    )
    store.run(
        "INSERT INTO owner_pair SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[owner for owner, _ in pairs], [owned for _, owned in pairs]],
    )
    store.run(
        "INSERT INTO type_scope SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[name for name, _ in types], [scope for _, scope in types]],
    )
    store.run(
        "INSERT INTO rule_limit SELECT unnest(?::VARCHAR[]), unnest(?::TINYINT[])",
        [[rule for rule, _ in limits], [strength for _, strength in limits]],
    )


def _tag_claims(store: Store, rules: list[TagClaim], scan_id: str) -> None:
    """A configured tag claims what it is on: weak, so it comes after everything else."""
    for number, rule in enumerate(rules):
        source = f"tag:{rule.key}={rule.value}"
        mark = hashlib.sha256(f"{number}|{source}".encode()).hexdigest()[:8]
        store.run(
            "INSERT INTO claim BY NAME"
            " SELECT ? AS scan_id, ? || '-' || md5(resource.arn) AS claim_id,"
            " 'tag' AS source_kind, ? AS source_id,"
            " replace(?, '{value}', tags[?]) AS owner, ? || '=' || tags[?] AS address,"
            " resource.resource_type AS claimed_type, resource.resource_type, account_id, region,"
            " [resource.arn] AS keys, false AS inline, 'tag ' || ? || ' = ' || tags[?] AS evidence"
            " FROM resource SEMI JOIN thing ON thing.number = resource.rowid"
            " WHERE tags[?] GLOB ?",
            [
                scan_id, mark, source, rule.owner, rule.key, rule.key, rule.key,
                rule.key, rule.key, rule.key, rule.value,
            ],
        )  # fmt: skip


def _spread(store: Store, script: dict[str, list[str]], status: str) -> None:
    """Pass a status on to what is still open, one hop at a time, until nothing new is reached."""
    for statement in script["fresh"]:
        store.run(statement.replace("$status", f"'{status}'"))
    while store.value("SELECT count(*) FROM fresh"):
        for statement in script["hop"]:
            store.run(statement)


def _roots(store: Store, script: dict[str, list[str]]) -> None:
    """Hang every dependent stray on its nearest root; a cycle of strays has its first ARN for one.

    What hangs on no root shows where the cycles are; with them as roots all are hung anew.
    """
    for statement in script["roots"]:
        store.run(statement)
    _hang(store, script)
    firsts = _firsts_of_cycles(store)
    if firsts:
        store.run("DELETE FROM rooted WHERE holder IS NOT NULL")
        store.run(
            "INSERT INTO rooted SELECT r, arn, NULL, [arn], 0 FROM stray"
            " WHERE arn IN (SELECT unnest(?::VARCHAR[]))",
            [firsts],
        )
        _hang(store, script)


def _hang(store: Store, script: dict[str, list[str]]) -> None:
    """Hang strays on what is rooted, a hop at a time, until nothing new is reached."""
    before = -1
    while (after := store.value("SELECT count(*) FROM rooted")) > before:
        before = after
        for statement in script["root_hop"]:
            store.run(statement)


def _firsts_of_cycles(store: Store) -> list[str]:
    """Return the first ARN of each cycle of strays that hangs on nothing outside it.

    What is not rooted by now is in such a cycle or below one; there are few of them.
    """
    owners: dict[str, list[str]] = {}
    owned: dict[str, list[str]] = {}
    for row in store.rows("SELECT arn, owner_arn FROM held ANTI JOIN rooted USING (r)"):
        owners.setdefault(row["arn"], []).append(row["owner_arn"])
        owned.setdefault(row["owner_arn"], []).append(row["arn"])
    firsts, done = [], set()
    for arn in sorted(owners):
        if arn not in done:
            cycle = _topmost_cycle(arn, owners)
            firsts.append(min(cycle))
            done |= _reach(min(cycle), owned)
    return firsts


def _topmost_cycle(arn: str, owners: dict[str, list[str]]) -> set[str]:
    """Return the cycle above a stray that nothing is above: go up while there is no way back."""
    above = _reach(arn, owners)
    while True:
        higher = next((one for one in sorted(above) if arn not in _reach(one, owners)), None)
        if higher is None:
            return above
        arn, above = higher, _reach(higher, owners)


def _reach(arn: str, steps_of: dict[str, list[str]]) -> set[str]:
    """Return all that some steps lead to, where they lead back `arn` itself too."""
    reached: set[str] = set()
    waiting = [arn]
    while waiting:
        new = [one for one in steps_of.get(waiting.pop(), ()) if one not in reached]
        reached.update(new)
        waiting += new
    return reached
