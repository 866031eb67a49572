"""ASFF: findings as batches that AWS Security Hub's BatchImportFindings takes as they are.

A batch holds findings of one account and one Region, since the call is made there with that
account's credentials; at most 100 findings, 240 KB each and 6 MB together
(https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html).
Strays calls nothing: `aws securityhub batch-import-findings --cli-input-json file://FILE` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from reports import reading
from reports.text import visible
from scanner.identity import parse_arn, partition_of

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from reports.target import Target
    from scanner.store import Store

FORMAT = "asff"
TITLE = "batches for AWS Security Hub, one a line, or one a file (FOLDER/)"

_MOST = 100
_HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where findings of global services are imported, by partition."""
_TYPES = {
    "intruder": "Unusual Behaviors/AWS Account",
    "": "Software and Configuration Checks/Industry and Regulatory Standards",
}
_FURTHER = (
    "rule_id", "state", "status", "environment", "owner", "root", "dependents", "cluster_id",
    "creator", "channel", "exception_id", "scan_id",
)  # fmt: skip


def write(store: Store, target: Target, context: Context) -> None:
    """Write the batches: one a line, or into a folder as `ACCOUNT-REGION-NUMBER.json`."""
    if target.is_folder:
        for number, (account, region, batch) in enumerate(_batches(store, context), 1):
            with target.child(f"{account}-{region}-{number:05}.json").open() as stream:
                stream.write(msgspec.json.encode(batch) + b"\n")
        return
    with target.open() as stream:
        for _, _, batch in _batches(store, context):
            stream.write(msgspec.json.encode(batch) + b"\n")


def _batches(store: Store, context: Context) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield account, Region and batch. What belongs to no account is the scanner's own."""
    placed = [
        (place, row)
        for row in reading.findings(store, _wanted(context))
        if (place := _place(row, context)) is not None
    ]
    placed.sort(key=lambda pair: pair[0])
    for (account, region), group in groupby(placed, lambda pair: pair[0]):
        findings = [_finding(row, account, region, context) for _, row in group]
        for start in range(0, len(findings), _MOST):
            yield account, region, {"Findings": findings[start : start + _MOST]}


def _wanted(context: Context) -> str:
    """Return the condition on findings: closed ones only from the scan that closed them."""
    began = context.started_at or datetime.min
    return f"state <> 'closed' OR closed_at >= TIMESTAMP '{began.isoformat(' ')}'"


def _place(row: Row, context: Context) -> tuple[str, str] | None:
    caller = parse_arn(context.caller_arn or "")
    account = row["account_id"] or (caller.account if caller else None)
    if not account:
        return None
    region = row["region"]
    if region and region != "global":
        return str(account), str(region)
    arn = parse_arn(row["arn"] or "") or caller
    return str(account), _HOME.get(arn.partition if arn else "aws", "us-east-1")


def _finding(row: Row, account: str, region: str, context: Context) -> dict[str, Any]:
    facts = context.rule(row["rule_id"])
    partition = partition_of(region)
    closed = row["state"] == "closed"
    finding: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": f"strays/{account}/{region}/{row['finding_id']}",
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "GeneratorId": f"strays/{row['rule_id']}",
        "AwsAccountId": account,
        "FirstObservedAt": _time(row["first_seen"]),
        "LastObservedAt": _time(row["last_seen"]),
        "CreatedAt": _time(row["first_seen"]),
        "UpdatedAt": _time(row["closed_at"] if closed else row["last_seen"]),
        "Title": _cut(facts.title, 256),
        "Description": _cut(row["message"], 1024),
        "FindingProviderFields": {
            "Severity": {"Label": _severity(row), "Original": row["severity"]},
            "Types": [_TYPES.get(facts.kind, _TYPES[""])],
        },
        "Compliance": _compliance(row, facts.requirements),
        "ProductFields": {
            f"strays/{key}": _cut(row[key], 2048) for key in _FURTHER if row[key] is not None
        },
        "RecordState": "ARCHIVED" if closed else "ACTIVE",
        "Resources": [_resource(row, account, region, partition)],
    }
    if row["fix"]:
        finding["Remediation"] = {"Recommendation": {"Text": _cut(row["fix"], 512)}}
    if row["state"] in ("excepted", "baselined"):
        finding["Workflow"] = {"Status": "SUPPRESSED"}
    return finding


def _severity(row: Row) -> str:
    return "INFORMATIONAL" if row["severity"] == "info" else str(row["severity"]).upper()


def _compliance(row: Row, requirements: list[str]) -> dict[str, Any]:
    status = "WARNING" if row["rule_id"].startswith("coverage_") else "FAILED"
    compliance: dict[str, Any] = {"Status": "PASSED" if row["state"] == "closed" else status}
    if requirements:
        compliance["RelatedRequirements"] = [_cut(text, 64) for text in requirements[:32]]
    return compliance


def _resource(row: Row, account: str, region: str, partition: str) -> dict[str, Any]:
    """Return the resource; a finding about none is about its account, as ASFF has it."""
    name = row["arn"] or row["resource_id"]
    kind = resource_type(row["resource_type"] or "") if name else "AwsAccount"
    identity = _cut(name, 512) if name else f"AWS::::Account:{account}"
    return {"Type": kind, "Id": identity, "Partition": partition, "Region": region}


def resource_type(cloudformation_type: str) -> str:
    """Return `AwsRdsDbInstance` for `AWS::RDS::DBInstance`; `Other` for what is not AWS's.

    Names follow https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html; the
    import takes further ones of that form too.
    """
    namespace, *parts = cloudformation_type.split("::")
    if namespace != "AWS" or len(parts) != 2:
        return "Other"
    return "Aws" + "".join(
        word[0].upper() + word[1:].lower()
        for part in parts
        for word in re.findall(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*", part)
    )


def _cut(text: object, limit: int) -> str:
    """Return text with something to read in it, on one line, of at most `limit` characters."""
    shown = visible(text, limit)
    shown = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    return shown.strip() or "-"


def _time(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"
