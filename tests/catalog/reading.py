"""What the tests of catalog entries ask of a collected database."""

from __future__ import annotations

from typing import Any

from scanner import catalog
from scanner.config import Config
from scanner.resolve import resolve
from scanner.store import Store

Row = dict[str, Any]


def rows(store: Store, resource_type: str) -> list[Row]:
    """The rows of a type, in the order of their ARNs."""
    query = "SELECT * FROM current_resource WHERE resource_type = ? ORDER BY arn"
    return store.rows(query, [resource_type])


def row(store: Store, resource_type: str, resource_id: str) -> Row:
    """The one row of a type with this id."""
    found = [each for each in rows(store, resource_type) if each["resource_id"] == resource_id]
    assert len(found) == 1, f"{len(found)} rows of {resource_type} {resource_id}"
    return found[0]


def links(store: Store, arn: str) -> set[tuple[str, str, str]]:
    """(kind, type, key) of everything that a resource refers to, ownership rules aside."""
    query = "SELECT kind, target_type, target_key FROM link WHERE arn = ? AND kind <> 'owns'"
    return {(r["kind"], r["target_type"], r["target_key"]) for r in store.rows(query, [arn])}


def owned(store: Store, arn: str) -> set[tuple[str, str, str, str]]:
    """(rule, owns, type, key) of every ownership rule that holds for a resource."""
    query = "SELECT rule, owns, target_type, target_key FROM link WHERE arn = ? AND kind = 'owns'"
    return {
        (r["rule"], r["owns"], r["target_type"], r["target_key"]) for r in store.rows(query, [arn])
    }


def statuses(store: Store) -> dict[str, str]:
    """Resolve without any claim; returns the status of every ARN."""
    resolve(store, catalog.load(), Config(), store.value("SELECT scan_id FROM scan"))
    return {r["arn"]: r["status"] for r in store.rows("SELECT arn, status FROM inventory")}
