"""What resolving ownership costs beside one plain hash join of the same tables.

    python benchmarks/resolve.py [RESOURCES ...]        100,000 and a million where none is named

The inventory: 70 % claimed by states, 15 % by stacks, 5 % by an agreed tag, 8 % derived in chains
of up to four hops, 2 % strays. Two joins are measured in the same process: one that keeps its
answer in memory, and one that writes it into the file as resolving must, a row per claim and a row
per resource. Each size is made in a process of its own and resolved in another, so the peak memory
is resolving's own.

CPU seconds decide, as in startup.py. Exits with 1 where resolving takes more than ALLOWED times
those of the join that writes.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scanner import catalog
from scanner.config import Config, TagClaim
from scanner.graph import neighbourhood
from scanner.resolve import resolve
from scanner.store import Store

ALLOWED = 5.0
THREADS = 2
MEMORY = "3.5GB"
SIZES = (100_000, 1_000_000)
SCAN = "20260101T000000-aaaaaa"
ACCOUNTS = 100

THINGS = f"""
CREATE TEMP TABLE thing AS
SELECT
    i,
    CASE WHEN i % 100 < 70 THEN 'state' WHEN i % 100 < 85 THEN 'stack' WHEN i % 100 < 90 THEN 'tag'
        WHEN i % 100 < 98 THEN 'derived' ELSE 'stray' END AS fate,
    printf('%012d', i // 100 % {ACCOUNTS} + 1) AS account_id,
    ['us-east-1', 'eu-west-1', 'us-west-2', 'ap-south-1'][i // 100 % 4 + 1] AS region,
    ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::EC2::Instance', 'AWS::EC2::Volume',
        'AWS::Lambda::Function'][i % 5 + 1] AS resource_type,
    printf('thing-%010d', i) AS name,
    'arn:aws:' || lower(split_part(resource_type, '::', 2)) || ':' || region || ':' || account_id
        || ':path/' || name AS arn
FROM range($n) AS made (i)
"""
# An owner is the thing before it, down to one that a state claims: 89 <- 90 <- 91 ..., 4 hops deep.
OWNER = "CASE WHEN thing.i % 100 IN (90, 94) THEN thing.i - 30 ELSE thing.i - 1 END"
ROWS = {
    "resource": """
SELECT $scan AS scan_id, arn, resource_type, 'aws_x' AS terraform_type, name AS resource_id,
    name AS terraform_id, name, account_id, region, region AS cell_region, 'aws' AS partition,
    TIMESTAMP '2026-01-01' AS created_at,
    MAP {CASE WHEN fate = 'tag' THEN 'managed-by' ELSE 'team' END: 'pulumi'} AS tags,
    ('{"Name": "' || name || '"}')::JSON AS properties, [arn, name] AS keys, NULL AS parent_arn,
    NULL AS default_rule, NULL AS default_evidence, false AS unreviewed,
    TIMESTAMP '2026-01-01' AS seen_at
FROM thing""",
    "claim": """
SELECT $scan AS scan_id, md5(arn) AS claim_id,
    CASE fate WHEN 'state' THEN 'terraform' ELSE 'cloudformation' END AS source_kind,
    'tfstate+s3://states/' || i // 100 AS source_id, 'tfstate+s3://states/' || i // 100 AS owner,
    'module.a.aws_x.' || name AS address, 'aws_x' AS claimed_type, resource_type, account_id,
    region, [arn, name] AS keys, false AS inline, NULL AS ignored, 'serial 1' AS evidence
FROM thing WHERE fate IN ('state', 'stack')""",
    "link": f"""
SELECT $scan AS scan_id, thing.account_id, thing.region, thing.arn, 'owns' AS kind,
    far.resource_type AS target_type, far.name AS target_key, 'self' AS owns, 'C1' AS rule,
    'api_field' AS trust, 'says so' AS evidence
FROM thing JOIN thing AS far ON far.i = {OWNER}
WHERE thing.fate = 'derived'""",
    "coverage": """
SELECT DISTINCT $scan AS scan_id, account_id, region, resource_type, 'x' AS service,
    'ok' AS outcome, NULL AS error_code, NULL AS message, 1 AS resources, 1 AS calls,
    TIMESTAMP '2026-01-01' AS finished_at
FROM thing""",
}
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

    join: Cost
    written: Cost
    resolved: Cost
    nearby: Cost
    before: float
    peak: float
    told: dict[str, int]


def fill(path: Path, resources: int) -> None:
    """Write the synthetic scan into a new database."""
    with Store.open(path) as store:
        store.run(THINGS.replace("$n", str(resources)))
        store.run(f"INSERT INTO scan VALUES ('{SCAN}', 'loaded', now(), now(), 't', NULL, NULL)")
        for table, rows in ROWS.items():
            store.run(f"INSERT INTO {table} BY NAME {rows.replace('$scan', repr(SCAN))}")


def measure(path: Path) -> Measured:
    """Join and resolve what a database holds, and walk around one resource of it."""
    config = Config(tag_claim=[TagClaim(key="managed-by", value="pulumi", owner="pulumi")])
    entries = catalog.load()
    with Store.open(path) as store:
        store.run(f"SET threads = {THREADS}; SET memory_limit = '{MEMORY}'")
        join = least(lambda: store.run(JOIN))
        store.run("DROP TABLE joined")
        written = least(lambda: store.run(WRITTEN))
        store.run("DROP TABLE written; DROP TABLE written_claim")
        before = peak()
        resolved = cost(lambda: resolve(store, entries, config, SCAN))
        highest = peak()
        (arn,) = store.rows("SELECT arn FROM ownership WHERE len(owned_via) = 5 LIMIT 1")[
            0
        ].values()
        nearby = cost(lambda: neighbourhood(store, arn, 2))
        counts = store.rows("SELECT status, count(*) AS n FROM ownership GROUP BY 1 ORDER BY 1")
    told = {row["status"]: row["n"] for row in counts}
    return Measured(join, written, resolved, nearby, before, highest, told)


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


def expected(resources: int) -> dict[str, int]:
    """Return how many resources have each status, for a multiple of 100."""
    parts = {"derived": 8, "managed": 90, "unmanaged": 2}
    return {status: resources // 100 * part for status, part in parts.items()}


def in_processes(size: int) -> dict[str, Any]:
    """Make and measure a size, each in a fresh process; raises where the answer is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "strays.duckdb")
        subprocess.run([sys.executable, __file__, "--fill", path, str(size)], check=True)
        command = [sys.executable, __file__, "--measure", path]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["told"] == expected(size), found["told"]
    return found


def main() -> None:
    """Print a line for each size and exit."""
    if sys.argv[1:2] == ["--fill"]:
        return fill(Path(sys.argv[2]), int(sys.argv[3]))
    if sys.argv[1:2] == ["--measure"]:
        return print(json.dumps(asdict(measure(Path(sys.argv[2])))))
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"{machine}, {THREADS} threads, {MEMORY} for DuckDB; CPU seconds")
    print("  resources    join  written  resolve  to join  to written  peak GB  nearby")
    slow = False
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        found = in_processes(size)
        join, written, resolved, nearby = (
            found[name]["cpu"] for name in ("join", "written", "resolved", "nearby")
        )
        slow = slow or resolved > ALLOWED * written
        print(
            f"{size:11,} {join:7.2f} {written:8.2f} {resolved:8.2f} {resolved / join:8.1f}"
            f" {resolved / written:11.1f} {found['peak']:8.2f} {nearby:7.2f}"
        )
    return sys.exit(slow)


if __name__ == "__main__":
    main()
