"""The parts of an account's shard, told by their names: one, or one per run where a budget cut it.

    111111111111         the whole account, seen in one run
    111111111111-cut1    what the first run saw of it before its budget was spent
    111111111111-cut2    what the second run added, before its own was
    111111111111-3       the rest

A part holds what was seen whole, and apart from that (`CUT`) what was cut, which counts only until
a later run has looked at it again. Two processes may have done the same run of an account, each
with its own end; the parts of one run tell of the same families, so one of them counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple, Self

CUT = "cut"
"""The folder within a part for the rows of what was cut."""
LEFT = "left.json"
"""The file within a part that names what was cut."""
_NAMED = re.compile(r"(?P<shard>\w+)(?:-(?P<cut>cut)?(?P<run>[1-9]\d*))?")


class Part(NamedTuple):
    """What one run left of a shard; `cut` where something remains to be done."""

    shard: str
    run: int = 1
    cut: bool = False

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Return the part of a name, None for what is none."""
        found = _NAMED.fullmatch(name)
        if found is None:
            return None
        return cls(found["shard"], int(found["run"] or 1), bool(found["cut"]))

    @property
    def name(self) -> str:
        """How the part is called on the disk and in S3."""
        if self == (self.shard, 1, False):
            return self.shard
        return f"{self.shard}-{CUT if self.cut else ''}{self.run}"


def standing(names: Iterable[str]) -> dict[str, list[Part]]:
    """Return by shard the parts that count, in their order: the last tells whether it is whole."""
    there: dict[str, set[Part]] = defaultdict(set)
    for part in filter(None, map(Part.named, names)):
        there[part.shard].add(part)
    chains = {shard: list(_chain(shard, parts)) for shard, parts in there.items()}
    return {shard: chain for shard, chain in chains.items() if chain}


def _chain(shard: str, parts: set[Part]) -> Iterator[Part]:
    for run in count(1):
        best = next((part for part in of_run(shard, run) if part in parts), None)
        if best is None:
            return
        yield best
        if not best.cut:
            return


def of_run(shard: str, run: int) -> tuple[Part, Part]:
    """Return the parts that a run may leave of a shard, the better one first."""
    return Part(shard, run), Part(shard, run, cut=True)


def whole(names: Iterable[str]) -> set[str]:
    """Return the shards of which nothing remains to be done."""
    return {shard for shard, parts in standing(names).items() if not parts[-1].cut}


def cut(names: Iterable[str]) -> dict[str, Part]:
    """Return the newest part of each shard that a budget has cut."""
    return {shard: parts[-1] for shard, parts in standing(names).items() if parts[-1].cut}


def folders(shards: Path) -> list[Path]:
    """Return the folders of Parquet files to load, of a folder of parts."""
    found: list[Path] = []
    for parts in standing(path.name for path in shards.iterdir()).values():
        found += [shards / part.name for part in parts]
        if parts[-1].cut:
            found.append(shards / parts[-1].name / CUT)
    return sorted(found)
