"""What the listing commands list: resource types and rules, as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import rules as rulebook
from scanner.catalog.language import Entry
from scanner.catalog.proof import STATES, proved
from scanner.config import RulesConfig


def types(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return one row per resource type."""
    proof = proved()
    return [
        {
            "resource_type": entry.type,
            "service": entry.service,
            "state": proof.state(entry),
            "scope": entry.scope,
            "list_operation": entry.list.op or f"inside {entry.parent}",
            "terraform": list(entry.terraform),
            "table": entry.table,
            "parent": entry.parent,
            "links": [f"{link.kind} {link.to}" for link in entry.links],
            "reason": entry.why,
        }
        for entry in sorted(entries, key=lambda entry: entry.type)
    ]


def counted(entries: Iterable[Entry]) -> str:
    """Return how many types there are in each state, in one sentence."""
    listed = list(entries)
    proof = proved()
    states = Counter(proof.state(entry) for entry in listed)
    services = len({entry.service for entry in listed})
    told = ", ".join(f"{states[state]} {state}" for state in STATES if states[state])
    return f"{len(listed)} types of {services} services: {told}"


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
