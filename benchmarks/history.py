"""A year and more of scans in one database: its size, and what the newest report and check cost.

    python benchmarks/history.py [SCANS] [RESOURCES]      (60 scans of 10,000 where none is named)

Each scan sees all resources with a document of about 700 bytes; one in a hundred changes its
document from scan to scan, 2 % are strays. The rows are made by the database, not collected. Exits
with 1 where judging and reporting the newest scan costs more than ALLOWED times the CPU of the same
with two scans in the database.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from reports import Context, write
from rules.run import check
from scanner import history
from scanner.config import Config, HistoryConfig
from scanner.store import Store

SIZE = ("60", "10000")
ALLOWED = 3.0
BEGIN = datetime(2026, 1, 1, 2)
TYPES = (
    "['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::EC2::Instance', 'AWS::EC2::Volume',"
    " 'AWS::S3::Bucket']"
)
THING = f"""
CREATE TEMP TABLE thing AS
SELECT i, {TYPES}[i % 5 + 1] AS resource_type, printf('%012d', i // 500 % 40 + 1) AS account_id,
    ['us-east-1', 'eu-west-1', 'ap-south-1'][i % 3 + 1] AS region,
    printf('thing-%08d', i) AS name,
    'arn:aws:x:' || region || ':' || account_id || ':thing/' || name AS arn,
    CASE WHEN i % 50 = 0 THEN 'unmanaged' WHEN i % 10 = 0 THEN 'derived' ELSE 'managed' END
        AS status,
    repeat(md5(i::VARCHAR), 15) AS filler
FROM range($n) AS made (i)
"""
SCAN = {
    "resource": """
SELECT $scan AS scan_id, arn, resource_type, 'aws_x' AS terraform_type, name AS resource_id,
    name AS terraform_id, name, account_id, region, region AS cell_region, 'aws' AS partition,
    TIMESTAMP '2026-01-01' AS created_at, MAP {'team': 'team-' || i % 20} AS tags,
    ('{"Arn": "' || arn || '", "Name": "' || name || '", "Filler": "' || filler || '", "Revision": '
        || CASE WHEN (i + $number) % 100 = 0 THEN $number ELSE 0 END || '}')::JSON AS properties,
    [arn, name] AS keys, NULL AS parent_arn, NULL AS default_rule, NULL AS default_evidence,
    false AS unreviewed, $when AS seen_at
FROM thing""",
    "coverage": """
SELECT $scan AS scan_id, account_id, region, resource_type, 'x' AS service, 'ok' AS outcome,
    NULL AS error_code, NULL AS message, count(*) AS resources, 1 AS calls, $when AS finished_at
FROM thing GROUP BY ALL""",
    "ownership": """
SELECT $scan AS scan_id, arn, status,
    CASE status WHEN 'unmanaged' THEN NULL ELSE 'state-' || i % 100 END AS owner,
    CASE status WHEN 'unmanaged' THEN NULL ELSE 'module.a.aws_x.' || name END AS owner_address,
    CASE status WHEN 'unmanaged' THEN NULL ELSE 'terraform' END AS owner_source, NULL AS owned_via,
    NULL AS root, NULL AS environment, TIMESTAMP '2026-01-01' AS first_seen,
    ('{"because": "claimed by state-' || i % 100 || ' as module.a.aws_x.' || name || '"}')::JSON
        AS evidence
FROM thing""",
    "finding": """
SELECT sha256('unmanaged_resource|' || arn)[1:16] AS finding_id, $scan AS scan_id,
    'unmanaged_resource' AS rule_id, 'medium' AS severity, 'open' AS state, status, arn,
    resource_type, name AS resource_id, name, account_id, region, 0 AS dependents,
    name || ' is in no state' AS message, 'fix it' AS fix,
    '{"because": "nothing claims it"}'::JSON AS evidence, TIMESTAMP '2026-01-01' AS first_seen,
    $when AS last_seen
FROM thing WHERE status = 'unmanaged'""",
}  # fmt: skip


def scan_id(number: int) -> str:
    return f"{BEGIN + timedelta(days=number):%Y%m%dT%H%M%S}-aaaaaa"


def add(store: Store, number: int) -> None:
    when = BEGIN + timedelta(days=number)
    name = scan_id(number)
    with store.transaction():
        store.run(
            "INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [name, when, when]
        )
        for table, query in SCAN.items():
            text = query.replace("$scan", f"'{name}'").replace("$number", str(number))
            text = text.replace("$when", f"TIMESTAMP '{when}'")
            store.append(table, f"({text})")


def timed(what: str, run: Callable[[], object]) -> float:
    """Tell how long it takes, and return its CPU seconds."""
    start, used = time.perf_counter(), time.process_time()
    run()
    print(f"{what:50} {time.perf_counter() - start:8.1f} s", flush=True)
    return time.process_time() - used


def measure(path: Path, number: int) -> float:
    """Tell what there is to tell, and return the CPU of judging and reporting the newest scan."""
    with Store.open(path) as store:
        cost = timed("check (all rules)", lambda: check(store, Config(), scan_id(number)))
    with Store.open(path, read_only=True) as store:
        target = f"json://{path.parent / 'report.json'}"
        cost += timed("report, newest (json)", lambda: write(target, store, Context.of(store)))
        timed("diff of the newest two", lambda: history.diff(store))
        timed("trend over all scans", lambda: store.rows("SELECT * FROM trend"))
    print(f"{'size':50} {path.stat().st_size / 1e6:8.0f} MB", flush=True)
    return cost


def main() -> int:
    """Print what it costs with two scans, with all of them, and after they are pruned."""
    scans, resources = (int(text) for text in [*sys.argv[1:], *SIZE[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "strays.duckdb"
        with Store.open(path) as store:
            store.run(THING.replace("$n", str(resources)))
            for number in (0, 1):
                add(store, number)
            check(store, Config(), scan_id(0))  # loads what is loaded once
        print(f"2 scans of {resources} resources", flush=True)
        young = measure(path, 1)
        with Store.open(path) as store:
            store.run(THING.replace("$n", str(resources)))
            start = time.perf_counter()
            for number in range(2, scans):
                add(store, number)
            took = time.perf_counter() - start
            print(f"{scans} scans of {resources} resources made in {took:.0f} s", flush=True)
        cost = measure(path, scans - 1)
        now = BEGIN + timedelta(days=scans)
        keeping = HistoryConfig(keep="400d", documents="60d")
        with Store.open(path) as store:
            timed("prune (400 days, documents 60)", lambda: history.prune(store, keeping, now))
        with Store.open(path) as store:
            timed("compact", lambda: history.compact(store))
        measure(path, scans - 1)
    kept = cost <= ALLOWED * young
    print(f"check and report: {cost:.1f} s of CPU, {cost / young:.2f} times those of two scans")
    print(f"{'kept' if kept else 'BROKEN'}: at most {ALLOWED} times")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
