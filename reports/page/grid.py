"""The findings as the page's grid and drawer need them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from reports.encode import plain
from reports.page.embed import dictionary
from scanner.model import Severity

if TYPE_CHECKING:
    from reports.reading import Row
    from scanner.store import Store

DETAILED = 20_000
"""Findings whose tags, properties and evidence are in the page; for more see the database."""
CHUNK = 500
"""Findings per block of details: the page opens only the blocks that are looked at."""

NEW = "this scan"
_SPANS = {"a day": 1, "a week": 7, "a month": 30, "a quarter": 91, "a year": 365}
AGES = (NEW, *(f"under {span}" for span in _SPANS), "older")

_CODED = (
    "severity", "state", "rule_id", "environment", "account_id", "region", "resource_type",
    "status", "owner", "creator", "age", "cluster_id",
)  # fmt: skip
_WHOLE = ("finding_id", "name", "resource_id", "arn", "message", "dependents")
_RESOURCE = (
    "terraform_type", "terraform_id", "owner_address", "owner_source", "owned_via", "root",
    "parent_arn", "partition", "created_at", "evidence", "tags", "properties",
)  # fmt: skip
_MAKER = (
    "principal", "session_issuer", "source_identity", "channel", "event_time", "source_ip",
    "event_name", "event_id", "trust",
)  # fmt: skip
_MOST_DEPENDENTS = 25


def age_of(first_seen: datetime, began: datetime) -> str:
    """Return since when a finding is known: the scan that `began` then saw it first, or a span."""
    if first_seen >= began:
        return NEW
    days = (began - first_seen).total_seconds() / 86_400
    return next((f"under {span}" for span, limit in _SPANS.items() if days < limit), AGES[-1])


def columns(findings: list[Row], began: datetime) -> dict[str, Any]:
    """Return the findings by column: those that filter as codes, the others as they are."""
    for row in findings:
        row["age"] = age_of(row["first_seen"], began)
    orders = {"severity": [str(s) for s in Severity], "age": AGES, "state": ("open",)}
    packed: dict[str, Any] = {
        key: dictionary([row[key] for row in findings], orders.get(key)) for key in _CODED
    }
    for key in _WHOLE:
        packed[key] = [row[key] for row in findings]
    packed["first_seen"] = [_epoch(row["first_seen"]) for row in findings]
    packed["last_seen"] = [_epoch(row["last_seen"]) for row in findings]
    return {"rows": len(findings), "columns": packed}


def content_hash(grid: dict[str, Any]) -> str:
    """Return a SHA-256 over the findings: two pages with one hash say the same."""
    return hashlib.sha256(msgspec.json.encode(grid)).hexdigest()


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def details(store: Store, findings: list[Row]) -> list[list[dict[str, Any]]]:
    """Return what the drawer shows, in blocks of `CHUNK` findings in the grid's order."""
    detailed = findings[:DETAILED]
    arns = list({row["arn"] for row in detailed if row["arn"]})
    things = _resources(store, arns)
    hanging, makers = _dependents(store, arns), _makers(store, arns)
    made = [_detail(row, things.get(row["arn"]), hanging.get(row["arn"], [])) for row in detailed]
    for row, detail in zip(detailed, made, strict=True):
        if row["arn"] in makers:
            detail["maker"] = makers[row["arn"]]
    return [made[start : start + CHUNK] for start in range(0, len(made), CHUNK)]


def _resources(store: Store, arns: list[str]) -> dict[str, Row]:
    rows = store.rows("SELECT * FROM inventory WHERE arn IN (SELECT unnest(?))", [arns])
    return {row["arn"]: row for row in rows}


def _makers(store: Store, arns: list[str]) -> dict[str, dict[str, Any]]:
    rows = store.rows("SELECT * FROM maker WHERE arn IN (SELECT unnest(?))", [arns])
    return {
        row["arn"]: {key: value for key, value in plain(row).items() if key in _MAKER and value}
        for row in rows
    }


def _dependents(store: Store, arns: list[str]) -> dict[str, list[list[str]]]:
    rows = store.rows(
        "SELECT root, list([resource_type, arn] ORDER BY resource_type, arn)[:?] AS hanging"
        " FROM inventory WHERE status = 'unmanaged' AND root <> arn"
        " AND root IN (SELECT unnest(?)) GROUP BY root",
        [_MOST_DEPENDENTS, arns],
    )
    return {row["root"]: row["hanging"] for row in rows}


def _detail(row: Row, thing: Row | None, hanging: list[list[str]]) -> dict[str, Any]:
    keep = ("fix", "evidence", "channel", "exception_id", "closed_at", "closed_how")
    detail = {key: value for key, value in plain(row).items() if key in keep and value}
    if thing is not None:
        detail["resource"] = _resource(thing)
    if hanging:
        detail["dependents"] = hanging
    return detail


def _resource(thing: Row) -> dict[str, Any]:
    kept = {key: value for key, value in plain(thing).items() if key in _RESOURCE and value}
    kept["tags"] = sorted((thing["tags"] or {}).items())
    if len(thing["properties"] or "") > 8_000:
        kept["properties"] = f"{len(thing['properties']):,} bytes, left out of the page"
    return kept
