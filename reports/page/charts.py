"""Numbers laid out for the page's drawings, in per cent of their width: templates draw them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.page.grid import AGES
from reports.summary import ROOT

if TYPE_CHECKING:
    from reports.reading import Row
    from scanner.store import Store

_MOST_ACCOUNTS = 14
_MOST_TYPES = 10
_MOST_CREATORS = 8
_LEVELS = (1, 2, 5, 20, 100)
"""Strays from which a cell of the map takes its next colour."""


@dataclass(frozen=True)
class Tile:
    """One (account, region) of the map. `level` is 0 to 5; `blind` counts cells not fully seen."""

    account: str
    region: str
    strays: int
    blind: int
    cells: int

    @property
    def level(self) -> int:
        """The colour's step."""
        return sum(self.strays >= limit for limit in _LEVELS)


@dataclass(frozen=True)
class Map:
    """Accounts down, regions across; `left_out` accounts have fewer strays than those shown."""

    regions: list[str]
    rows: list[tuple[str, list[Tile]]]
    left_out: int


def stray_map(store: Store) -> Map:
    """Return the map: worst accounts first, then those least seen."""
    strays = Counter(
        {
            (row["account_id"], row["region"]): row["n"]
            for row in store.rows(
                "SELECT account_id, region, count(*) AS n FROM inventory"  # noqa: S608
                f" WHERE {ROOT} GROUP BY account_id, region"
            )
        }
    )
    total: Counter[tuple[str, str]] = Counter()
    blind: Counter[tuple[str, str]] = Counter()
    for row in store.rows(
        "SELECT account_id, region, count(*) AS cells,"
        " count(*) FILTER (NOT complete AND out_of_scope IS NULL) AS blind FROM cell GROUP BY ALL"
    ):
        total[row["account_id"], row["region"]] = row["cells"]
        blind[row["account_id"], row["region"]] = row["blind"]
    places = set(strays) | set(total)
    regions = sorted({region for _, region in places}, key=lambda name: (name != "global", name))
    accounts = sorted(
        {account for account, _ in places},
        key=lambda account: (
            -sum(strays[account, region] for region in regions),
            -sum(blind[account, region] for region in regions),
            account,
        ),
    )
    rows = [
        (
            account,
            [
                Tile(account, region, strays[account, region], blind[account, region],
                     total[account, region])
                for region in regions
            ],
        )
        for account in accounts[:_MOST_ACCOUNTS]
    ]  # fmt: skip
    return Map(regions, rows, len(accounts) - len(rows))


def bars(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return bars with `label`, `count` and `share` of the largest in per cent."""
    largest = max(counts.values(), default=0)
    return [
        {"label": label, "count": count, "share": round(100 * count / largest, 2) if largest else 0}
        for label, count in counts.items()
    ]


def strays_by_type(store: Store) -> tuple[list[dict[str, Any]], int]:
    """Return bars of the most frequent types, and how many further types there are."""
    rows = store.rows(
        "SELECT resource_type, count(*) AS n FROM inventory"  # noqa: S608
        f" WHERE {ROOT} GROUP BY resource_type ORDER BY n DESC, resource_type"
    )
    counts = {row["resource_type"]: row["n"] for row in rows[:_MOST_TYPES]}
    return bars(counts), len(rows) - len(counts)


def open_by_age(findings: list[Row]) -> list[dict[str, Any]]:
    """Return bars of the open findings by the time since they were first seen."""
    counts = Counter(row["age"] for row in findings if row["state"] == "open")
    return bars({age: counts[age] for age in AGES})


def open_by_creator(store: Store) -> list[dict[str, Any]]:
    """Return bars of the open findings by who made the thing, where trails tell it.

    `shown` is what tells principals of one account apart: the end of the ARN.
    """
    rows = store.rows(
        "SELECT creator, count(*) AS n FROM findings WHERE state = 'open' AND creator IS NOT NULL"
        " GROUP BY creator ORDER BY n DESC, creator LIMIT ?",
        [_MOST_CREATORS],
    )
    made = bars({row["creator"]: row["n"] for row in rows})
    return [{**bar, "shown": bar["label"].rsplit(":", 1)[-1]} for bar in made]


def trend(store: Store, most: int = 12) -> list[dict[str, Any]]:
    """Return strays per resolved scan, oldest first: `scan_id`, `started_at`, `strays`, `coverage`.

    `x`, `y` and `covered` (the coverage's height) are per cent of the drawing, y downwards.
    """
    rows = store.rows(
        f"SELECT scan_id, started_at, count(*) FILTER ({ROOT}) AS strays,"  # noqa: S608
        " coalesce(100 * count(*) FILTER (status IN ('managed', 'derived'))"
        " // nullif(count(*) FILTER (status IN ('managed', 'derived', 'unmanaged')), 0), 0)"
        " AS coverage FROM ownership JOIN visible_scan USING (scan_id)"
        " GROUP BY scan_id, started_at ORDER BY scan_id DESC LIMIT ?",
        [most],
    )[::-1]
    largest = max((row["strays"] for row in rows), default=0) or 1
    for number, row in enumerate(rows):
        row["x"] = round(100 * number / max(len(rows) - 1, 1), 2)
        row["y"] = round(100 - 100 * row["strays"] / largest, 2)
        row["covered"] = 100 - row["coverage"]
    return rows
