"""What the listing commands list: resource types and rules, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import rules as rulebook
from scanner import catalog
from scanner.config import RulesConfig


def types(globs: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return one row per resource type of the catalog that fits the globs."""
    return [
        {
            "resource_type": entry.type,
            "service": entry.service,
            "state": entry.state,
            "scope": entry.scope,
            "list_operation": entry.list.op or f"inside {entry.parent}",
            "terraform": list(entry.terraform),
            "table": entry.table,
            "parent": entry.parent,
            "links": [f"{link.kind} {link.to}" for link in entry.links],
            "reason": entry.why,
        }
        for entry in sorted(catalog.load().matching(globs), key=lambda entry: entry.type)
    ]


def rules(config: RulesConfig) -> list[dict[str, Any]]:
    """Return one row per rule that is on."""
    return [
        {
            "rule_id": rule.rule_id,
            "title": rule.title,
            "severity": str(rule.severity),
            "kind": rule.kind,
            "fix": rule.fix,
            "params": rule.params,
        }
        for rule in rulebook.load(config)
    ]
