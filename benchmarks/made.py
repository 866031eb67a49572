"""A made-up scan of any size, as shards: what benchmarks load, resolve and judge.

70 % is claimed by states, 15 % by stacks, 5 % by an agreed tag, 8 % derived in chains of up to four
hops, 2 % strays. An account has a thousand resources in four regions, and its ledger a cell for
every type of the reviewed catalog in seventeen: that is thirteen times as many rows as resources.
"""

from __future__ import annotations

from pathlib import Path

from scanner import catalog
from scanner.store import Store

SCAN = "20260101T000000-aaaaaa"
AN_ACCOUNT = 1_000
"""Resources of an account."""
A_SHARD = 10_000
"""Resources of a shard: ten accounts."""

THINGS = f"""
CREATE OR REPLACE TEMP TABLE thing AS
SELECT
    i,
    CASE WHEN i % 100 < 70 THEN 'state' WHEN i % 100 < 85 THEN 'stack' WHEN i % 100 < 90 THEN 'tag'
        WHEN i % 100 < 98 THEN 'derived' ELSE 'stray' END AS fate,
    printf('%012d', i // {AN_ACCOUNT} + 1) AS account_id,
    ['us-east-1', 'eu-west-1', 'us-west-2', 'ap-south-1'][i // 100 % 4 + 1] AS region,
    ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::EC2::Instance', 'AWS::EC2::Volume',
        'AWS::Lambda::Function'][i % 5 + 1] AS resource_type,
    printf('thing-%010d', i) AS name,
    'arn:aws:' || lower(split_part(resource_type, '::', 2)) || ':' || region || ':' || account_id
        || ':path/' || name AS arn
FROM range($from, $to) AS made (i)
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
SELECT $scan AS scan_id, account_id, region, resource_type, service, 'ok' AS outcome,
    NULL AS error_code, NULL AS message, 0 AS resources, 1 AS calls,
    TIMESTAMP '2026-01-01' + to_milliseconds(hash(account_id, region, resource_type) % 600000)
        AS finished_at
FROM (SELECT DISTINCT account_id FROM thing), kind, place
WHERE kind.scope <> 'global' OR place.region = 'us-east-1'""",
}
REGIONS = ["us-east-1", "eu-west-1", "us-west-2", "ap-south-1", *(f"region-{n}" for n in range(13))]


def shards(folder: Path, resources: int) -> None:
    """Write the shards of so many resources, a multiple of A_SHARD, as a collection leaves them."""
    entries = catalog.load().entries.values()
    kinds = [[entry.type, entry.service, entry.scope] for entry in entries]
    with Store.memory() as store:
        store.run("CREATE TEMP TABLE place AS SELECT unnest(?::VARCHAR[]) AS region", [REGIONS])
        store.run(
            "CREATE TEMP TABLE kind AS SELECT unnest($1::VARCHAR[]) AS resource_type,"
            " unnest($2::VARCHAR[]) AS service, unnest($3::VARCHAR[]) AS scope",
            [list(column) for column in zip(*kinds, strict=True)],
        )
        for first in range(0, resources, A_SHARD):
            shard = folder / f"{first // A_SHARD:06}"
            shard.mkdir(parents=True)
            store.run(THINGS.replace("$from", str(first)).replace("$to", str(first + A_SHARD)))
            for table, rows in ROWS.items():
                query = rows.replace("$scan", "NULL")
                store.run(
                    f"COPY (SELECT * EXCLUDE (scan_id) FROM ({query}))"
                    f" TO '{shard / table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
                )


def expected(resources: int) -> dict[str, int]:
    """Return how many resources have each status."""
    parts = {"derived": 8, "managed": 90, "unmanaged": 2}
    return {status: resources // 100 * part for status, part in parts.items()}
