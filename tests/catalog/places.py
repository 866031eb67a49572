"""Networks, keys and roles that the things of the catalog's tests stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.world import World


@dataclass(frozen=True)
class Network:
    """A VPC with two subnets in two zones and one security group."""

    vpc: str
    subnets: list[str]
    group: str


def network(world: World, region: str = "us-east-1") -> Network:
    """Make a network of one's own."""
    ec2 = world.client("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.7.{n}.0/24", AvailabilityZone=f"{region}{z}")
        for n, z in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="own", Description="own", VpcId=vpc)
    return Network(vpc, [each["Subnet"]["SubnetId"] for each in subnets], group["GroupId"])


def key(world: World, region: str = "us-east-1") -> str:
    """Make a KMS key; returns its ARN."""
    return str(world.client("kms", region).create_key()["KeyMetadata"]["Arn"])


def role(world: World, name: str = "worker") -> str:
    """Make a role; returns its ARN."""
    made = world.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    return str(made["Role"]["Arn"])


def arn(world: World, service: str, rest: str, region: str = "us-east-1") -> str:
    """The ARN of something of this account."""
    return f"arn:aws:{service}:{region}:{world.account_id}:{rest}"


def tags(**given: str) -> list[dict[str, Any]]:
    """Tags as most services take them."""
    return [{"Key": name, "Value": value} for name, value in given.items()]
