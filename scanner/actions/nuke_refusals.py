"""Why a stray is not handed over to be removed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from scanner.actions.chosen import Stray
from scanner.blast import every_hit
from scanner.catalog import Catalog
from scanner.config import Config, duration
from scanner.model import GLOBAL
from scanner.store import Store

Reasons = dict[str, list[str]]
"""Why not, by ARN."""


def refusals(
    store: Store, catalog: Catalog, config: Config, strays: list[Stray], now: datetime
) -> Reasons:
    """Return what speaks against removing these; a root stays with a dependent that must."""
    found: Reasons = defaultdict(list)
    unread = _unread_sources(store)
    cells = _incomplete_cells(store)
    for stray in strays:
        found[stray.arn] += unread
        found[stray.arn] += _unseen(stray, catalog, cells)
        found[stray.arn] += _policy(stray, config, now)
    arns = [stray.arn for stray in strays]
    for arn, reason in (*_said_elsewhere(store, arns), *_needed(store, arns)):
        found[arn].append(reason)
    _whole_or_nothing(strays, found)
    return {arn: list(dict.fromkeys(why)) for arn, why in found.items() if why}


def _unread_sources(store: Store) -> list[str]:
    """A state or stack that could not be read may own anything."""
    rows = store.rows(
        "SELECT source_id, outcome FROM source WHERE outcome NOT IN ('read', 'skipped')"
        " AND kind IN ('terraform', 'pulumi', 'cloudformation')"
        " AND scan_id = (SELECT max(scan_id) FROM visible_scan) ORDER BY source_id"
    )
    return [f"{row['source_id']} was not read ({row['outcome']}), and may own it" for row in rows]


def _incomplete_cells(store: Store) -> set[tuple[str, str, str]]:
    rows = store.rows("SELECT account_id, region, resource_type FROM cell WHERE NOT complete")
    return {(row["account_id"], row["region"], row["resource_type"]) for row in rows}


def _unseen(stray: Stray, catalog: Catalog, cells: set[tuple[str, str, str]]) -> list[str]:
    """Its own cell, and those of everything that may depend on it, must have been seen."""
    if not cells:
        return []
    near = {name for name, entry in catalog.entries.items() if _names(catalog, entry.type, stray)}
    return [
        f"{resource_type} could not be listed in {region}, and may depend on it"
        if resource_type != stray.resource_type
        else f"its own type could not all be listed in {region}"
        for account, region, resource_type in sorted(cells)
        if account == stray.account_id
        and (region in (stray.region, GLOBAL) or stray.region == GLOBAL)
        and resource_type in near | {stray.resource_type}
    ]


def _names(catalog: Catalog, resource_type: str, stray: Stray) -> bool:
    return any(link.to == stray.resource_type for link in catalog.entries[resource_type].links)


def _policy(stray: Stray, config: Config, now: datetime) -> list[str]:
    """The environment must allow it, and its grace period must be over."""
    if not config.environment:
        return []
    environment = next((e for e in config.environment if e.name == stray.environment), None)
    if environment is None:
        return ["it is in no environment, so none allows it"]
    found = []
    if not environment.nuke:
        found.append(f"the environment {environment.name} does not allow it (`nuke = true` would)")
    if environment.grace and now < stray.first_seen + duration(environment.grace):
        found.append(f"its grace period of {environment.grace} is not over")
    return found


def _said_elsewhere(store: Store, arns: list[str]) -> list[tuple[str, str]]:
    """Return (ARN, reason) of what findings and claims say."""
    rows = store.rows(
        "SELECT arn, 'excepted: ' || coalesce(exception_id, 'as configured') AS why FROM findings"
        " WHERE state = 'excepted' AND list_contains($arns, arn)"
        " UNION ALL SELECT unnest(candidates), address || ' in ' || owner || ' may claim it'"
        " FROM claims WHERE state = 'ambiguous' AND list_has_any(candidates, $arns)"
        " ORDER BY ALL",
        {"arns": arns},
    )
    chosen = set(arns)
    return [(row["arn"], row["why"]) for row in rows if row["arn"] in chosen]


def _needed(store: Store, arns: list[str]) -> list[tuple[str, str]]:
    """Return (ARN, reason) where something managed would break or lose something."""
    return [(hit.through, f"{hit.arn} ({hit.status}) {hit.why}") for hit in every_hit(store, arns)]


def _whole_or_nothing(strays: list[Stray], found: Reasons) -> None:
    """What is refused for one of a root and its dependents is refused for all of them."""
    for stray in strays:
        if stray.root and not set(found[stray.arn]) <= set(found[stray.root]):
            found[stray.root].append(f"it has {stray.arn}: {found[stray.arn][0]}")
    for stray in strays:
        if stray.root and found[stray.root] and not found[stray.arn]:
            found[stray.arn].append(f"it hangs on {stray.root}, which stays")
