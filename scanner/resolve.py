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
from scanner.store import Store, steps

log = logging.getLogger(__name__)

MAX_HOPS = 32
"""Longest chain of ownership followed; real ones have at most five (stack, group, instance, disk)."""


def resolve(store: Store, catalog: Catalog, config: Config, scan_id: str) -> None:
    """Write `claim_match` and `ownership` of a scan for everything that the store now shows.

    Claims are those of the scan; tag claims are made here from the configuration. Whatever an
    earlier resolution of the same scan wrote is replaced, all in one transaction.
    """
    script = steps(files("scanner").joinpath("resolve.sql").read_text("utf-8"))
    with store.transaction():
        _prepare(store, catalog, scan_id)
        _tag_claims(store, config.tag_claim, scan_id)
        for name in ("keys", "match", "edges", "seeds"):
            store.run_all(script[name], scan_id)
        _spread(store, script)
        store.run_all(script["tag_seeds"], scan_id)
        _spread(store, script)
        store.run_all(script["unknown"], scan_id)
        _spread(store, script)
        store.run_all(script["unmanaged"], scan_id)
        _roots(store, script)
        store.run_all(script["write"], scan_id)
        store.run_all(script["clean"], scan_id)


def _prepare(store: Store, catalog: Catalog, scan_id: str) -> None:
    """Forget an earlier resolution of this scan, and tell the database what types there are."""
    for table in ("claim_match", "ownership"):
        store.run(f"DELETE FROM {table} WHERE scan_id = ?", [scan_id])  # noqa: S608 (a constant)
    store.run("DELETE FROM claim WHERE scan_id = ? AND source_kind = 'tag'", [scan_id])
    store.run("CREATE OR REPLACE TEMP TABLE type_scope (resource_type VARCHAR, scope VARCHAR)")
    store.run("CREATE OR REPLACE TEMP TABLE rule_limit (rule VARCHAR, unless_source VARCHAR)")
    types = [(entry.type, entry.scope) for entry in catalog.entries.values()]
    limits = [
        (rule.rule, rule.unless_source)
        for rules in catalog.rules.values()
        for rule in rules
        if rule.unless_source
    ]
    store.run(
        "INSERT INTO type_scope SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[name for name, _ in types], [scope for _, scope in types]],
    )
    store.run(
        "INSERT INTO rule_limit SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[rule for rule, _ in limits], [source for _, source in limits]],
    )


def _tag_claims(store: Store, rules: list[TagClaim], scan_id: str) -> None:
    """A configured tag claims what it is on: weak, so it comes after everything else."""
    for number, rule in enumerate(rules):
        source = f"tag:{rule.key}={rule.value}"
        mark = hashlib.sha256(f"{number}|{source}".encode()).hexdigest()[:8]
        store.run(
            "INSERT INTO claim BY NAME SELECT ? AS scan_id, ? || '-' || md5(arn) AS claim_id,"
            " 'tag' AS source_kind, ? AS source_id,"
            " replace(?, '{value}', tags[?]) AS owner, ? || '=' || tags[?] AS address,"
            " resource_type AS claimed_type, resource_type, account_id, region,"
            " [arn] AS keys, false AS inline, 'tag ' || ? || ' = ' || tags[?] AS evidence"
            " FROM current_resource WHERE tags[?] IS NOT NULL AND tags[?] GLOB ?",
            [
                scan_id, mark, source, rule.owner, rule.key, rule.key, rule.key,
                rule.key, rule.key, rule.key, rule.key, rule.value,
            ],
        )  # fmt: skip


def _spread(store: Store, script: dict[str, list[str]]) -> None:
    """Pass ownership on, one hop at a time, until nothing new is reached."""
    for hop in range(1, MAX_HOPS + 1):
        before = store.value("SELECT count(*) FROM verdict")
        for statement in script["hop"]:
            store.run(statement.replace("$hop", str(hop)))
        if store.value("SELECT count(*) FROM verdict") == before:
            return


def _roots(store: Store, script: dict[str, list[str]]) -> None:
    """Hang every dependent stray on its root; a cycle of strays hangs on its first ARN."""
    for statement in script["roots"]:
        store.run(statement)
    while True:
        before = store.value("SELECT count(*) FROM rooted")
        for statement in script["root_hop"]:
            store.run(statement)
        if store.value("SELECT count(*) FROM rooted") > before:
            continue
        if not store.value("SELECT count(*) FROM stray WHERE arn NOT IN (SELECT arn FROM rooted)"):
            return
        for statement in script["root_cycle"]:
            store.run(statement)
