"""A small hostile estate in a database in memory: every status, every outcome, rude names."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa

from scanner.store import Store

FIRST, SECOND = "20261121T020000Z-aaaa", "20261122T020000Z-bbbb"
BEGAN = datetime(2026, 11, 22, 2, 0, 0)
PRODUCTION, STAGING, SANDBOX = "111111111111", "222222222222", "333333333333"
STATE = "tfstate+s3://acme-states/app/terraform.tfstate"
BROKEN_STATE = "tfstate+s3://acme-states/broken.tfstate"

IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(2)</script>"
FORMULA = "=cmd|'/c calc'!A0"
RTL = "invoice\u202egpj.exe \u05e9\u05dc\u05d5\u05dd"
LONG = "x" * 10_240
ANSI = "\x1b[31mred\x1b[0m\r\nverdict: CLEAN"
HOSTILE = (IMAGE, SCRIPT, FORMULA, RTL, ANSI)


def estate() -> Store:
    """Return the whole estate, two scans deep."""
    store = Store.memory()
    for table, rows in _batches().items():
        store.table_from_arrow(table, rows)
    return store


def with_units(store: Store) -> Store:
    """Add a unit of two strays, and who made them."""
    ghost, leak = f"arn:aws:iam::{STAGING}:role/ghost", "arn:aws:s3:::leak-2019"
    unit = {
        "scan_id": SECOND, "cluster_id": "c0ffee", "name": f"the ghost fleet {IMAGE}",
        "arn": leak, "members": [ghost, leak], "dependents": 1, "regions": ["global"],
        "accounts": [PRODUCTION, STAGING],
    }  # fmt: skip
    store.table_from_rows("cluster", [unit])
    maker = f"arn:aws:iam::{STAGING}:user/mallory"
    event = {
        "event_id": "e-1", "event_name": "CreateRole", "event_time": BEGAN, "channel": "console",
        "principal": maker, "source_ip": "203.0.113.7", "source_identity": IMAGE,
    }  # fmt: skip
    store.table_from_rows("maker", [{"arn": ghost, "trust": "event", "creator": maker, **event}])
    store.run(
        "UPDATE finding SET cluster_id = 'c0ffee', creator = ? WHERE arn IN (?, ?)",
        [maker, ghost, leak],
    )
    return store


def scan_row(scan_id: str, began: datetime) -> dict[str, Any]:
    """One finished scan."""
    return {
        "scan_id": scan_id,
        "state": "loaded",
        "started_at": began,
        "finished_at": began + timedelta(minutes=4, seconds=30),
        "strays_version": "0.1.0",
        "caller_arn": f"arn:aws:sts::{PRODUCTION}:assumed-role/Audit/night",
        "scope": json.dumps({"regions": ["us-east-1", "eu-*"], "types": ["AWS::*"]}),
    }


def tables(scan_id: str, began: datetime) -> dict[str, list[dict[str, Any]]]:
    """Rows per table of one scan."""
    things = [thing for thing in _things() if scan_id == SECOND or not thing.get("new")]
    return {
        "account": [{"scan_id": scan_id, **row} for row in _accounts()],
        "coverage": [{"scan_id": scan_id, "finished_at": began, **row} for row in _cells()],
        "out_of_scope": [{"scan_id": scan_id, **row} for row in _exempt()],
        "source": [{"scan_id": scan_id, "modified_at": began, **row} for row in _sources()],
        "resource": [_resource(scan_id, began, thing) for thing in things],
        "ownership": [_ownership(scan_id, thing) for thing in things],
        "claim": [_claim(scan_id, claim) for claim in _claims()],
        "claim_match": [_match(scan_id, claim) for claim in _claims()],
        "finding": [_finding(scan_id, began, row) for row in _findings(scan_id)],
        "exception": [{"scan_id": scan_id, **row} for row in _exceptions()],
    }


@cache
def _batches() -> dict[str, pa.Table]:
    """Return the rows of both scans per table."""
    scans = ((FIRST, BEGAN - timedelta(days=1)), (SECOND, BEGAN))
    told = [{"scan": [scan_row(*scan)], **tables(*scan)} for scan in scans]
    with Store.memory() as store:
        shapes = {name: store.arrow(f"SELECT * FROM {name} LIMIT 0").schema for name in told[0]}
    return {
        name: pa.Table.from_pylist([row for each in told for row in each[name]], schema=shape)
        for name, shape in shapes.items()
    }


def _accounts() -> list[dict[str, Any]]:
    names = {PRODUCTION: "production", STAGING: f"staging {IMAGE}", SANDBOX: "sandbox"}
    return [
        {
            "account_id": account_id,
            "name": name,
            "organizational_unit": f"Root/Workloads/{name.title()}",
            "tags": [("team", name)],
            "partition": "aws",
            "role_arn": f"arn:aws:iam::{account_id}:role/Audit",
            "regions": ["us-east-1", "eu-west-1"],
            "outcome": "ok",
            "message": None,
        }
        for account_id, name in names.items()
    ]


def _cells() -> list[dict[str, Any]]:
    rows = []
    for account in (PRODUCTION, STAGING, SANDBOX):
        for region in ("us-east-1", "eu-west-1"):
            rows += [
                _cell(account, region, kind) for kind in ("AWS::SQS::Queue", "AWS::EC2::Instance")
            ]
        rows += [_cell(account, "global", kind) for kind in ("AWS::S3::Bucket", "AWS::IAM::Role")]
    blind = {
        (SANDBOX, "eu-west-1", "AWS::SQS::Queue"): ("denied", "AccessDenied", f"not you {SCRIPT}"),
        (SANDBOX, "eu-west-1", "AWS::EC2::Instance"): ("throttled", "RequestLimitExceeded", "slow"),
        (STAGING, "eu-west-1", "AWS::SQS::Queue"): ("unavailable", "OptInRequired", "off"),
        (STAGING, "global", "AWS::IAM::Role"): ("denied", "AccessDenied", "as agreed"),
    }
    for row in rows:
        key = (row["account_id"], row["region"], row["resource_type"])
        row["outcome"], row["error_code"], row["message"] = blind.get(key, ("ok", None, None))
    return rows


def _exempt() -> list[dict[str, Any]]:
    entry = {"account": STAGING, "region": "global", "type": "AWS::IAM::*", "expires": None}
    return [
        {**entry, "reason": f"the identity team's own {IMAGE}", "expired": False},
        {**entry, "account": "*", "reason": "old", "expires": date(2026, 1, 1), "expired": True},
    ]


def _cell(account: str, region: str, resource_type: str) -> dict[str, Any]:
    return {
        "account_id": account,
        "region": region,
        "resource_type": resource_type,
        "service": resource_type.split("::")[1].lower(),
        "resources": 3,
        "calls": 2,
    }


def _sources() -> list[dict[str, Any]]:
    common = {"kind": "terraform", "account_id": None, "region": None, "lineage": "lineage-of-app"}
    return [
        {
            **common,
            "source_id": STATE,
            "outcome": "read",
            "message": None,
            "serial": 41,
            "version": "1.9.8",
            "resources": 5,
            "claims": 5,
            "other_providers": [("registry.terraform.io/hashicorp/random", 2)],
        },
        {
            **common,
            "source_id": BROKEN_STATE,
            "outcome": "failed",
            "message": "cut in half at byte 4096",
            "serial": None,
            "version": None,
            "resources": 0,
            "claims": 0,
            "other_providers": [],
        },
    ]


def _things() -> list[dict[str, Any]]:
    queue, instance, bucket, role = (
        ("AWS::SQS::Queue", "aws_sqs_queue"),
        ("AWS::EC2::Instance", "aws_instance"),
        ("AWS::S3::Bucket", "aws_s3_bucket"),
        ("AWS::IAM::Role", "aws_iam_role"),
    )
    east, nowhere = "us-east-1", "global"
    jobs = f"arn:aws:sqs:{east}:{PRODUCTION}:jobs"
    ghost = f"arn:aws:iam::{STAGING}:role/ghost"
    return [
        _thing(jobs, queue, PRODUCTION, east, "managed", owner=STATE, owner_source="terraform",
               owner_address='module.app["a.b"].aws_sqs_queue.jobs[0]', name="jobs",
               terraform_id=f"https://sqs.{east}.amazonaws.com/{PRODUCTION}/jobs",
               evidence={"because": f"claimed by {STATE}"}),
        _thing(f"arn:aws:ec2:{east}:{PRODUCTION}:instance/i-0a", instance, PRODUCTION, east,
               "derived", owner=STATE, owner_source="terraform", owned_via=[jobs],
               evidence={"because": "its Auto Scaling group owns it"}),
        _thing("arn:aws:s3:::pulumi-site", bucket, PRODUCTION, nowhere, "managed", owner="pulumi",
               owner_source="tag", evidence={"because": "tag managed-by=pulumi"}),
        _thing(f"arn:aws:iam::{PRODUCTION}:role/aws-service-role/x", role, PRODUCTION, nowhere,
               "default", evidence={"because": "service-linked role"}),
        _thing("arn:aws:s3:::leak-2019", bucket, PRODUCTION, nowhere, "unmanaged", name=FORMULA,
               tags=[("Name", FORMULA), (IMAGE, SCRIPT), ("note", LONG), ("rtl", RTL)],
               evidence={"because": "no claim names it", "stack_tag": IMAGE}),
        _thing(f"arn:aws:ec2:{east}:{STAGING}:instance/i-gpu", instance, STAGING, east,
               "unmanaged", name=IMAGE, new=True, evidence={"because": "no claim names it"}),
        _thing(ghost, role, STAGING, nowhere, "unmanaged", name="ghost", hanging=1,
               evidence={"because": "no claim names it"}),
        _thing(f"{ghost}|inline|admin", ("AWS::IAM::RolePolicy", "aws_iam_role_policy"), STAGING,
               nowhere, "unmanaged", name=RTL, root=ghost, cell="AWS::IAM::Role"),
        _thing(f"arn:aws:sqs:{east}:{SANDBOX}:{ANSI}", queue, SANDBOX, east, "unmanaged",
               name=ANSI, new=True),
        _thing(f"arn:aws:sqs:{east}:{SANDBOX}:twice", queue, SANDBOX, east, "unknown",
               name=SCRIPT, evidence={"because": "a claim fits two"}),
        _thing(f"arn:aws:sqs:{east}:{SANDBOX}:nowords", ("Ext::Sqs::Thing", None), SANDBOX, east,
               "managed", owner="arn:aws:cloudformation:stack/web", owner_source="cloudformation",
               owner_address="Jobs", cell="AWS::SQS::Queue"),
    ]  # fmt: skip


def _thing(
    arn: str, kind: tuple[str, str | None], account: str, region: str, status: str, **more: Any
) -> dict[str, Any]:
    return {
        "arn": arn, "resource_type": kind[0], "terraform_type": kind[1], "account_id": account,
        "region": region, "status": status, **more,
    }  # fmt: skip


def _resource(scan_id: str, began: datetime, thing: dict[str, Any]) -> dict[str, Any]:
    own = ("arn", "resource_type", "terraform_type", "account_id", "region")
    return {
        **{key: thing[key] for key in own},
        "scan_id": scan_id,
        "resource_type": thing.get("cell", thing["resource_type"]),
        "resource_id": thing["arn"].rsplit(":", 1)[-1].rsplit("/", 1)[-1],
        "terraform_id": thing.get("terraform_id"),
        "name": thing.get("name"),
        "cell_region": thing["region"],
        "partition": "aws",
        "created_at": began - timedelta(days=400),
        "tags": thing.get("tags", [("Name", thing["name"])] if thing.get("name") else []),
        "properties": json.dumps({"Size": 3, "Notes": thing.get("name"), "Open": True}),
        "keys": [thing["arn"]],
        "unreviewed": False,
        "seen_at": began,
    }


def _ownership(scan_id: str, thing: dict[str, Any]) -> dict[str, Any]:
    own = ("owner", "owner_address", "owner_source", "root")
    return {
        **{key: thing.get(key) for key in own},
        "scan_id": scan_id,
        "arn": thing["arn"],
        "status": thing["status"],
        "owned_via": thing.get("owned_via", []),
        "environment": "production" if thing["account_id"] == PRODUCTION else None,
        "first_seen": BEGAN if thing.get("new") else BEGAN - timedelta(days=30),
        "evidence": json.dumps(thing.get("evidence", {})),
    }


def _claims() -> list[dict[str, Any]]:
    twice = f"arn:aws:sqs:us-east-1:{SANDBOX}:twice"
    return [
        {"claim_id": "c1", "state": "matched", "address": "aws_sqs_queue.jobs",
         "keys": [f"arn:aws:sqs:us-east-1:{PRODUCTION}:jobs"]},
        {"claim_id": "c0", "state": "matched", "address": "aws_sqs_queue.copy",
         "keys": [f"arn:aws:sqs:us-east-1:{PRODUCTION}:jobs"], "source_id": BROKEN_STATE},
        {"claim_id": "c2", "state": "missing", "address": "module.app.aws_sqs_queue.gone",
         "keys": [f"arn:aws:sqs:us-east-1:{PRODUCTION}:gone", "gone"],
         "reason": "its cell was listed and it is not there"},
        {"claim_id": "c3", "state": "missing", "address": f'aws_sqs_queue.q["{IMAGE}"]',
         "keys": ["just-an-id"], "reason": "its cell was listed and it is not there"},
        {"claim_id": "c4", "state": "missing", "address": "aws_security_group.web", "inline": True,
         "keys": ["rule|sg-1|ingress|tcp|80|80|0.0.0.0/0"]},
        {"claim_id": "c5", "state": "unseen", "address": "aws_sqs_queue.far", "keys": ["far"],
         "reason": "its cell was denied"},
        {"claim_id": "c6", "state": "ambiguous", "address": "aws_sqs_queue.twice",
         "keys": ["twice"], "candidates": [twice, twice + SCRIPT], "reason": "it fits two"},
    ]  # fmt: skip


def _claim(scan_id: str, claim: dict[str, Any]) -> dict[str, Any]:
    return {
        "scan_id": scan_id,
        "claim_id": claim["claim_id"],
        "source_kind": "terraform",
        "source_id": claim.get("source_id", STATE),
        "owner": STATE,
        "address": claim["address"],
        "claimed_type": "aws_sqs_queue",
        "resource_type": "AWS::SQS::Queue",
        "account_id": PRODUCTION,
        "region": "us-east-1",
        "keys": claim["keys"],
        "inline": claim.get("inline", False),
        "evidence": "serial 41",
    }


def _match(scan_id: str, claim: dict[str, Any]) -> dict[str, Any]:
    return {
        "scan_id": scan_id,
        "claim_id": claim["claim_id"],
        "state": claim["state"],
        "arn": claim["keys"][0] if claim["state"] == "matched" else None,
        "candidates": claim.get("candidates", []),
        "reason": claim.get("reason"),
    }


def _findings(scan_id: str) -> list[dict[str, Any]]:
    severity = {"role": "critical", "bucket": "high", "instance": "medium", "queue": "low"}
    strays = [
        {
            **thing,
            "rule_id": "unmanaged_resource",
            "severity": severity[str(thing["terraform_type"]).rsplit("_", 1)[-1]],
            "dependents": thing.get("hanging", 0),
            "message": f"{thing.get('name') or thing['arn']} is in no code",
        }
        for thing in _things()
        if thing["status"] == "unmanaged" and thing.get("root") is None
    ]
    return [row for row in strays if scan_id == SECOND or not row.get("new")] + _other_findings()


def _other_findings() -> list[dict[str, Any]]:
    east = {"resource_type": "AWS::SQS::Queue", "account_id": PRODUCTION, "region": "us-east-1"}
    west = {"resource_type": "AWS::SQS::Queue", "account_id": SANDBOX, "region": "eu-west-1"}
    gone = f"{STATE} names module.app.aws_sqs_queue.gone, and it is gone"
    old, site = "arn:aws:s3:::old", "arn:aws:s3:::pulumi-site"
    return [
        _found("claim_missing", "medium", gone, status="missing", **east),
        _found("coverage_incomplete", "medium", f"not listed: denied {SCRIPT}", **west),
        _found("unmanaged_resource", "high", "old is in no code", arn=old, state="closed",
               closed_how="gone"),
        _found("tag_only", "low", "only a tag says so", arn=site, state="excepted",
               exception_id="EXC-1"),
    ]  # fmt: skip


def _exceptions() -> list[dict[str, Any]]:
    globs = dict.fromkeys(("rule", "type", "resource", "account", "environment", "region"), "*")
    entry = {
        **globs, "file": "exceptions.toml", "covers": "rule tag_only", "tags": [], "ignore": [],
        "reason": f"until the move {IMAGE}", "owner": "web@example.com", "ticket": "SEC-9",
        "approver": "ciso@example.com", "created": date(2026, 9, 1), "expired": False, "hits": 1,
    }  # fmt: skip
    return [
        {**entry, "exception_id": "EXC-1", "rule": "tag_only", "expires": date(2026, 12, 1)},
        {**entry, "exception_id": "EXC-2", "expires": date(2026, 11, 1), "expired": True},
        {**entry, "exception_id": "EXC-3", "expires": date(2027, 8, 1), "hits": 0,
         "approver": "Web@example.com"},
    ]  # fmt: skip


def _found(rule_id: str, severity: str, message: str, **more: Any) -> dict[str, Any]:
    return {"rule_id": rule_id, "severity": severity, "message": message, **more}


def _finding(scan_id: str, began: datetime, row: dict[str, Any]) -> dict[str, Any]:
    own = ("arn", "resource_type", "terraform_type", "account_id", "region", "name", "root",
           "rule_id", "severity", "status", "message", "closed_how", "dependents",
           "exception_id")  # fmt: skip
    arn = row.get("arn") or ""
    return {
        **{key: row.get(key) for key in own},
        "finding_id": f"{row['rule_id']}-{abs(hash_of(arn + row['message'])):x}",
        "scan_id": scan_id,
        "state": row.get("state", "open"),
        "resource_id": arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1] or None,
        "environment": "production" if row.get("account_id") == PRODUCTION else None,
        "fix": f"Import it, or delete it. {IMAGE}",
        "evidence": json.dumps(row.get("evidence", {})),
        "first_seen": began if row.get("new") else BEGAN - timedelta(days=30),
        "last_seen": began,
        "closed_at": began if row.get("state") == "closed" else None,
    }


def hash_of(text: str) -> int:
    """A hash that is the same in every process."""
    import zlib

    return zlib.crc32(text.encode())
