"""What resolving ownership costs beside one plain hash join of the same tables.

    python benchmarks/resolve.py [RESOURCES ...]      (100k and 1M where none is named)

The inventory: 70 % claimed by states, 15 % by stacks, 5 % by an agreed tag, 8 % derived in chains
of up to four hops, 2 % strays. Each size runs in a process of its own, so its peak memory is its
own. Exits with 1 where resolving takes more than ALLOWED times the join.
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
from pathlib import Path
from typing import Any

ALLOWED = 4.0
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
    CASE WHEN fate = 'tag' THEN MAP {'managed-by': 'pulumi', 'team': 'a'} ELSE MAP {'team': 'a'} END AS tags,
    ('{"Name": "' || name || '"}')::JSON AS properties, [arn, name] AS keys, NULL AS parent_arn,
    NULL AS default_rule, NULL AS default_evidence, false AS unreviewed,
    TIMESTAMP '2026-01-01' AS seen_at
FROM thing""",
    "claim": """
SELECT $scan AS scan_id, md5(arn) AS claim_id,
    CASE fate WHEN 'state' THEN 'terraform' ELSE 'cloudformation' END AS source_kind,
    'tfstate+s3://states/' || i // 100 AS source_id, 'tfstate+s3://states/' || i // 100 AS owner,
    'module.a.aws_x.' || name AS address, 'aws_x' AS claimed_type, resource_type, account_id, region,
    [arn, name] AS keys, false AS inline, NULL AS ignored, 'serial 1' AS evidence
FROM thing WHERE fate IN ('state', 'stack')""",
    "link": f"""
SELECT $scan AS scan_id, thing.account_id, thing.region, thing.arn, 'owns' AS kind,
    far.resource_type AS target_type, far.name AS target_key, 'self' AS owns, 'C1' AS rule,
    'api_field' AS trust, 'says so' AS evidence
FROM thing JOIN thing AS far ON far.i = {OWNER}
WHERE thing.fate = 'derived'""",
    "coverage": """
SELECT DISTINCT $scan AS scan_id, account_id, region, resource_type, 'x' AS service, 'ok' AS outcome,
    NULL AS error_code, NULL AS message, 1 AS resources, 1 AS calls,
    TIMESTAMP '2026-01-01' AS finished_at
FROM thing""",
}
JOIN = """
CREATE TEMP TABLE joined AS
SELECT resource.arn, claim.claim_id, claim.source_kind
FROM resource LEFT JOIN claim ON claim.keys[1] = resource.arn
"""


def measure(resources: int, folder: Path) -> dict[str, Any]:
    """Make an inventory in a file, join and resolve it; return seconds, bytes and the answer."""
    from scanner import catalog
    from scanner.config import Config, TagClaim
    from scanner.resolve import resolve
    from scanner.store import Store

    entries = catalog.load()
    config = Config(tag_claim=[TagClaim(key="managed-by", value="pulumi", owner="pulumi")])
    with Store.open(folder / "strays.duckdb") as store:
        fill(store, resources)
    with Store.open(folder / "strays.duckdb") as store:
        store.run("SET threads = 2")
        join = min(timed(lambda: _join(store)) for _ in range(3))
        before = peak()
        seconds = timed(lambda: resolve(store, entries, config, SCAN))
        counts = store.rows("SELECT status, count(*) AS n FROM ownership GROUP BY 1 ORDER BY 1")
    told = {row["status"]: row["n"] for row in counts}
    return {"join": join, "seconds": seconds, "before": before, "peak": peak(), "told": told}


def fill(store: Any, resources: int) -> None:
    """Write the synthetic scan."""
    store.run(THINGS.replace("$n", str(resources)))
    store.run(f"INSERT INTO scan VALUES ('{SCAN}', 'loaded', now(), now(), 't', NULL, NULL)")
    for table, rows in ROWS.items():
        store.run(f"INSERT INTO {table} BY NAME {rows.replace('$scan', repr(SCAN))}")
    store.run("DROP TABLE thing")


def _join(store: Any) -> None:
    store.run("DROP TABLE IF EXISTS joined")
    store.run(JOIN)


def timed(work: Callable[[], None]) -> float:
    """Return the seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak() -> float:
    """Return the most memory that this process had so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def expected(resources: int) -> dict[str, int]:
    """Return how many resources have each status, for a multiple of 100."""
    parts = {"derived": 8, "managed": 90, "unmanaged": 2}
    return {status: resources // 100 * part for status, part in parts.items()}


def main() -> None:
    """Measure each size in a fresh process and print a line for each."""
    if sys.argv[1:2] == ["--one"]:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(int(sys.argv[2]), Path(folder))))
        return
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    print(f"{platform.machine()}, Python {platform.python_version()}, two threads")
    print(f"{'resources':>11} {'join, s':>8} {'resolve, s':>10} {'ratio':>6} {'peak, GB':>8}")
    slow = False
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout)
        assert told["told"] == expected(size), told["told"]
        ratio = told["seconds"] / told["join"]
        slow = slow or ratio > ALLOWED
        print(
            f"{size:11,} {told['join']:8.2f} {told['seconds']:10.2f} {ratio:6.1f} {told['peak']:8.2f}"
        )
    sys.exit(slow)


if __name__ == "__main__":
    main()
