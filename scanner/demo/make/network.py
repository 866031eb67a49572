"""Networks: VPCs, subnets, gateways, routes and security groups."""

import zlib
from typing import Any

from scanner.demo.world import Attributes, Site

Permission = tuple[str, int, int, str, str]
"""protocol, from port, to port, IPv4 range, description."""

OPEN_EGRESS: Permission = ("-1", 0, 0, "0.0.0.0/0", "")
"""What AWS lets out of every new security group."""


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
        "default_security_group_id": ec2.describe_security_groups(Filters=of_vpc)[
            "SecurityGroups"
        ][0]["GroupId"],
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
    return _owned(site, "internet-gateway", key, vpc_id)


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
    attributes = _owned(site, "route-table", key, vpc_id)
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


def security_group(
    site: Site, vpc_id: str, name: str, description: str, inline: tuple[Permission, ...] = ()
) -> Attributes:
    """A security group; with inline rules it also keeps AWS's open egress, else it has none.

    Terraform takes AWS's egress rule away and makes what the configuration says.
    """
    ec2 = site.client("ec2")
    key = ec2.create_security_group(GroupName=name, Description=description, VpcId=vpc_id)["GroupId"]
    attributes = _owned(site, "security-group", key, vpc_id)
    attributes |= {"name": name, "description": description}
    if inline:
        for each in inline:
            _authorize(site, key, False, each)
        attributes["ingress"] = [inline_rule(each) for each in inline]
        attributes["egress"] = [inline_rule(OPEN_EGRESS)]
    else:
        ec2.revoke_security_group_egress(GroupId=key, IpPermissions=[_permission(OPEN_EGRESS)])
    return attributes


def rule(site: Site, group_id: str, permission: Permission, egress: bool = False) -> Attributes:
    """A rule as a resource of its own (`aws_vpc_security_group_ingress_rule` or `..._egress_...`)."""
    key = _authorize(site, group_id, egress, permission)
    protocol, first, last, cidr, description = permission
    ports = {} if protocol == "-1" else {"from_port": first, "to_port": last}
    return {
        "arn": site.arn("ec2", f"security-group-rule/{key}"),
        "id": key,
        "security_group_rule_id": key,
        "security_group_id": group_id,
        "ip_protocol": protocol,
        "cidr_ipv4": cidr,
        "description": description or None,
        **ports,
    }


def old_style_rule(site: Site, group_id: str, permission: Permission) -> Attributes:
    """An ingress rule as `aws_security_group_rule` records it, its id a hash of its text."""
    key = _authorize(site, group_id, False, permission)
    protocol, first, last, cidr, description = permission
    text = f"{group_id}-{first}-{last}-{protocol}-ingress-{cidr}-"
    return {
        "id": f"sgrule-{zlib.crc32(text.encode())}",
        "security_group_rule_id": key,
        "security_group_id": group_id,
        "type": "ingress",
        "protocol": protocol,
        "from_port": first,
        "to_port": last,
        "cidr_blocks": [cidr],
        "description": description or None,
    }


def inline_rule(permission: Permission) -> dict[str, Any]:
    """A rule as it stands in a group's `ingress` or `egress`."""
    protocol, first, last, cidr, description = permission
    return {
        "cidr_blocks": [cidr],
        "description": description,
        "from_port": first,
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "protocol": protocol,
        "security_groups": [],
        "self": False,
        "to_port": last,
    }


def _authorize(site: Site, group_id: str, egress: bool, permission: Permission) -> str:
    ec2 = site.client("ec2")
    call = ec2.authorize_security_group_egress if egress else ec2.authorize_security_group_ingress
    made = call(GroupId=group_id, IpPermissions=[_permission(permission)])
    return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def _permission(permission: Permission) -> dict[str, Any]:
    protocol, first, last, cidr, description = permission
    ranges = {"CidrIp": cidr} | ({"Description": description} if description else {})
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    return {"IpProtocol": protocol, "IpRanges": [ranges], **ports}


def _owned(site: Site, noun: str, key: str, vpc_id: str) -> Attributes:
    return {
        "arn": site.arn("ec2", f"{noun}/{key}"),
        "id": key,
        "owner_id": site.account_id,
        "vpc_id": vpc_id,
    }


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
