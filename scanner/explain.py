"""One resource's verdict in words: the chain for and against, and what would change it."""

from __future__ import annotations

import json
from typing import Any

from scanner import graph
from scanner.errors import UsageError
from scanner.identity import canonical_arn
from scanner.store import Store


def explain(store: Store, wanted: str) -> str:
    """Return the explanation of an ARN, an id or a name, as lines of text.

    Raises `UsageError` where nothing, or more than one thing, is called that.
    """
    thing = _find(store, wanted)
    evidence = json.loads(thing["evidence"] or "{}")
    lines = [thing["arn"], f"  {thing['resource_type']} in {thing['account_id']} {thing['region']}"]
    lines += [
        f"  status: {thing['status']}",
        f"  because: {evidence.get('because') or 'not resolved yet'}",
    ]
    around = graph.neighbourhood(store, thing["arn"], 1)
    lines += _chain(thing, evidence, store)
    lines += _claims(evidence)
    lines += _against(thing, evidence)
    lines += _links(around, thing["arn"])
    lines += ["", *_what_would_change(thing)]
    return "\n".join(lines)


def _find(store: Store, wanted: str) -> dict[str, Any]:
    arn = canonical_arn(wanted)
    found = store.rows(
        "SELECT * FROM inventory WHERE arn = $arn OR resource_id = $text OR name = $text"
        " OR terraform_id = $text ORDER BY arn = $arn DESC, arn",
        {"arn": arn, "text": wanted},
    )
    if not found:
        raise UsageError(_unseen(store, wanted))
    if len(found) > 1 and found[0]["arn"] != arn:
        names = ", ".join(row["arn"] for row in found[:5])
        raise UsageError(
            f"{len(found)} resources are called {wanted!r}: name one by its ARN: {names}"
        )
    return found[0]


def _unseen(store: Store, wanted: str) -> str:
    claimed = store.rows(
        "SELECT address, owner, state, reason FROM claims WHERE list_contains(keys, $key)",
        {"key": canonical_arn(wanted)},
    )
    if claimed:
        first = claimed[0]
        return (
            f"{wanted} was not seen; {first['address']} in {first['owner']} claims it, and that "
            f"claim is {first['state']}: {first['reason']}"
        )
    return f"nothing in the inventory is called {wanted!r}: give an ARN, an id or a name"


def _chain(thing: dict[str, Any], evidence: dict[str, Any], store: Store) -> list[str]:
    chain = evidence.get("chain") or []
    if len(chain) < 2:
        return []
    lines = [
        "",
        "chain, from the owner down:"
        if thing["status"] != "unmanaged"
        else "hangs on, from the root down:",
    ]
    for depth, arn in enumerate(chain):
        status = store.value("SELECT status FROM inventory WHERE arn = ?", [arn])
        lines.append(f"  {'  ' * depth}{arn} ({status})")
    if evidence.get("rule"):
        lines.append(f"  by rule {evidence['rule']}")
    return lines


def _claims(evidence: dict[str, Any]) -> list[str]:
    claims = evidence.get("claims") or []
    return (["", "for it:"] if claims else []) + [
        f"  {claim['source_kind']}: {claim['address']} in {claim['source']}"
        f"{' (inline: weak)' if claim['inline'] else ''}; {claim['evidence'] or 'no further evidence'}"
        for claim in claims
    ]


def _against(thing: dict[str, Any], evidence: dict[str, Any]) -> list[str]:
    lines = [f"  its owner is gone: {parent}" for parent in evidence.get("owner_gone") or []]
    lines += [
        f"  named like a child of {arn}, and a name alone proves nothing"
        for arn in evidence.get("named_like_child_of") or []
    ]
    if evidence.get("stack_tag") and thing["status"] == "unmanaged":
        lines.append(f"  its tag names stack {evidence['stack_tag']}, which does not list it")
    if thing["status"] == "unmanaged":
        lines.insert(0, "  no state, stack or agreed tag that was read names it")
    return ["", "against it:", *lines] if lines else []


def _links(around: Any, arn: str) -> list[str]:
    lines = []
    for owner, owned, edge in sorted(
        around.edges(data=True), key=lambda e: (e[2]["kind"], e[0], e[1])
    ):
        if edge["kind"] == "claims" or arn not in (owner, owned):
            continue
        other, way = (owned, "->") if owner == arn else (owner, "<-")
        lines.append(f"  {way} {edge['kind']} {other}  [{edge['trust']}: {edge['evidence']}]")
    return ["", "links:", *lines] if lines else []


def _what_would_change(thing: dict[str, Any]) -> list[str]:
    if thing["status"] == "unmanaged" and thing["root"]:
        return [f"what would change it: adopt or delete its root, {thing['root']}"]
    if thing["status"] == "unmanaged":
        return [
            "what would change it: a state (--from), a stack or a [[tag_claim]] that names it; or deleting it"
        ]
    if thing["status"] == "unknown":
        return [
            "what would change it: seeing the cell or source named above, or a claim that fits one resource only"
        ]
    return ["what would change it: its claim or its owner going away"]
