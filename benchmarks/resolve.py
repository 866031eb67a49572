"""What loading, resolving and judging cost, each beside the barest thing of its kind.

    python benchmarks/resolve.py [RESOURCES ...]        100,000 and a million where none is named

Loading stands beside reading the same Parquet files into plain tables. Resolving stands beside one
plain hash join of the same tables: one that keeps its answer in memory, and one that writes it into
the file as resolving must, a row per claim and a row per resource. Judging (all rules) has nothing
to stand beside. At last the shipped queries are asked; the slowest is named. The shards of each
size are made in a process of their own and measured in another, so the peak memory is ours.

CPU seconds decide, as in startup.py. Exits with 1 where loading or resolving takes more than their
bounds, or a shipped query longer than anyone waits.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from made import SCAN, expected, shards

from rules.run import check
from scanner import catalog
from scanner.config import Config, TagClaim
from scanner.graph import neighbourhood
from scanner.queries import named_queries
from scanner.resolve import resolve
from scanner.store import SHARD_TABLES, Store

ALLOWED = 4.0
"""Times the join that writes, for resolving."""
ALLOWED_TO_LOAD = 2.0
"""Times the plain tables, for loading."""
PATIENCE = 10.0
"""Seconds of wall-clock time, for a query."""
THREADS = 2
MEMORY = "3.5GB"
SIZES = (100_000, 1_000_000)
COSTS = ("plain", "loaded", "join", "written", "resolved", "judged", "nearby", "query")

JOIN = """
CREATE OR REPLACE TEMP TABLE joined AS
SELECT resource.arn, claim.owner, claim.address, claim.source_kind
FROM resource LEFT JOIN claim ON claim.keys[1] = resource.arn
"""
WRITTEN = """
CREATE OR REPLACE TABLE written_claim AS
SELECT claim.scan_id, claim.claim_id, resource.arn
FROM claim LEFT JOIN resource ON claim.keys[1] = resource.arn;
CREATE OR REPLACE TABLE written AS
SELECT resource.scan_id, resource.arn, claim.owner, claim.address, claim.source_kind,
    resource.seen_at
FROM resource LEFT JOIN claim ON claim.keys[1] = resource.arn;
"""


@dataclass(frozen=True)
class Cost:
    """What some work took, in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Measured:
    """What one size took; memory in GB, the answer as resources by status."""

    plain: Cost
    loaded: Cost
    join: Cost
    written: Cost
    resolved: Cost
    judged: Cost
    nearby: Cost
    slowest: str
    query: Cost
    peak: float
    size: float
    cells: int
    told: dict[str, int]


def measure(folder: Path) -> Measured:
    """Load, join, resolve, judge and ask what lies in a folder of shards."""
    config = Config(tag_claim=[TagClaim(key="managed-by", value="pulumi", owner="pulumi")])
    entries = catalog.load()
    plain = cost(lambda: read_plainly(folder))
    path = folder.parent / "strays.duckdb"
    with limited(path) as store:
        store.run(f"INSERT INTO scan VALUES ('{SCAN}', 'running', now(), now(), 't', NULL, NULL)")
        loaded = cost(lambda: store.load(SCAN, folder))
        join = least(lambda: store.run(JOIN))
        store.run("DROP TABLE joined")
        written = least(lambda: store.run(WRITTEN))
        store.run("DROP TABLE written; DROP TABLE written_claim")
        resolved = cost(lambda: resolve(store, entries, config, SCAN))
        highest = peak()
        counts = store.rows("SELECT status, count(*) AS n FROM ownership GROUP BY 1 ORDER BY 1")
        chain = "SELECT arn FROM ownership WHERE len(owned_via) = 5 LIMIT 1"
        arn = store.value(chain)
        nearby = cost(lambda: neighbourhood(store, arn, 2))
        judged = cost(lambda: check(store, config, SCAN))
        cells = int(store.value("SELECT count(*) FROM coverage"))
    told = {row["status"]: row["n"] for row in counts}
    slowest, query = ask(path)
    return Measured(
        plain, loaded, join, written, resolved, judged, nearby, slowest, query, highest,
        path.stat().st_size / 1e9, cells, told,
    )  # fmt: skip


def limited(path: Path) -> Store:
    """Open a database within the threads and the memory that everything is measured with."""
    store = Store.open(path)
    store.run(f"SET threads = {THREADS}; SET memory_limit = '{MEMORY}'")
    return store


def read_plainly(folder: Path) -> None:
    """Read the shards into tables of a file of their own, as they are."""
    path = folder.parent / "plain.duckdb"
    with limited(path) as store:
        for table in SHARD_TABLES:
            files = [str(each) for each in folder.glob(f"*/{table}.parquet")]
            if files:
                store.run(f"CREATE TABLE plain_{table} AS FROM read_parquet(?)", [files])
    path.unlink()


def ask(path: Path) -> tuple[str, Cost]:
    """Return the shipped query that takes longest, with what it took."""
    with limited(path) as store:
        costs = {
            name: cost(partial(store.rows, query.sql)) for name, query in named_queries().items()
        }
    slowest = max(costs, key=lambda name: costs[name].wall)
    return slowest, costs[slowest]


def cost(work: Callable[[], object]) -> Cost:
    """Return what some work takes."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - began, time.process_time() - used)


def least(work: Callable[[], object], times: int = 3) -> Cost:
    """Return what some work takes at best, by its CPU time."""
    return min((cost(work) for _ in range(times)), key=lambda each: each.cpu)


def peak() -> float:
    """Return the most memory that this process had so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def in_processes(size: int) -> dict[str, Any]:
    """Make and measure a size, each in a fresh process; raises where the answer is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "shards")
        subprocess.run([sys.executable, __file__, "--fill", place, str(size)], check=True)
        command = [sys.executable, __file__, "--measure", place]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["told"] == expected(size), found["told"]
    return found


def main() -> None:
    """Print a line for each size and exit."""
    if sys.argv[1:2] == ["--fill"]:
        return shards(Path(sys.argv[2]), int(sys.argv[3]))
    if sys.argv[1:2] == ["--measure"]:
        return print(json.dumps(asdict(measure(Path(sys.argv[2])))))
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, {THREADS} threads, {MEMORY} for DuckDB; load {os.getloadavg()[0]:.1f}")
    broken = [size for size in [int(text) for text in sys.argv[1:]] or SIZES if not kept(size)]
    return sys.exit(bool(broken))


def kept(size: int) -> bool:
    """Measure a size, print its table, and say whether the promises hold."""
    found = in_processes(size)
    cpu = {name: each["cpu"] for name, each in found.items() if name in COSTS}
    to_plain, to_written = cpu["loaded"] / cpu["plain"], cpu["resolved"] / cpu["written"]
    in_memory = cpu["resolved"] / cpu["join"]
    lines = {
        "the Parquet files into plain tables": (cpu["plain"], ""),
        "loaded": (cpu["loaded"], f"{to_plain:.1f} times"),
        "one plain join, kept in memory": (cpu["join"], ""),
        "the same, its answer written": (cpu["written"], ""),
        "resolved": (cpu["resolved"], f"{to_written:.1f} times ({in_memory:.0f} of in memory)"),
        "judged by all rules": (cpu["judged"], ""),
        "two hops around a resource": (cpu["nearby"], ""),
        f"slowest query: {found['slowest']}": (
            cpu["query"],
            f"{found['query']['wall']:.1f} s wall",
        ),
    }
    print(f"\n{size:,} resources, {found['cells']:,} cells; CPU seconds")
    for name, (seconds, more) in lines.items():
        print(f"  {name:40} {seconds:8.2f}  {more}")
    print(f"  peak memory to resolving {found['peak']:.1f} GB, file {found['size']:.1f} GB")
    return (
        to_plain <= ALLOWED_TO_LOAD and to_written <= ALLOWED and found["query"]["wall"] <= PATIENCE
    )


if __name__ == "__main__":
    main()
