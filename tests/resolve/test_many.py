"""More rows than DuckDB keeps in one group: what small worlds cannot show."""

from __future__ import annotations

from dataclasses import asdict

from scanner import catalog
from scanner.config import Config
from scanner.resolve import resolve
from scanner.store import Store
from tests.resolve.build import ACCOUNT, NOW, QUEUE, REGION, SCAN, cell

MANY = 150_000
"""A row group holds 122,880 (https://duckdb.org/docs/current/internals/storage.html)."""

THINGS = f"""
INSERT INTO resource BY NAME
SELECT '{SCAN}' AS scan_id, 'arn:aws:sqs:{REGION}:{ACCOUNT}:' || i AS arn,
    '{QUEUE}' AS resource_type, i::VARCHAR AS resource_id, '{ACCOUNT}' AS account_id,
    '{REGION}' AS region, '{REGION}' AS cell_region, 'aws' AS partition, [arn] AS keys,
    false AS unreviewed,
    TIMESTAMP '2026-01-01' AS seen_at
FROM range({MANY + 1}) AS made (i)
"""
LINKS = f"""
INSERT INTO link BY NAME
SELECT '{SCAN}' AS scan_id, account_id, region, arn, 'owns' AS kind, '{QUEUE}' AS target_type,
    'arn:aws:sqs:{REGION}:{ACCOUNT}:0' AS target_key, 'self' AS owns, 'X1' AS rule,
    'api_field' AS trust, 'says so' AS evidence
FROM resource WHERE resource_id <> '0'
"""
CLAIM = f"""
INSERT INTO claim BY NAME
SELECT '{SCAN}' AS scan_id, 'a' AS claim_id, 'terraform' AS source_kind, 's' AS source_id,
    's' AS owner, 'a' AS address, 'aws_sqs_queue' AS claimed_type, '{QUEUE}' AS resource_type, keys,
    false AS inline
FROM resource WHERE resource_id = '0'
"""


def test_nothing_is_lost_where_a_table_is_filled_after_nothing_was_inserted() -> None:
    with Store.memory() as store:
        store.run("SET threads = 2")
        store.run("INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [SCAN, NOW, NOW])
        store.table_from_rows("coverage", [asdict(cell())], SCAN)
        for statement in (THINGS, LINKS, CLAIM):
            store.run(statement)
        resolve(store, catalog.load(), Config(), SCAN)
        rows = store.rows(
            "SELECT status, len(owned_via) AS length, count(*) AS number FROM ownership"
            " WHERE arn > 'arn' GROUP BY ALL ORDER BY ALL"
        )
    assert rows == [
        {"status": "derived", "length": 2, "number": MANY},
        {"status": "managed", "length": None, "number": 1},
    ]
