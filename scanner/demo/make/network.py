"""Networks: VPCs, subnets, gateways, addresses and routes."""

import zlib
from typing import Any

from scanner.demo.world import Attributes, Site

_INLINE_ROUTE = {
    "carrier_gateway_id": "",
    "cidr_block": "0.0.0.0/0",
    "core_network_arn": "",
    "destination_prefix_list_id": "",
    "egress_only_gateway_id": "",
    "gateway_id": "",
    "ipv6_cidr_block": "",
    "local_gateway_id": "",
    "nat_gateway_id": "",
    "network_interface_id": "",
    "transit_gateway_id": "",
    "vpc_endpoint_id": "",
    "vpc_peering_connection_id": "",
}


def name_tags(name: str) -> list[dict[str, str]]:
    """EC2's form of a Name tag."""
    return [{"Key": "Name", "Value": name}]


def tagged(resource_type: str, name: str) -> list[dict[str, Any]]:
    """EC2's TagSpecifications for one kind of resource."""
    return [{"ResourceType": resource_type, "Tags": name_tags(name)}]


def vpc(site: Site, cidr: str, name: str) -> Attributes:
    """A VPC, with the route table, ACL and group that AWS makes with it."""
    ec2 = site.client("ec2")
    made = ec2.create_vpc(CidrBlock=cidr, TagSpecifications=tagged("vpc", name))["Vpc"]
    key = made["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [key]}]
    table = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"][0]["RouteTableId"]
    return {
        "arn": site.arn("ec2", f"vpc/{key}"),
        "id": key,
        "cidr_block": cidr,
        "owner_id": site.account_id,
        "main_route_table_id": table,
        "default_route_table_id": table,
        "default_network_acl_id": ec2.describe_network_acls(Filters=of_vpc)["NetworkAcls"][0][
            "NetworkAclId"
        ],
        "default_security_group_id": ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][
            0
        ]["GroupId"],
        "dhcp_options_id": "default",
        "instance_tenancy": "default",
        "tags": {"Name": name},
    }


def subnet(site: Site, vpc_id: str, cidr: str, zone: str, name: str) -> Attributes:
    """A subnet in the zone with this letter."""
    made = site.client("ec2").create_subnet(
        VpcId=vpc_id,
        CidrBlock=cidr,
        AvailabilityZone=site.region + zone,
        TagSpecifications=tagged("subnet", name),
    )["Subnet"]
    return {
        "arn": made["SubnetArn"],
        "id": made["SubnetId"],
        "availability_zone": made["AvailabilityZone"],
        "availability_zone_id": made["AvailabilityZoneId"],
        "cidr_block": cidr,
        "owner_id": site.account_id,
        "private_dns_hostname_type_on_launch": "ip-name",
        "vpc_id": vpc_id,
        "tags": {"Name": name},
    }


def internet_gateway(site: Site, vpc_id: str) -> Attributes:
    """An internet gateway, attached."""
    ec2 = site.client("ec2")
    key = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=key, VpcId=vpc_id)
    return owned(site, "internet-gateway", key, vpc_id)


def elastic_ip(site: Site, name: str) -> Attributes:
    """An elastic IP address, allocated."""
    made = site.client("ec2").allocate_address(
        Domain="vpc", TagSpecifications=tagged("elastic-ip", name)
    )
    return {
        "arn": site.arn("ec2", f"elastic-ip/{made['AllocationId']}"),
        "id": made["AllocationId"],
        "allocation_id": made["AllocationId"],
        "public_ip": made["PublicIp"],
        "domain": "vpc",
        "tags": {"Name": name},
    }


def nat_gateway(site: Site, subnet_id: str, allocation_id: str) -> Attributes:
    """A public NAT gateway; AWS makes its network interface."""
    made = site.client("ec2").create_nat_gateway(SubnetId=subnet_id, AllocationId=allocation_id)
    address = made["NatGateway"]["NatGatewayAddresses"][0]
    return {
        "id": made["NatGateway"]["NatGatewayId"],
        "allocation_id": allocation_id,
        "connectivity_type": "public",
        "network_interface_id": address["NetworkInterfaceId"],
        "private_ip": address["PrivateIp"],
        "public_ip": address.get("PublicIp", ""),
        "subnet_id": subnet_id,
    }


def route_table(site: Site, vpc_id: str, nat_gateway_id: str = "") -> Attributes:
    """A route table; with a NAT gateway the default route stands inline."""
    ec2 = site.client("ec2")
    key = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    attributes = owned(site, "route-table", key, vpc_id)
    if nat_gateway_id:
        ec2.create_route(
            RouteTableId=key, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat_gateway_id
        )
        attributes["route"] = [_INLINE_ROUTE | {"nat_gateway_id": nat_gateway_id}]
    return attributes


def internet_route(site: Site, table_id: str, gateway_id: str) -> Attributes:
    """The default route to an internet gateway, as a resource of its own."""
    anywhere = "0.0.0.0/0"
    site.client("ec2").create_route(
        RouteTableId=table_id, DestinationCidrBlock=anywhere, GatewayId=gateway_id
    )
    return {
        "id": f"r-{table_id}{zlib.crc32(anywhere.encode())}",
        "route_table_id": table_id,
        "destination_cidr_block": anywhere,
        "gateway_id": gateway_id,
        "origin": "CreateRoute",
        "state": "active",
    }


def association(site: Site, table_id: str, subnet_id: str) -> Attributes:
    """A subnet's use of a route table."""
    made = site.client("ec2").associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
    return {"id": made["AssociationId"], "route_table_id": table_id, "subnet_id": subnet_id}


def owned(site: Site, noun: str, key: str, vpc_id: str) -> Attributes:
    """What the provider records of anything that lives in a VPC."""
    return {
        "arn": site.arn("ec2", f"{noun}/{key}"),
        "id": key,
        "owner_id": site.account_id,
        "vpc_id": vpc_id,
    }
