"""Several scans in one database, a line per fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rules.run import check
from scanner import catalog
from scanner.config import Config
from scanner.model import Claim, Coverage, Link, Resource, Source
from scanner.resolve import resolve
from scanner.shard_files import as_row
from scanner.store import Store
from tests.resolve.build import ACCOUNT, NOW, QUEUE, REGION, cell

DAY = timedelta(days=1)


def day(number: int) -> datetime:
    """The time of the scan of that day."""
    return NOW + number * DAY


def scan_id(number: int) -> str:
    """The id of the scan of that day."""
    return f"{day(number):%Y%m%dT%H%M%S}-aaaaaa"


def add_scan(
    store: Store,
    number: int,
    resources: list[Resource],
    *,
    cells: list[Coverage] | None = None,
    claims: list[Claim] = [],  # noqa: B006 (read only)
    links: list[Link] = [],  # noqa: B006
    sources: list[Source] = [],  # noqa: B006
    config: Config | None = None,
    judged: bool = True,
) -> None:
    """Add the scan of a day, resolved and judged. Cells not given are `ok`."""
    when, name = day(number), scan_id(number)
    store.run("INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [name, when, when])
    told = {
        (c.account_id, c.region, c.resource_type): c
        for c in (cells if cells is not None else [cell()])
    }
    for item in resources:
        place = (item.account_id, item.cell_region, item.resource_type)
        told.setdefault(place, cell(account_id=place[0], region=place[1], resource_type=place[2]))
    tables: dict[str, list[Any]] = {
        "resource": [replace(item, seen_at=when) for item in resources],
        "claim": claims, "link": links, "source": sources, "coverage": list(told.values()),
    }  # fmt: skip
    for table, rows in tables.items():
        store.table_from_rows(table, [as_row(row) for row in rows], name)
    resolve(store, catalog.load(), config or Config(), name)
    if judged:
        check(store, only_strays(config or Config()), name, now=when)


def only_strays(config: Config) -> Config:
    """The configuration with the rules alone that these tests speak of."""
    import rules

    spoken = {"unmanaged_resource", "claim_missing", "claimed_twice", "coverage_incomplete"}
    spoken |= {rule.rule_id for rule in rules.load() if rule.kind == "exception"}
    off = [rule.rule_id for rule in rules.load() if rule.rule_id not in spoken]
    return config.model_copy(update={"rules": config.rules.model_copy(update={"disable": off})})


def history(store: Store, rule: str = "unmanaged_resource") -> list[tuple[str, str | None]]:
    """Return (state, closed how) of a rule's one finding, scan by scan."""
    rows = store.rows(
        "SELECT state, closed_how FROM finding WHERE rule_id = ? ORDER BY scan_id", [rule]
    )
    return [(row["state"], row["closed_how"]) for row in rows]


__all__ = ["ACCOUNT", "QUEUE", "REGION", "add_scan", "day", "history", "only_strays", "scan_id"]
