"""OCSF 1.6: events for a SIEM or a security lake, one a line.

A finding is a compliance finding (class 2003), that of an intruder rule a detection finding (2004),
and the inventory is told in cloud resources inventory events (5023), each of some resources of one
account and region. The classes: https://schema.ocsf.io/1.6.0/classes/compliance_finding
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from reports import reading
from reports.encode import plain

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from reports.target import Target
    from scanner.store import Store

FORMAT = "ocsf"
TITLE = "OCSF 1.6 events, one a line: findings (2003, 2004) and inventory (5023)"

VERSION = "1.6.0"
COMPLIANCE, DETECTION, INVENTORY = 2003, 2004, 5023
_PER_EVENT = 100
"""Resources in one inventory event."""

_SEVERITY = {"info": 1, "low": 2, "medium": 3, "high": 4, "critical": 5}
_NEW, _SUPPRESSED, _RESOLVED, _OTHER = 1, 3, 4, 99
_STATUS = {"open": _NEW, "excepted": _SUPPRESSED, "baselined": _SUPPRESSED, "closed": _RESOLVED}
_PASS, _WARNING, _FAIL = 1, 2, 3
_CREATE, _UPDATE, _CLOSE, _COLLECT = 1, 2, 3, 2
_RULE = 1
_FURTHER = (
    "state", "status", "environment", "owner", "root", "dependents", "cluster_id", "creator",
    "channel", "exception_id", "closed_how", "scan_id",
)  # fmt: skip
"""Columns that OCSF has no place for: they go into `unmapped` under our names."""


def write(store: Store, target: Target, context: Context) -> None:
    """Write an event per finding, then the inventory."""
    with target.open() as stream:
        for event in _events(store, context):
            stream.write(msgspec.json.encode(event) + b"\n")


def _events(store: Store, context: Context) -> Iterator[dict[str, Any]]:
    for row in reading.findings(store):
        yield _finding(row, context)
    rows = reading.resources(store, "managed", "derived", "default", "unmanaged", "unknown")
    for (account, region), group in groupby(rows, lambda r: (r["account_id"], r["region"])):
        resources = list(group)
        for start in range(0, len(resources), _PER_EVENT):
            yield _inventory(account, region, resources[start : start + _PER_EVENT], context)


def _event(class_uid: int, activity: int, severity: int, time: datetime) -> dict[str, Any]:
    return {
        "class_uid": class_uid,
        "category_uid": class_uid // 1000,
        "activity_id": activity,
        "type_uid": class_uid * 100 + activity,
        "severity_id": severity,
        "time": _epoch(time),
    }


def _finding(row: Row, context: Context) -> dict[str, Any]:
    facts = context.rule(row["rule_id"])
    class_uid = DETECTION if facts.kind == "intruder" else COMPLIANCE
    event = _event(
        class_uid, _activity(row, context), _SEVERITY[row["severity"]], row["last_seen"]
    ) | {
        "metadata": _metadata(context, row["finding_id"]),
        "cloud": _cloud(row["account_id"], row["region"]),
        "status_id": _STATUS.get(row["state"], _OTHER),
        "message": row["message"],
        "finding_info": _info(row, facts.title),
        "unmapped": {key: value for key in _FURTHER if (value := row[key]) is not None},
    }
    if event["status_id"] == _OTHER:
        event["status"] = row["state"]
    if row["fix"]:
        event["remediation"] = {"desc": row["fix"]}
    if row["arn"] or row["resource_id"]:
        event["resources"] = [_resource(row)]
    if class_uid == COMPLIANCE:
        event["compliance"] = _compliance(row, facts.requirements)
    return event


def _activity(row: Row, context: Context) -> int:
    if row["state"] == "closed":
        return _CLOSE
    fresh = context.started_at is not None and row["first_seen"] >= context.started_at
    return _CREATE if fresh else _UPDATE


def _info(row: Row, title: str) -> dict[str, Any]:
    evidence = plain(row)["evidence"]
    info = {
        "uid": row["finding_id"],
        "title": title,
        "types": [row["rule_id"]],
        "analytic": {"uid": row["rule_id"], "name": title, "type_id": _RULE},
        "first_seen_time": _epoch(row["first_seen"]),
        "last_seen_time": _epoch(row["last_seen"]),
    }
    return info | ({"desc": msgspec.json.encode(evidence).decode()} if evidence else {})


def _compliance(row: Row, requirements: list[str]) -> dict[str, Any]:
    status = _WARNING if row["rule_id"].startswith("coverage_") else _FAIL
    status = _PASS if row["state"] == "closed" else status
    compliance = {"control": row["rule_id"], "status_id": status, "standards": ["Strays"]}
    return compliance | ({"requirements": requirements} if requirements else {})


def _inventory(account: str, region: str, rows: list[Row], context: Context) -> dict[str, Any]:
    newest = max(row["seen_at"] for row in rows)
    return _event(INVENTORY, _COLLECT, _SEVERITY["info"], newest) | {
        "metadata": _metadata(context),
        "cloud": _cloud(account, region),
        "region": region,
        "resources": [_resource(row) for row in rows],
    }


def _resource(row: Row) -> dict[str, Any]:
    """Return a resource; its labels are what Strays says of it, its tags AWS's own."""
    resource: dict[str, Any] = {"uid": row["arn"] or row["resource_id"]}
    known = {"name": row["name"], "type": row["resource_type"], "region": row["region"]}
    resource |= {key: value for key, value in known.items() if value}
    if row["owner"]:
        resource["owner"] = {"name": row["owner"]}
    labels = [f"{key}={row[key]}" for key in ("status", "environment") if row[key]]
    if labels:
        resource["labels"] = labels
    if row.get("tags"):
        resource["tags"] = [{"name": k, "value": v} for k, v in sorted(row["tags"].items())]
    if row.get("created_at"):
        resource["created_time"] = _epoch(row["created_at"])
    return resource


def _cloud(account: str | None, region: str | None) -> dict[str, Any]:
    cloud: dict[str, Any] = {"provider": "AWS"}
    if account:
        cloud["account"] = {"uid": account, "type_id": 10}  # AWS account
    return cloud | ({"region": region} if region else {})


def _metadata(context: Context, uid: str | None = None) -> dict[str, Any]:
    product = {"name": "Strays", "vendor_name": "Strays", "version": context.strays_version}
    metadata = {"version": VERSION, "profiles": ["cloud"], "product": product}
    if context.scan_id:
        metadata["correlation_uid"] = context.scan_id
    return metadata | ({"uid": uid} if uid else {})


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp() * 1000)
