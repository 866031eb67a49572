"""Load balancers of both APIs, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.reading import links, owned, row, rows
from tests.world import World

V2 = "AWS::ElasticLoadBalancingV2::"


@pytest.fixture
def vpc(world: World) -> str:
    return str(world.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def subnets(world: World, vpc: str) -> list[str]:
    ec2 = world.client("ec2")
    return [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{'ab'[n]}"
        )["Subnet"]["SubnetId"]
        for n in range(2)
    ]


@pytest.fixture
def balancer(world: World, subnets: list[str]) -> dict[str, Any]:
    made = world.client("elbv2").create_load_balancer(
        Name="front", Subnets=subnets, Tags=[{"Key": "team", "Value": "core"}]
    )
    found: dict[str, Any] = made["LoadBalancers"][0]
    return found


@pytest.fixture
def targets(world: World, vpc: str) -> str:
    made = world.client("elbv2").create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=vpc, Tags=[{"Key": "team", "Value": "core"}]
    )
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def test_load_balancer_with_its_tags_and_places(
    world: World, balancer: dict[str, Any], vpc: str, subnets: list[str]
) -> None:
    store = world.collect(V2 + "LoadBalancer")
    found = row(store, V2 + "LoadBalancer", balancer["LoadBalancerArn"])
    assert found["arn"] == balancer["LoadBalancerArn"]
    assert found["name"] == "front"
    assert found["tags"] == {"team": "core"}
    assert found["created_at"] is not None
    assert links(store, found["arn"]) >= {
        ("in_vpc", "AWS::EC2::VPC", vpc),
        *(("attached_to", "AWS::EC2::Subnet", subnet) for subnet in subnets),
    }


def test_listener_rules_and_targets(world: World, balancer: dict[str, Any], targets: str) -> None:
    elb = world.client("elbv2")
    forward = {"Type": "forward", "TargetGroupArn": targets}
    listener = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80,
        DefaultActions=[forward], Tags=[{"Key": "team", "Value": "core"}],
    )["Listeners"][0]["ListenerArn"]  # fmt: skip
    rule = elb.create_rule(
        ListenerArn=listener, Priority=10, Actions=[forward],
        Conditions=[{"Field": "path-pattern", "Values": ["/api/*"]}],
    )["Rules"][0]["RuleArn"]  # fmt: skip
    store = world.collect(V2 + "*Listener*", V2 + "TargetGroup")
    found = row(store, V2 + "Listener", listener)
    assert found["name"] == "HTTP:80"
    assert found["tags"] == {"team": "core"}
    assert links(store, listener) == {
        ("contains", V2 + "LoadBalancer", balancer["LoadBalancerArn"]),
        ("uses", V2 + "TargetGroup", targets),
    }
    made = row(store, V2 + "ListenerRule", rule)
    assert made["parent_arn"] == listener
    assert owned(store, rule) == set()
    assert ("uses", V2 + "TargetGroup", targets) in links(store, rule)
    (default,) = (r for r in rows(store, V2 + "ListenerRule") if r["arn"] != rule)
    assert owned(store, default["arn"]) == {("N40", "self", V2 + "Listener", listener)}
    group = row(store, V2 + "TargetGroup", targets)
    assert group["tags"] == {"team": "core"}
    assert ("attached_to", V2 + "LoadBalancer", balancer["LoadBalancerArn"]) in links(
        store, targets
    )


def test_a_target_group_without_a_balancer_has_no_link_to_one(world: World, targets: str) -> None:
    store = world.collect(V2 + "TargetGroup")
    assert {kind for kind, *_ in links(store, targets)} == {"in_vpc"}


def test_classic_load_balancer(world: World, vpc: str, subnets: list[str]) -> None:
    group = world.client("ec2").create_security_group(GroupName="g", Description="d", VpcId=vpc)
    world.client("elb").create_load_balancer(
        LoadBalancerName="old", Subnets=subnets[:1], SecurityGroups=[group["GroupId"]],
        Listeners=[{"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}],
        Tags=[{"Key": "team", "Value": "core"}],
    )  # fmt: skip
    store = world.collect("AWS::ElasticLoadBalancing::LoadBalancer")
    found = row(store, "AWS::ElasticLoadBalancing::LoadBalancer", "old")
    assert found["arn"] == (
        f"arn:aws:elasticloadbalancing:us-east-1:{world.account_id}:loadbalancer/old"
    )
    assert found["tags"] == {"team": "core"}
    assert links(store, found["arn"]) >= {
        ("attached_to", "AWS::EC2::Subnet", subnets[0]),
        ("attached_to", "AWS::EC2::SecurityGroup", group["GroupId"]),
    }
