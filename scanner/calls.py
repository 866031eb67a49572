"""How many list calls a scan makes at least: known before any is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from scanner import catalog, cross_check, resource_explorer, tagging
from scanner.catalog.language import Entry
from scanner.config import ScanConfig
from scanner.places import known_regions
from scanner.policy.places import partition_of_regions

ALWAYS = "ec2"
"""A service that is in every region: where it is, an account may be."""


def least_calls(entries: Iterable[Entry], scan: ScanConfig) -> list[dict[str, Any]]:
    """Return types, regions and calls per service, and a row of their sums.

    Counted are first pages of roots, and one call in each region for tags in bulk (as if there were
    things to ask for), hints and each cross-check. Children, details, tags that are asked for one
    by one, stacks and further pages come on top, for what is there; regions that an account has not
    enabled go off. Without accounts it is one account.
    """
    partition = partition_of_regions(scan.regions)
    regions = _chosen(known_regions(ALWAYS, partition), scan.regions)
    accounts = len(scan.accounts) or 1
    rows: dict[str, dict[str, Any]] = {}

    def add(service: str, types: int, where: int, calls: int) -> None:
        empty = {"service": service, "types": 0, "regions": 0, "calls": 0}
        row = rows.setdefault(service, empty)
        row["types"] += types
        row["regions"] = max(row["regions"], where)
        row["calls"] += accounts * calls

    entries = list(entries)
    for entry in entries:
        there = _regions_of(entry, partition, regions)
        add(entry.service, 1, len(there), sum(_calls(entry, region) for region in there))
    for service, once in _asked_besides(entries, scan):
        where = min(len(regions), 1) if once else len(regions)
        add(service, 0, where, where)
    ordered = [rows[name] for name in sorted(rows)]
    total = {key: sum(row[key] for row in ordered) for key in ("types", "calls")}
    return [*ordered, {"service": "total", "regions": len(regions), **total}]


def _asked_besides(entries: list[Entry], scan: ScanConfig) -> Iterator[tuple[str, bool]]:
    """Yield the service of each option, and whether it asks an account once or every region."""
    if scan.bulk_tags and tagging.services_of(catalog.load(), entries):
        yield tagging.SERVICE, False
    if scan.hints:
        yield resource_explorer.SERVICE, False
    for name in scan.cross_check:
        source = cross_check.SOURCES[name]
        yield source.service, source.once


def _regions_of(entry: Entry, partition: str, regions: list[str]) -> list[str]:
    if entry.scope == "global":
        return [entry.home or regions[0]] if regions else []
    known = known_regions(entry.service, partition)
    return [region for region in regions if not known or region in known]


def _calls(entry: Entry, region: str) -> int:
    """Return the calls of a root in one region: one for each of its choices that it makes there."""
    if entry.parent:
        return 0
    choices = [
        [f"{name}={value}" for value in values] for name, values in entry.list.fanout.items()
    ]
    return sum(
        all(entry.list.only.get(choice, region) == region for choice in chosen)
        for chosen in product(*choices)
    )


def _chosen(regions: Iterable[str], globs: list[str]) -> list[str]:
    return sorted(r for r in regions if not globs or any(fnmatchcase(r, glob) for glob in globs))
