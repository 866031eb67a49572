"""Gateways, addresses, interfaces and endpoints, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.reading import links, owned, row, rows
from tests.world import World


@pytest.fixture
def vpc(world: World) -> str:
    return str(world.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def subnet(world: World, vpc: str) -> str:
    made = world.client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")
    return str(made["Subnet"]["SubnetId"])


def arn(world: World, end: str) -> str:
    return f"arn:aws:ec2:us-east-1:{world.account_id}:{end}"


def attached_gateway(world: World, vpc: str, **more: Any) -> str:
    ec2 = world.client("ec2")
    made = ec2.create_internet_gateway(**more)["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)
    return str(made)


def tagged(kind: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": "edge"}]}]


def test_internet_gateway(world: World, vpc: str) -> None:
    made = attached_gateway(world, vpc, TagSpecifications=tagged("internet-gateway"))
    store = world.collect("AWS::EC2::InternetGateway")
    found = row(store, "AWS::EC2::InternetGateway", made)
    assert found["arn"] == arn(world, f"internet-gateway/{made}")
    assert found["name"] == "edge"
    assert found["default_rule"] is None
    assert links(store, found["arn"]) == {("attached_to", "AWS::EC2::VPC", vpc)}


@pytest.mark.parametrize(("tags", "verdict"), [([], "N3"), (tagged("internet-gateway"), None)])
def test_untagged_gateway_of_the_default_vpc_is_default(
    world: World, tags: list[dict[str, Any]], verdict: str | None
) -> None:
    is_default = [{"Name": "is-default", "Values": ["true"]}]
    vpcs = world.client("ec2").describe_vpcs(Filters=is_default)["Vpcs"]
    made = attached_gateway(world, vpcs[0]["VpcId"], TagSpecifications=tags)
    store = world.collect("AWS::EC2::InternetGateway")
    assert row(store, "AWS::EC2::InternetGateway", made)["default_rule"] == verdict


def test_egress_only_internet_gateway(world: World, vpc: str) -> None:
    made = world.client("ec2").create_egress_only_internet_gateway(VpcId=vpc)
    key = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    store = world.collect("AWS::EC2::EgressOnlyInternetGateway")
    found = row(store, "AWS::EC2::EgressOnlyInternetGateway", key)
    assert found["arn"] == arn(world, f"egress-only-internet-gateway/{key}")
    assert links(store, found["arn"]) == {("attached_to", "AWS::EC2::VPC", vpc)}


def test_nat_gateway_owns_its_interface_and_uses_its_address(
    world: World, vpc: str, subnet: str
) -> None:
    ec2 = world.client("ec2")
    address = ec2.allocate_address(Domain="vpc")
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address["AllocationId"])
    key = made["NatGateway"]["NatGatewayId"]
    store = world.collect("AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::NetworkInterface")
    found = row(store, "AWS::EC2::NatGateway", key)
    assert found["arn"] == arn(world, f"natgateway/{key}")
    assert found["created_at"] is not None
    assert links(store, found["arn"]) == {
        ("in_vpc", "AWS::EC2::VPC", vpc),
        ("attached_to", "AWS::EC2::Subnet", subnet),
        ("uses", "AWS::EC2::EIP", address["AllocationId"]),
    }
    (interface,) = rows(store, "AWS::EC2::NetworkInterface")
    assert owned(store, found["arn"]) == {
        ("E5", "target", "AWS::EC2::NetworkInterface", interface["resource_id"])
    }
    eip = row(store, "AWS::EC2::EIP", address["AllocationId"])
    assert eip["keys"] == [
        arn(world, f"elastic-ip/{address['AllocationId']}"),
        address["AllocationId"],
        address["PublicIp"],
    ]
    to_interface = ("attached_to", "AWS::EC2::NetworkInterface", interface["resource_id"])
    assert links(store, eip["arn"]) == {to_interface}


def test_a_deleted_nat_gateway_is_no_row(world: World, subnet: str) -> None:
    ec2 = world.client("ec2")
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    ec2.delete_nat_gateway(NatGatewayId=made["NatGateway"]["NatGatewayId"])
    store = world.collect("AWS::EC2::NatGateway")
    assert rows(store, "AWS::EC2::NatGateway") == []


def test_network_interface_has_its_tags_and_places(world: World, vpc: str, subnet: str) -> None:
    ec2 = world.client("ec2")
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    made = ec2.create_network_interface(
        SubnetId=subnet, Groups=[group], TagSpecifications=tagged("network-interface")
    )
    key = made["NetworkInterface"]["NetworkInterfaceId"]
    store = world.collect("AWS::EC2::NetworkInterface")
    found = row(store, "AWS::EC2::NetworkInterface", key)
    assert found["arn"] == arn(world, f"network-interface/{key}")
    assert found["tags"] == {"Name": "edge"}
    assert found["default_rule"] is None
    assert links(store, found["arn"]) == {
        ("in_vpc", "AWS::EC2::VPC", vpc),
        ("attached_to", "AWS::EC2::Subnet", subnet),
        ("attached_to", "AWS::EC2::SecurityGroup", group),
    }


def test_interface_endpoint_owns_its_interfaces(world: World, vpc: str, subnet: str) -> None:
    made = world.client("ec2").create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.sqs", VpcEndpointType="Interface",
        SubnetIds=[subnet],
    )["VpcEndpoint"]  # fmt: skip
    store = world.collect("AWS::EC2::VPCEndpoint")
    found = row(store, "AWS::EC2::VPCEndpoint", made["VpcEndpointId"])
    assert found["arn"] == arn(world, f"vpc-endpoint/{made['VpcEndpointId']}")
    assert found["created_at"] is not None
    assert ("attached_to", "AWS::EC2::Subnet", subnet) in links(store, found["arn"])
    (interface,) = made["NetworkInterfaceIds"]
    assert owned(store, found["arn"]) == {("E7", "target", "AWS::EC2::NetworkInterface", interface)}


def test_the_accepting_side_of_a_peering_belongs_to_the_requesting_side(
    world: World, vpc: str
) -> None:
    there = world.client("ec2", "eu-west-1")
    peer = there.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = world.client("ec2").create_vpc_peering_connection(
        VpcId=vpc, PeerVpcId=peer, PeerRegion="eu-west-1"
    )
    key = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    there.accept_vpc_peering_connection(VpcPeeringConnectionId=key)
    store = world.collect("AWS::EC2::VPCPeeringConnection", regions=("us-east-1", "eu-west-1"))
    sides = {r["region"]: r["arn"] for r in rows(store, "AWS::EC2::VPCPeeringConnection")}
    asked, accepted = sides["us-east-1"], sides["eu-west-1"]
    assert asked == arn(world, f"vpc-peering-connection/{key}")
    assert owned(store, asked) == set()
    assert owned(store, accepted) == {
        ("peering-accepter", "self", "AWS::EC2::VPCPeeringConnection", asked)
    }
    assert ("attached_to", "AWS::EC2::VPC", vpc) in links(store, asked)


def test_vpn_connection_never_stores_the_device_configuration(world: World, vpc: str) -> None:
    ec2 = world.client("ec2")
    customer = ec2.create_customer_gateway(BgpAsn=65000, PublicIp="198.51.100.9", Type="ipsec.1")
    customer_key = customer["CustomerGateway"]["CustomerGatewayId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=vpc)
    made = ec2.create_vpn_connection(
        CustomerGatewayId=customer_key, VpnGatewayId=gateway, Type="ipsec.1"
    )["VpnConnection"]
    assert "pre_shared_key" in made["CustomerGatewayConfiguration"]
    store = world.collect("AWS::EC2::VPN*", "AWS::EC2::CustomerGateway")
    found = row(store, "AWS::EC2::VPNConnection", made["VpnConnectionId"])
    assert found["arn"] == arn(world, f"vpn-connection/{made['VpnConnectionId']}")
    assert links(store, found["arn"]) == {
        ("uses", "AWS::EC2::CustomerGateway", customer_key),
        ("uses", "AWS::EC2::VPNGateway", gateway),
    }
    assert "pre_shared_key" not in str(found["properties"])
    vgw = row(store, "AWS::EC2::VPNGateway", gateway)
    assert vgw["arn"] == arn(world, f"vpn-gateway/{gateway}")
    assert links(store, vgw["arn"]) == {("attached_to", "AWS::EC2::VPC", vpc)}
    device = row(store, "AWS::EC2::CustomerGateway", customer_key)
    assert device["arn"] == arn(world, f"customer-gateway/{customer_key}")


def test_transit_gateway_its_tables_and_attachments(world: World, vpc: str, subnet: str) -> None:
    ec2 = world.client("ec2")
    hub = ec2.create_transit_gateway(TagSpecifications=tagged("transit-gateway"))["TransitGateway"]
    key = hub["TransitGatewayId"]
    made = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=key, VpcId=vpc, SubnetIds=[subnet]
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    own = ec2.create_transit_gateway_route_table(TransitGatewayId=key)
    own_key = own["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    store = world.collect("AWS::EC2::TransitGateway*")
    gateway = row(store, "AWS::EC2::TransitGateway", key)
    assert gateway["arn"] == hub["TransitGatewayArn"]
    assert gateway["name"] == "edge"
    attachment = row(store, "AWS::EC2::TransitGatewayAttachment", made)
    assert attachment["arn"] == arn(world, f"transit-gateway-attachment/{made}")
    assert links(store, attachment["arn"]) == {
        ("attached_to", "AWS::EC2::TransitGateway", key),
        ("attached_to", "AWS::EC2::VPC", vpc),
    }
    tables = {
        r["resource_id"]: owned(store, r["arn"])
        for r in rows(store, "AWS::EC2::TransitGatewayRouteTable")
    }
    assert tables.pop(own_key) == set()
    assert list(tables.values()) == [{("N15", "self", "AWS::EC2::TransitGateway", key)}]
