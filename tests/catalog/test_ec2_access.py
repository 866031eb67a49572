"""Ways into networks, and what copies or is rented in them, verified on the emulator."""

from __future__ import annotations

from typing import Any

from tests.catalog.look import look
from tests.catalog.places import arn, network, tags
from tests.world import World


def named(kind: str) -> dict[str, Any]:
    """Tags for a thing of EC2 that is made with a name."""
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags(Name="mine")}]}


def test_endpoint_service_is_ones_own_and_none_of_aws(world: World) -> None:
    place = network(world)
    balancer = world.client("elbv2").create_load_balancer(
        Name="inner", Type="network", Scheme="internal", Subnets=place.subnets
    )["LoadBalancers"][0]["LoadBalancerArn"]
    made = world.client("ec2").create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer], **named("vpc-endpoint-service")
    )["ServiceConfiguration"]
    found = look(world, "AWS::EC2::VPCEndpointService")
    known = made["ServiceId"]
    assert found.row["keys"] == [arn(world, "ec2", f"vpc-endpoint-service/{known}"), known]
    target = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    assert found.links == {("uses", target, balancer, None)}


def test_mirror_of_an_interface(world: World) -> None:
    place = network(world)
    ec2 = world.client("ec2")
    watched, receives = (
        ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
        for subnet in place.subnets
    )
    rules = ec2.create_traffic_mirror_filter(**named("traffic-mirror-filter"))
    sieve = rules["TrafficMirrorFilter"]["TrafficMirrorFilterId"]
    target = ec2.create_traffic_mirror_target(
        NetworkInterfaceId=receives, **named("traffic-mirror-target")
    )["TrafficMirrorTarget"]["TrafficMirrorTargetId"]
    session = ec2.create_traffic_mirror_session(
        NetworkInterfaceId=watched, TrafficMirrorTargetId=target, TrafficMirrorFilterId=sieve,
        SessionNumber=1, **named("traffic-mirror-session"),
    )["TrafficMirrorSession"]["TrafficMirrorSessionId"]  # fmt: skip
    found = look(world, "AWS::EC2::TrafficMirrorSession")
    assert found.row["keys"] == [arn(world, "ec2", f"traffic-mirror-session/{session}"), session]
    assert found.row["name"] == "mine"
    assert found.links == {
        ("watches", "AWS::EC2::NetworkInterface", watched, None),
        ("delivers_to", "AWS::EC2::TrafficMirrorTarget", target, None),
        ("uses", "AWS::EC2::TrafficMirrorFilter", sieve, None),
    }
    seen = look(world, "AWS::EC2::TrafficMirrorTarget")
    assert seen.row["keys"] == [arn(world, "ec2", f"traffic-mirror-target/{target}"), target]
    assert seen.links == {("delivers_to", "AWS::EC2::NetworkInterface", receives, None)}
    row = look(world, "AWS::EC2::TrafficMirrorFilter").row
    assert row["keys"] == [arn(world, "ec2", f"traffic-mirror-filter/{sieve}"), sieve]


def test_dedicated_host_until_it_is_released(world: World) -> None:
    ec2 = world.client("ec2")
    known = ec2.allocate_hosts(
        AvailabilityZone="us-east-1a", InstanceType="c5.large", Quantity=1,
        **named("dedicated-host"),
    )["HostIds"][0]  # fmt: skip
    row = look(world, "AWS::EC2::Host").row
    assert row["keys"] == [arn(world, "ec2", f"dedicated-host/{known}"), known]
    assert (row["name"], row["tags"]) == ("mine", {"Name": "mine"})
    ec2.release_hosts(HostIds=[known])
    assert look(world, "AWS::EC2::Host").rows == []


def test_carrier_gateway(world: World) -> None:
    place = network(world)
    known = world.client("ec2").create_carrier_gateway(VpcId=place.vpc, **named("carrier-gateway"))[
        "CarrierGateway"
    ]["CarrierGatewayId"]
    found = look(world, "AWS::EC2::CarrierGateway")
    assert found.row["keys"] == [arn(world, "ec2", f"carrier-gateway/{known}"), known]
    assert found.links == {("attached_to", "AWS::EC2::VPC", place.vpc, None)}
