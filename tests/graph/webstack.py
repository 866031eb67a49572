"""A web stack made by hand beside one that code owns, for clusters, blast radius and exports."""

from __future__ import annotations

from scanner.model import Link, Resource, Trust
from scanner.store import Store
from tests.resolve.build import ACCOUNT, REGION, claim, resolved, resource

KINDS = {
    "vpc": "AWS::EC2::VPC",
    "subnet": "AWS::EC2::Subnet",
    "i": "AWS::EC2::Instance",
    "lb": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "role": "AWS::IAM::Role",
    "sg": "AWS::EC2::SecurityGroup",
    "vol": "AWS::EC2::Volume",
    "key": "AWS::KMS::Key",
    "queue": "AWS::SQS::Queue",
    "snap": "AWS::EC2::Snapshot",
}


def thing(name: str, **changes: object) -> Resource:
    """A resource whose type is that of the first part of its name."""
    kind = KINDS[name.partition("-")[0]]
    arn = f"arn:aws:x:{REGION}:{ACCOUNT}:{name}"
    return resource(name, arn=arn, resource_type=kind, keys=(arn, name), **changes)


def link(at: Resource, kind: str, to: Resource, owns: str | None = None) -> Link:
    """`at` names `to`."""
    return Link(
        at.account_id, at.region, at.arn, kind, to.resource_type, to.arn, owns, None,
        Trust.API_FIELD, "a field",
    )  # fmt: skip


def stack() -> Store:
    """By hand: a VPC, two subnets, a balancer, three instances, a role and a disk."""
    default = thing("vpc-default", default_rule="N1", default_evidence="the default VPC")
    vpc, role, balancer, disk = (thing(n) for n in ("vpc-hand", "role-hand", "lb-shop", "vol-hand"))
    subnets = [thing(f"subnet-{n}") for n in "ab"]
    servers = [thing(f"i-{n}") for n in "123"]
    group, managed, alone, other = (
        thing(n) for n in ("sg-hand", "i-code", "queue-alone", "i-other")
    )
    snapshot = thing("snap-code")
    links = [
        *(link(subnet, "in_vpc", vpc) for subnet in subnets),
        *(link(balancer, "attached_to", subnet) for subnet in subnets),
        *(link(server, "attached_to", subnets[0]) for server in servers),
        *(link(server, "assumes", role) for server in servers),
        link(servers[0], "owns", disk, "target"),
        link(managed, "attached_to", group), link(managed, "in_vpc", default),
        link(other, "in_vpc", default), link(snapshot, "snapshot_of", disk),
    ]  # fmt: skip
    everything = [
        default,
        vpc,
        role,
        balancer,
        disk,
        *subnets,
        *servers,
        group,
        managed,
        alone,
        other,
        snapshot,
    ]
    claims = [
        claim(f"x.{n.name}", n.arn, resource_type=n.resource_type) for n in (managed, snapshot)
    ]
    return resolved(everything, claims, links)
