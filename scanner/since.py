"""`--since`: which cells need no look, since nothing was written there after the last one.

A cell that is not looked at has no row in the new scan: the views show its newest look, with when
it was seen, as they do for every scan of a part. Nothing is copied, so nothing is made to look
newer than it is. What vouches for a look is a trail that was read without a hole from before the
look until now: any write event of the type's service in that place (of any region for global
cells), or of a service whose things own such, asks for a new look. So does everything in doubt: a
place whose trail was not read, an event of a service that no type knows, a look by another version,
one older than `[scan] full_after`, a cell in which a finding is open. And whoever enters the
account asks what can be counted cheaply ([scan] cross_check): a changed count asks for a look too.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files

from scanner import __version__, catalog
from scanner.catalog import Catalog
from scanner.config import ScanConfig, duration
from scanner.counts import packed
from scanner.errors import UsageError
from scanner.events.makes import names
from scanner.model import GLOBAL
from scanner.sql_steps import steps
from scanner.store import Store

log = logging.getLogger(__name__)

Fresh = Mapping[str, Mapping[str, frozenset[str]]]
"""Account -> region -> the types that need no look there."""
LAG = timedelta(hours=1)
"""How old the newest reading of a trail may be: CloudTrail delivers within some 15 minutes."""
ALWAYS = frozenset({"AWS::CloudFormation::Stack"})
"""Types that are always looked at: their stacks' claims are read anew by every scan."""
LAST = "last"


def fresh_cells(store: Store, config: ScanConfig, now: datetime) -> Fresh:
    """Return the cells that may rest on an earlier look; raises `UsageError` for no such scan."""
    oldest = _oldest(store, config.since or LAST)
    everything = catalog.load(all_types=config.all_types)
    _source_types(store, everything)
    [query] = steps(files("scanner").joinpath("since.sql").read_text("utf-8"))["fresh"]
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    too_old = now - duration(config.full_after)
    for row in store.rows(query, [oldest, too_old, now - LAG, __version__]):
        types = frozenset(row["types"].split(" ")) - ALWAYS
        for account_id, region in row["places"]:
            if region != GLOBAL or not config.regions:  # IAM writes to the trail of one region
                found[account_id][region] = types
    count = sum(len(types) for regions in found.values() for types in regions.values())
    log.info("--since: %d cells rest on earlier looks, if they are in scope", count)
    return found


def counts_of_looks(store: Store, config: ScanConfig) -> dict[str, bytes]:
    """Return by account what the configured cross-checks counted when its cells were looked at."""
    if not config.cross_check:
        return {}
    [query] = steps(files("scanner").joinpath("since.sql").read_text("utf-8"))["counted"]
    rows = store.rows(query, [list(config.cross_check)])
    return {row["account_id"]: packed(row["counts"]) for row in rows}


def _oldest(store: Store, since: str) -> str:
    """Return the id, or the beginning of one, from which on looks count."""
    if since == LAST:
        return ""
    if not store.value("SELECT count(*) FROM visible_scan WHERE scan_id >= ?", [since]):
        raise UsageError(f"--since {since}: there is no scan as new as that; give `last`, or an id")
    return since


def _source_types(store: Store, everything: Catalog) -> None:
    """Make the table of what each event source that has been read may touch."""
    read = [row["event_source"] for row in store.rows("SELECT DISTINCT event_source FROM event")]
    known = touches(everything)
    pairs = [(source, each) for source in read for each in known.get(_plain(source), ("*",))]
    store.run(
        "CREATE OR REPLACE TEMP TABLE source_type (event_source VARCHAR, resource_type VARCHAR)"
    )
    store.run(
        "INSERT INTO source_type SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[source for source, _ in pairs], [each for _, each in pairs]],
    )


def _plain(source: str) -> str:
    return source.removesuffix(".amazonaws.com")


def touches(everything: Catalog) -> dict[str, frozenset[str]]:
    """Return by event source the types whose things its events may make, change or remove.

    Those are the types that the service lists, and what things of such types own in turn (a load
    balancer's interfaces): AWS makes and removes those on its own behalf, not always with an event.
    """
    owned = _owned(everything)
    found: dict[str, set[str]] = defaultdict(set)
    for entry in everything.entries.values():
        for source in names().sources.get(entry.service, (entry.service,)):
            found[source] |= {entry.type, *_below(entry.type, owned)}
    for source in names().untouching:
        found.setdefault(source, set())
    return {source: frozenset(types) for source, types in found.items()}


def _owned(everything: Catalog) -> dict[str, set[str]]:
    """Return by type the types of which it may own things: by links, children and owned rules."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in everything.entries.values():
        if entry.parent:
            found[entry.parent].add(entry.type)
        for link in entry.links:
            if link.owns == "target":
                found[entry.type].add(link.to)
            elif link.owns == "self":
                found[link.to].add(entry.type)
        for rule in everything.rules.get(entry.type, ()):
            for above in _types(rule.owner):
                found[above].add(entry.type)
            found[entry.type] |= _types(rule.owns)
    return found


def _types(given: Mapping[str, str]) -> set[str]:
    return {given["type"]} if "type" in given else set()


def _below(type_: str, owned: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the types that may hang on a type, over any number of steps."""
    found: set[str] = set()
    waiting = [type_]
    while waiting:
        for each in owned.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
