"""`strays policy`: the exact IAM policy per grant, from the same data that the runtime grants use.

A grant's actions are those of the operations that the runtime may call under it. A managed policy
holds 6,144 characters, white space not counted, so a grant becomes as many as it needs:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from scanner.catalog.actions import load_actions
from scanner.catalog.language import Entry
from scanner.claims.cloudformation import OPERATIONS
from scanner.config import Config
from scanner.errors import UsageError
from scanner.places import TARGETS
from scanner.policy.places import partition_of_regions, role_arns, state_objects

LARGEST = 6144
MOST_PER_ROLE = 10
"""Managed policies that a role may have without a higher quota."""

Statement = dict[str, Any]


@dataclass(frozen=True)
class Policy:
    """One managed policy; several where a grant does not fit into one."""

    name: str
    grant: str
    document: dict[str, Any]


def scan_actions(entries: Iterable[Entry]) -> list[str]:
    """Return the IAM actions that listing these entries and reading the stacks needs, sorted."""
    actions = load_actions()
    found = {"ec2:DescribeRegions"}
    for entry in entries:
        named = entry.iam or (a for op in entry.operations() for a in actions.of(entry.service, op))
        found.update(named)
    found.update(a for service, op in OPERATIONS for a in actions.of(service, op))
    return sorted(found)


def _scan(config: Config, entries: list[Entry]) -> list[Statement]:
    narrow, partition = load_actions().resources, partition_of_regions(config.scan.regions)
    actions = scan_actions(entries)
    found = [_allow([action for action in actions if action not in narrow], "*")]
    for action in actions:
        if action in narrow:
            found.append(_allow([action], narrow[action].replace("arn:aws:", f"arn:{partition}:")))
    return found


def _organization(_config: Config, _entries: list[Entry]) -> list[Statement]:
    actions = load_actions()
    called = (pair for pair in TARGETS.allowed if pair[0] == "organizations")
    return [_allow(sorted(a for service, op in called for a in actions.of(service, op)), "*")]


def _assume(config: Config, _entries: list[Entry]) -> list[Statement]:
    roles = role_arns(config)
    if not roles:
        raise UsageError("the grant assume needs a role: give --role-name, or [scan] role_name")
    return [_allow(["sts:AssumeRole"], roles)]


def _sources(config: Config, _entries: list[Entry]) -> list[Statement]:
    """Decrypting is allowed through S3 and for these states only."""
    buckets, objects = state_objects(config)
    if not buckets:
        raise UsageError("the grant sources needs a state in S3: give --from tfstate+s3://...")
    decrypting = _allow(["kms:Decrypt"], "*") | {
        "Condition": {
            "StringLike": {
                "kms:ViaService": "s3.*.amazonaws.com*",
                "kms:EncryptionContext:aws:s3:arn": [*buckets, *objects],
            }
        }
    }
    return [_allow(["s3:GetObject"], objects), _allow(["s3:ListBucket"], buckets), decrypting]


GRANTS: dict[str, Callable[[Config, list[Entry]], list[Statement]]] = {
    "scan": _scan,
    "organization": _organization,
    "assume": _assume,
    "sources": _sources,
}


def policies(config: Config, entries: list[Entry], grant: str) -> list[Policy]:
    """Return the managed policies of a grant; raises `UsageError` where it cannot be told."""
    if grant not in GRANTS:
        raise UsageError(f"--grant {grant!r} is none of {', '.join(GRANTS)}")
    documents = _packed(GRANTS[grant](config, entries))
    count = len(documents)
    names = [f"strays-{grant}-{n}" if count > 1 else f"strays-{grant}" for n in range(1, count + 1)]
    return [Policy(n, grant, document) for n, document in zip(names, documents, strict=True)]


def _allow(actions: list[str], resource: str | list[str]) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


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


__all__ = ["GRANTS", "LARGEST", "MOST_PER_ROLE", "Policy", "policies", "size"]
