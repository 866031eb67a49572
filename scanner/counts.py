"""Cheap counts: what AWS's own inventories count now, beside what they counted at the last look.

A count that differs asks for a look where trails tell of nothing (`--since`). One that is the same
vouches for nothing: a thing that was replaced by another keeps it. What a source does not answer
now is not compared.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

from scanner.model import GLOBAL, CrossCheck

Fresh = Mapping[str, frozenset[str]]
"""Region -> the types that need no look there."""
_Key = tuple[str, str, str]
"""Source, region, resource type."""


def packed(lines: str) -> bytes:
    """Return the counts of an account, a line `SOURCE REGION TYPE NUMBER` each, in few bytes.

    A scan holds those of all accounts at once.
    """
    return zlib.compress(lines.encode())


def unchanged(fresh: Fresh, before: bytes, now: Iterable[CrossCheck]) -> Fresh:
    """Return what is fresh less the cells whose counts differ between their last look and now."""
    now = list(now)
    then, told = _unpacked(before), _numbers(now)
    answered = {(row.source, row.region) for row in now if row.outcome == "counted"}
    silent = {(row.source, row.region) for row in now if row.outcome != "counted"}
    changed = {
        (region, type_)
        for source, region, type_ in then.keys() | told.keys()
        if then[source, region, type_] != told[source, region, type_]
        and (source, region) not in silent
        and (region != GLOBAL or (source, GLOBAL) in answered)
    }
    return {
        region: frozenset(each for each in types if (region, each) not in changed)
        for region, types in fresh.items()
    }


def _numbers(rows: Iterable[CrossCheck]) -> Counter[_Key]:
    found: Counter[_Key] = Counter()
    for row in rows:
        if row.outcome == "counted" and row.resource_type:
            found[row.source, row.region, row.resource_type] += row.resources
    return found


def _unpacked(content: bytes) -> Counter[_Key]:
    found: Counter[_Key] = Counter()
    for line in zlib.decompress(content).decode().splitlines() if content else ():
        source, region, type_, number = line.split(" ")
        found[source, region, type_] = int(number)
    return found
