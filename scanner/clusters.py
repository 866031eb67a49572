"""Strays that belong together, each set one unit to adopt or to delete.

"One hand-made web stack: VPC, 2 subnets, load balancer, 3 instances, role": strays hang together
through their links to each other. What AWS made, what code owns, and a stray that a crowd merely
uses (one hand-made key for every disk) join nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from scanner.graph import components
from scanner.store import Store

CROWD = 50
"""A stray that more strays than this merely use does not make one unit of them."""

_JOINING = ("in_vpc", "attached_to", "contains", "owns", "member_of", "has_member")
_LINKS = """
WITH stray AS (SELECT arn, coalesce(root, arn) AS root FROM inventory WHERE status = 'unmanaged'),
linked AS (
    SELECT DISTINCT near.root AS one, far.root AS other, list_contains($joining, link.kind) AS joins
    FROM link_target AS link
    JOIN stray AS near ON near.arn = link.arn
    JOIN stray AS far ON far.arn = link.target_arn
    WHERE near.root <> far.root AND link.trust <> 'name'
)
SELECT one, other FROM linked
QUALIFY joins OR count(DISTINCT one) OVER (PARTITION BY other) <= $crowd
"""
_ROOTS = """
SELECT arn, resource_type, coalesce(name, resource_id) AS name, account_id, region, first_seen,
    (SELECT count(*) FROM inventory AS hung WHERE hung.root = stray.arn) AS dependents
FROM inventory AS stray
WHERE arn IN (SELECT unnest($arns::VARCHAR[]))
"""
_NAME_FINDINGS = """
UPDATE finding SET cluster_id = part.cluster_id
FROM (SELECT cluster_id, unnest(members) AS arn FROM cluster WHERE scan_id = $1) AS part
WHERE finding.scan_id = $1 AND part.arn = coalesce(finding.root, finding.arn)
"""

TELLING = {
    "AWS::EKS::Cluster": "Kubernetes cluster",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "web stack",
    "AWS::ElasticLoadBalancing::LoadBalancer": "web stack",
    "AWS::CloudFront::Distribution": "web site",
    "AWS::ApiGateway::RestApi": "API",
    "AWS::ApiGatewayV2::Api": "API",
    "AWS::ECS::Service": "container service",
    "AWS::ECS::Cluster": "container cluster",
    "AWS::AutoScaling::AutoScalingGroup": "fleet",
    "AWS::RDS::DBCluster": "database",
    "AWS::RDS::DBInstance": "database",
    "AWS::Redshift::Cluster": "data warehouse",
    "AWS::EMR::Cluster": "data cluster",
    "AWS::SageMaker::NotebookInstance": "notebook",
    "AWS::EC2::Instance": "server",
    "AWS::StepFunctions::StateMachine": "workflow",
    "AWS::Lambda::Function": "function",
    "AWS::EC2::VPC": "network",
    "AWS::S3::Bucket": "storage",
    "AWS::IAM::User": "access",
    "AWS::IAM::Role": "access",
}
"""What a set of strays is, by the first of these types that is in it."""

_ORDER = {name: rank for rank, name in enumerate(TELLING)}
_WORDS = {
    "LoadBalancer": "load balancer", "DBInstance": "database", "DBCluster": "database cluster",
    "AutoScalingGroup": "Auto Scaling group", "EIP": "address", "ManagedPolicy": "policy",
}  # fmt: skip


def gather(store: Store, scan_id: str) -> int:
    """Write the clusters of a resolved scan, name them in its findings, and return how many.

    Whatever an earlier call wrote for the scan is replaced.
    """
    pairs = store.rows(_LINKS, {"joining": list(_JOINING), "crowd": CROWD})
    sets = components((row["one"], row["other"]) for row in pairs)
    members = {
        row["arn"]: row
        for row in store.rows(_ROOTS, {"arns": sorted(arn for one in sets for arn in one)})
    }
    rows = [_cluster([members[arn] for arn in sorted(one)]) for one in sets]
    with store.transaction():
        store.run("DELETE FROM cluster WHERE scan_id = ?", [scan_id])
        store.table_from_rows("cluster", [{"scan_id": scan_id, **row} for row in rows])
        store.run("UPDATE finding SET cluster_id = NULL WHERE scan_id = ?", [scan_id])
        store.run(_NAME_FINDINGS, [scan_id])
    return len(rows)


def _cluster(members: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the row of a set of roots.

    Its id is its oldest member's, so that it stays the same while others come and go.
    """
    telling = min(members, key=_tellingness)
    oldest = min(members, key=lambda one: (one["first_seen"], _tellingness(one)))
    return {
        "cluster_id": hashlib.sha256(f"cluster|{oldest['arn']}".encode()).hexdigest()[:12],
        "name": name_of(telling, members),
        "arn": telling["arn"],
        "members": [one["arn"] for one in members],
        "dependents": sum(one["dependents"] for one in members),
        "accounts": sorted({one["account_id"] for one in members}),
        "regions": sorted({one["region"] for one in members}),
    }


def _tellingness(member: dict[str, Any]) -> tuple[int, int, str]:
    rank = _ORDER.get(member["resource_type"], len(_ORDER))
    return rank, -member["dependents"], member["arn"]


def name_of(telling: dict[str, Any], members: Iterable[dict[str, Any]]) -> str:
    """Return what a person would call a set of strays: what it is, its name, and what is in it."""
    kind = TELLING.get(telling["resource_type"], noun(telling["resource_type"], 1))
    counts = Counter(one["resource_type"] for one in members)
    order = sorted(counts, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
    parts = (noun(name, counts[name]) for name in order)
    return f"hand-made {kind} {telling['name']}: {', '.join(parts)}"


def noun(resource_type: str, count: int) -> str:
    """Return a type as a word, with its number where it is more than one: `3 instances`."""
    last = resource_type.rsplit("::", 1)[-1]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", last)
    words = (word if word.isupper() else word.lower() for word in spaced.split())
    text = _WORDS.get(last) or " ".join(words)
    if count == 1:
        return text
    ending = "es" if re.search("(s|x|ch|sh)$", text) else "s"
    plural = re.sub("(?<![aeiou])y$", "ie", text) + ending
    return f"{count} {plural}"
