"""Security groups and their rules, inline and separate."""

import zlib
from typing import Any

from scanner.demo.make.network import owned
from scanner.demo.world import Attributes, Site

Permission = tuple[str, int, int, str, str]
"""protocol, from port, to port, IPv4 range, description."""

OPEN_EGRESS: Permission = ("-1", 0, 0, "0.0.0.0/0", "")
"""What AWS lets out of every new security group."""


def security_group(
    site: Site, vpc_id: str, name: str, description: str, inline: tuple[Permission, ...] = ()
) -> Attributes:
    """A security group; with inline rules it also keeps AWS's open egress, else it has none.

    Terraform takes AWS's egress rule away and makes what the configuration says.
    """
    ec2 = site.client("ec2")
    made = ec2.create_security_group(GroupName=name, Description=description, VpcId=vpc_id)
    key = made["GroupId"]
    attributes = owned(site, "security-group", key, vpc_id)
    attributes |= {"name": name, "description": description}
    if inline:
        for each in inline:
            _authorize(site, key, False, each)
        attributes["ingress"] = [inline_rule(each) for each in inline]
        attributes["egress"] = [inline_rule(OPEN_EGRESS)]
    else:
        ec2.revoke_security_group_egress(GroupId=key, IpPermissions=[_permission(OPEN_EGRESS)])
    return attributes


def rules(site: Site, group_id: str) -> list[tuple[str, str]]:
    """All rules of a security group: (type, ARN)."""
    found = site.client("ec2").describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group_id]}]
    )["SecurityGroupRules"]
    return [
        (
            f"AWS::EC2::SecurityGroup{'Egress' if each['IsEgress'] else 'Ingress'}",
            site.arn("ec2", f"security-group-rule/{each['SecurityGroupRuleId']}"),
        )
        for each in found
    ]


def vpc_parts(site: Site, made: Attributes) -> list[tuple[str, str]]:
    """What AWS made with a VPC: (type, ARN) of its main table, ACL, group and the group's rules."""
    return [
        ("AWS::EC2::RouteTable", site.arn("ec2", f"route-table/{made['main_route_table_id']}")),
        ("AWS::EC2::NetworkAcl", site.arn("ec2", f"network-acl/{made['default_network_acl_id']}")),
        (
            "AWS::EC2::SecurityGroup",
            site.arn("ec2", f"security-group/{made['default_security_group_id']}"),
        ),
        *rules(site, made["default_security_group_id"]),
    ]


def rule(site: Site, group_id: str, permission: Permission, egress: bool = False) -> Attributes:
    """A rule as a resource of its own, `aws_vpc_security_group_ingress_rule` or its twin."""
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
