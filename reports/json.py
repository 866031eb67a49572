"""JSON: driftctl's scan output and more, so that its consumers work unchanged.

driftctl's keys keep driftctl's meanings
(https://github.com/snyk/driftctl/blob/main/pkg/analyser/analysis.go): `coverage` is whole per cent
of what code owns, `total_resources` is managed, unmanaged and missing together, an item's `id` and
`type` are Terraform's. Its lists are never null here, so a consumer may loop without asking.
The shape is `docs/report.schema.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from reports import reading
from reports.encode import encode, plain
from reports.summary import Summary, out_of_scope, sources, summarize

if TYPE_CHECKING:
    from reports.context import Context
    from reports.reading import Row
    from reports.target import Target
    from scanner.store import Store

FORMAT = "json"
TITLE = "everything, as driftctl's scan output and more"
FORMAT_VERSION = 1

_ADDRESS = re.compile(r"^(?:(?P<module>.+)\.)?[a-z0-9_]+\.(?P<name>[^.\[\]]+)(?:\[.*\])?$", re.S)


def write(store: Store, target: Target, context: Context) -> None:
    """Write the whole report, a list at a time, one item a line."""
    with target.open() as stream:
        stream.write(b"{\n")
        for number, (key, value) in enumerate(_document(store, context)):
            stream.write(b",\n" if number else b"")
            stream.write(f'"{key}": '.encode())
            if isinstance(value, list | Iterator):
                _write_list(stream, value)
            else:
                stream.write(msgspec.json.encode(value))
        stream.write(b"\n}\n")


def _write_list(stream: BinaryIO, rows: Iterable[dict[str, Any]]) -> None:
    separator = b"[\n"
    for row in rows:
        stream.write(separator + encode(row))
        separator = b",\n"
    stream.write(b"[]" if separator == b"[\n" else b"\n]")


def _document(store: Store, context: Context) -> Iterator[tuple[str, Any]]:
    summary = summarize(store)
    yield "format_version", FORMAT_VERSION
    yield "verdict", summary.verdict
    yield "options", {"deep": False, "only_managed": False, "only_unmanaged": False}
    yield "summary", _summary(summary)
    yield "managed", [_item(row) for row in reading.resources(store, "managed", "derived")]
    yield "unmanaged", [_item(row) for row in reading.resources(store, "unmanaged")]
    yield "missing", [_missing(row) for row in reading.missing(store)]
    yield "differences", _differences(store)
    yield "coverage", summary.coverage
    yield "alerts", _alerts(summary)
    yield "provider_name", "aws+tf"
    yield "provider_version", ""
    yield "scan_duration", _duration(context)
    yield "date", context.started_at and context.started_at.replace(tzinfo=UTC)
    yield "default", [_item(row) for row in reading.resources(store, "default")]
    yield "unknown", [_item(row) for row in reading.resources(store, "unknown")]
    yield "findings", reading.findings(store)
    yield "cells", reading.cells(store)
    yield "out_of_scope", out_of_scope(store)
    yield "sources", sources(store)
    yield "scan", _scan(context)


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "total_resources": summary.accountable,
        "total_changed": summary.drifted,
        "total_unmanaged": summary.by_status["unmanaged"],
        "total_missing": summary.missing,
        "total_managed": summary.owned,
        "total_iac_source_count": summary.sources,
        "strays": summary.strays,
        "by_status": summary.by_status,
        "by_severity": summary.by_severity,
        "tag_only": summary.tag_only,
        "cells": summary.cells,
        "cells_complete": summary.cells_complete,
        "cells_out_of_scope": summary.cells_out_of_scope,
        "sources_unread": len(summary.unread),
    }


def _item(row: Row) -> dict[str, Any]:
    item = {
        "id": reading.terraform_id(row),
        "type": row["terraform_type"] or row["resource_type"],
    }
    if row["owner"] and row["owner_address"]:
        item["source"] = _source(row["owner"], row["owner_address"])
    keep = (
        "arn", "resource_type", "resource_id", "name", "account_id", "region", "environment",
        "status", "root", "owner", "owner_address", "owner_source", "owned_via", "evidence",
        "tags", "created_at", "first_seen", "seen_at",
    )  # fmt: skip
    return {**item, **{key: row[key] for key in keep}}


def _missing(row: Row) -> dict[str, Any]:
    keep = (
        "resource_type", "account_id", "region", "source_kind", "source_id", "owner", "address",
        "keys", "reason", "evidence",
    )  # fmt: skip
    item = {
        "id": reading.claimed_id(row),
        "type": row["claimed_type"],
        "source": _source(row["source_id"], row["address"]),
        "status": "missing",
        **{key: row[key] for key in keep},
    }
    item["evidence"] = {"claim": row["evidence"]}
    return item


def _source(source: str, address: str) -> dict[str, str]:
    """Return where code names a thing, in driftctl's three parts."""
    parts = _ADDRESS.match(address)
    return {
        "source": source,
        "namespace": (parts["module"] or "") if parts else "",
        "internal_name": parts["name"] if parts else address,
    }


def _differences(store: Store) -> list[dict[str, Any]]:
    drifted = reading.findings(store, "state = 'open' AND status = 'drifted'")
    return [
        {
            "res": {
                "id": row["resource_id"],
                "type": row["terraform_type"] or row["resource_type"],
                "arn": row["arn"],
            },
            "changelog": [],
            "message": row["message"],
        }
        for row in drifted
    ]


def _alerts(summary: Summary) -> dict[str, list[dict[str, str]]]:
    alerts: dict[str, list[dict[str, str]]] = {}
    for cell in summary.blind:
        why = " ".join(filter(None, (cell["error_code"], cell["message"])))
        text = (
            f"{cell['resource_type']} in {cell['account_id']} {cell['region']} was not listed:"
            f" {cell['outcome']} {why}"
        )
        alerts.setdefault(cell["resource_type"], []).append({"message": text.strip()})
    for row in summary.unread:
        text = f"{row['source_id']} was not read: {row['outcome']} {row['message'] or ''}"
        alerts.setdefault(row["source_id"], []).append({"message": text.strip()})
    return alerts


def _duration(context: Context) -> int:
    if context.started_at is None or context.finished_at is None:
        return 0
    return int((context.finished_at - context.started_at).total_seconds())


def _scan(context: Context) -> dict[str, Any]:
    keep = ("scan_id", "started_at", "finished_at", "strays_version", "caller_arn", "scope")
    return plain({key: getattr(context, key) for key in keep})
