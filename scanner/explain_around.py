"""What is above, around and below one resource, in words: its chain, its links, its loss."""

from __future__ import annotations

from typing import Any

from scanner.blast import blast_radius
from scanner.explain_claim import WAYS
from scanner.graph import links_around
from scanner.model import TRUST_ORDER
from scanner.store import Store

Row = dict[str, Any]

MOST = 12
"""Lines of a list before the rest is counted only."""

_TRUST = [str(trust) for trust in TRUST_ORDER]


def called(thing: Row) -> str:
    """Return what a person calls a thing: its name, or its id where it has none."""
    return str(thing["name"] or thing["resource_id"])


def chain(store: Store, thing: Row) -> list[str]:
    """Return the way from the claim, or from the root, down to the thing, a step deeper each."""
    path = thing["evidence"].get("chain") or [thing["arn"]]
    if thing["status"] not in ("managed", "derived") and len(path) < 2:
        return []
    known, steps = _known(store, path), _steps(store, path)
    lines = []
    if thing["owner"]:
        source = WAYS.get(thing["owner_source"], thing["owner_source"])
        address = f" claims {thing['owner_address']}" if thing["owner_address"] else ""
        lines.append(f"{source} {thing['owner']}{address}")
    for above, arn in zip([None, *path], path, strict=False):
        indent = "   " * (len(lines) - 1) + "└─ " if lines else ""
        lines.append(f"{indent}{_short(known.get(arn), arn)}{steps.get((above, arn), '')}")
    return lines


def _steps(store: Store, path: list[str]) -> dict[tuple[str | None, str], str]:
    """Return why each thing of a chain belongs to the one above it: its strongest link."""
    found: dict[tuple[str | None, str], str] = {}
    owning = [link for link in links_around(store, path) if link["owns"]] if path[1:] else []
    for link in sorted(owning, key=lambda link: _TRUST.index(link["trust"]), reverse=True):
        ends = (link["arn"], link["target_arn"])
        rule = f" (rule {link['rule']})" if link["rule"] else ""
        found[ends if link["owns"] == "target" else ends[::-1]] = f": {link['evidence']}{rule}"
    return found


def _known(store: Store, arns: list[str]) -> dict[str, Row]:
    rows = store.rows(
        "SELECT * FROM inventory WHERE arn IN (SELECT unnest($arns::VARCHAR[]))", {"arns": arns}
    )
    return {row["arn"]: row for row in rows}


def _short(row: Row | None, arn: str) -> str:
    return f"{row['resource_type']} {called(row)}, {row['status']}" if row else arn


def loss(store: Store, thing: Row) -> list[str]:
    """Return, for what might be deleted, what somebody else would lose with it."""
    if thing["status"] not in ("unmanaged", "unknown"):
        return []
    told = [
        f"{hit.resource_type} {hit.name or hit.resource_id}, {hit.status} by {hit.owner}, {hit.why}"
        f"{'' if hit.through == thing['arn'] else ' through ' + hit.through}"
        for hit in blast_radius(store, [thing["arn"]])
    ]
    return _most(told) or ["nothing that code owns would miss it, as far as was seen"]


def links(store: Store, thing: Row) -> list[str]:
    """Return the links that begin or end at a thing, with what is at their other ends."""
    found = links_around(store, [thing["arn"]])
    others = [_other(link, thing["arn"]) for link in found]
    known = _known(store, others)
    told = [
        f"{'->' if link['arn'] == thing['arn'] else '<-'} {link['kind']}"
        f"{' by name only' if link['trust'] == 'name' else ''} {_short(known.get(other), other)}"
        for link, other in zip(found, others, strict=True)
    ]
    return _most(sorted(set(told)), f"strays graph {thing['arn']} -o mermaid://stdout")


def _other(link: dict[str, Any], arn: str) -> str:
    return str(link["target_arn"] if link["arn"] == arn else link["arn"])


def _most(lines: list[str], more: str | None = None) -> list[str]:
    left = len(lines) - MOST
    rest = [f"and {left} more" + (f": {more}" if more else "")] if left > 0 else []
    return lines[:MOST] + rest
