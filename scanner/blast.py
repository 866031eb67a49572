"""What depends on a stray: what would break, or lose something, if it were deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scanner.graph import links_around
from scanner.store import Store

UNHARMED = frozenset({"snapshot_of", "backup_of", "grants"})
"""Links to a thing that survive it: a snapshot outlives its volume."""

SERVING = frozenset(
    {
        "AWS::EC2::EIP", "AWS::EC2::NetworkInterface", "AWS::EC2::Volume",
        "AWS::EC2::InternetGateway", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::VPNGateway",
        "AWS::EC2::VPCEndpoint", "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::TransitGatewayAttachment", "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::IAM::VirtualMFADevice",
    }
)  # fmt: skip
"""Types that serve what they are attached to, which loses them: a disk serves its instance.
Anything else that is attached (an instance to its subnet) leaves what it was attached to whole."""


@dataclass(frozen=True)
class Hit:
    """A resource that stays, and for which `through`, which goes, does something."""

    arn: str
    resource_type: str
    resource_id: str
    name: str | None
    status: str
    owner: str | None
    why: str
    through: str


def blast_radius(store: Store, arns: Iterable[str]) -> list[Hit]:
    """Return what deleting these resources, and what hangs on them, would do to others.

    Managed and derived things only, each once: those are somebody's, and a stray that breaks with
    another is a matter of the same hand.
    """
    first: dict[str, Hit] = {}
    for hit in every_hit(store, arns):
        first.setdefault(hit.arn, hit)
    return list(first.values())


def every_hit(store: Store, arns: Iterable[str]) -> list[Hit]:
    """Return the same with every way in which a thing is hit, so that none goes unnamed."""
    doomed = _with_dependents(store, arns)
    types = _types(store, doomed)
    found = [_touched(link, doomed, types) for link in links_around(store, doomed)]
    touched = dict.fromkeys(one for one in found if one)
    rows = store.rows(
        "SELECT arn, resource_type, resource_id, name, status, owner FROM inventory"
        " WHERE arn IN (SELECT unnest($only::VARCHAR[])) AND status IN ('managed', 'derived')"
        " ORDER BY arn",
        {"only": sorted({arn for arn, _, _ in touched})},
    )
    outside = {row["arn"]: row for row in rows}
    return [
        Hit(**outside[arn], why=why, through=through)
        for arn, why, through in sorted(touched, key=lambda one: one[0])
        if arn in outside
    ]


def _with_dependents(store: Store, arns: Iterable[str]) -> set[str]:
    roots = set(arns)
    rows = store.rows(
        "SELECT arn FROM inventory WHERE root IN (SELECT unnest($roots::VARCHAR[]))",
        {"roots": sorted(roots)},
    )
    return roots | {row["arn"] for row in rows}


def _types(store: Store, arns: set[str]) -> dict[str, str]:
    rows = store.rows(
        "SELECT arn, resource_type FROM inventory WHERE arn IN (SELECT unnest($only::VARCHAR[]))",
        {"only": sorted(arns)},
    )
    return {row["arn"]: row["resource_type"] for row in rows}


def _touched(
    link: dict[str, Any], doomed: set[str], types: dict[str, str]
) -> tuple[str, str, str] | None:
    """Return who outside is touched by the link's loss, why, and the end that is deleted."""
    here, there, kind = link["arn"], link["target_arn"], link["kind"]
    if there in doomed and here not in doomed and kind not in UNHARMED:
        return here, f"names it ({kind})", there
    served = kind == "contains" or (kind == "attached_to" and types.get(here) in SERVING)
    if here in doomed and there not in doomed and served:
        return there, "which it is part of" if kind == "contains" else "which it serves", here
    return None
