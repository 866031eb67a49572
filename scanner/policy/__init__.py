"""`strays policy`: the exact IAM policy per grant, from the same data that the runtime grants use.

A grant's actions are those of the operations that the runtime may call under it. A managed policy
holds 6,144 characters, white space not counted, so a grant becomes as many as it needs:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from scanner.catalog.language import Entry
from scanner.config import Config
from scanner.errors import UsageError
from scanner.policy.grants import GRANTS, Statement, scan_actions

LARGEST = 6144
MOST_PER_ROLE = 10
"""Managed policies that a role may have without a higher quota."""


@dataclass(frozen=True)
class Policy:
    """One managed policy; several where a grant does not fit into one."""

    name: str
    grant: str
    document: dict[str, Any]


def policies(config: Config, entries: list[Entry], grant: str) -> list[Policy]:
    """Return the managed policies of a grant; raises `UsageError` where it cannot be told."""
    if grant not in GRANTS:
        raise UsageError(f"--grant {grant!r} is none of {', '.join(GRANTS)}")
    documents = _packed(GRANTS[grant](config, entries))
    count = len(documents)
    names = [f"strays-{grant}-{n}" if count > 1 else f"strays-{grant}" for n in range(1, count + 1)]
    return [Policy(n, grant, document) for n, document in zip(names, documents, strict=True)]


def size(document: dict[str, Any]) -> int:
    """Return the characters of a document as AWS counts them: without white space."""
    return len(json.dumps(document, separators=(",", ":")))


def _document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _packed(statements: list[Statement]) -> list[dict[str, Any]]:
    """Return documents within AWS's limit; a list of actions is cut where it must be."""
    found: list[list[Statement]] = [[]]
    for statement in statements:
        for piece in _cut(statement):
            if found[-1] and size(_document([*found[-1], piece])) > LARGEST:
                found.append([])
            found[-1].append(piece)
    return [_document(pieces) for pieces in found]


def _cut(statement: Statement) -> list[Statement]:
    """Return a statement, or several with a part of its actions each that fit a document alone."""
    left = LARGEST - size(_document([{**statement, "Action": []}]))
    cuts: list[list[str]] = [[]]
    room = left
    for action in statement["Action"]:
        needed = len(action) + len('"",')
        if needed > room:
            cuts.append([])
            room = left
        cuts[-1].append(action)
        room -= needed
    return [{**statement, "Action": actions} for actions in cuts]


__all__ = ["GRANTS", "LARGEST", "MOST_PER_ROLE", "Policy", "policies", "scan_actions", "size"]
