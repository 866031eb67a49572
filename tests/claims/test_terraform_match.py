"""What rows claim by content is what the shipped catalog lists: the same keys from both sides."""

from __future__ import annotations

from typing import Any

import pytest

from scanner import catalog
from scanner.claims.terraform import read_states
from tests.claims.shelf import held, row, source, state
from tests.world import World

TRUST = '{"Version": "2012-10-17", "Statement": []}'
POLICY = (
    '{"Version": "2012-10-17",'
    ' "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
)


def matched(world: World, kind: str, *rows: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The things of a type that the emulator has, and those of them that the rows claim."""
    listed = world.collect(kind).rows(
        "SELECT arn, keys FROM current_resource WHERE resource_type = ?", [kind]
    )
    claims = read_states([source(state(*rows))], catalog.load()).claims
    claimed = {key for claim in claims if claim.resource_type == kind for key in claim.keys}
    return (
        {one["arn"] for one in listed},
        {one["arn"] for one in listed if claimed & set(one["keys"])},
    )


def test_rules_routes_and_entries_of_a_network(world: World) -> None:
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    permission = {
        "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
        "IpRanges": [{"CidrIp": "10.1.0.0/16"}, {"CidrIp": "10.2.0.0/16"}],
        "UserIdGroupPairs": [{"GroupId": group}],
    }  # fmt: skip
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", GatewayId=gateway)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=100, Protocol="6", RuleAction="allow", Egress=True,
        CidrBlock="0.0.0.0/0", PortRange={"From": 443, "To": 443},
    )  # fmt: skip
    rule = held(
        security_group_id=group, type="ingress", protocol="tcp", from_port=443, to_port=443,
        cidr_blocks=["10.1.0.0/16", "10.2.0.0/16"], self=True,
    )  # fmt: skip
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    ingress = [one for one in rules["SecurityGroupRules"] if not one["IsEgress"]]
    _, found = matched(world, "Ext::EC2::SecurityGroupRule", row("aws_security_group_rule", rule))
    assert len(found) == len(ingress) == 3
    route = held(route_table_id=table, destination_cidr_block="192.0.2.0/24")
    _, found = matched(world, "AWS::EC2::Route", row("aws_route", route))
    assert len(found) == 1
    entry = held(network_acl_id=acl, egress=True, rule_number=100)
    _, found = matched(world, "AWS::EC2::NetworkAclEntry", row("aws_network_acl_rule", entry))
    assert len(found) == 1


@pytest.mark.parametrize("inline", [True, False])
def test_policies_of_a_role(world: World, inline: bool) -> None:
    iam = world.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=POLICY)
    arn = iam.create_policy(PolicyName="m", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    rows = [
        row("aws_iam_role_policy", held(role="r", name="p", id="r:p")),
        row("aws_iam_role_policy_attachment", held(role="r", policy_arn=arn, id="r-2020")),
    ]
    if inline:
        policies = [{"name": "p", "policy": TRUST}]
        rows = [
            row("aws_iam_role", held(name="r", inline_policy=policies, managed_policy_arns=[arn]))
        ]
    for kind in ("AWS::IAM::RolePolicy", "Ext::IAM::RolePolicyAttachment"):
        listed, found = matched(world, kind, *rows)
        assert len(listed) == 1
        assert found == listed


def test_records_of_a_zone(world: World) -> None:
    route53 = world.client("route53")
    made = route53.create_hosted_zone(Name="example.com.", CallerReference="x")["HostedZone"]
    zone = made["Id"].rpartition("/")[2]
    sets = [
        {"Name": "*.example.com.", "Type": "A", "TTL": 60},
        {"Name": "www.example.com.", "Type": "A", "TTL": 60, "SetIdentifier": "eu", "Weight": 1},
        {"Name": "www.example.com.", "Type": "A", "TTL": 60, "SetIdentifier": "us", "Weight": 1},
    ]
    value = {"ResourceRecords": [{"Value": "192.0.2.1"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": {**one, **value}} for one in sets]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    star = held(zone_id=zone, name="*", fqdn="*.example.com", type="A")
    www = held(zone_id=zone, fqdn="www.example.com", type="A", set_identifier="eu")
    rows = [row("aws_route53_record", star), row("aws_route53_record", www, name="y")]
    listed, found = matched(world, "AWS::Route53::RecordSet", *rows)
    assert len(found) == 2
    assert len(listed) == 5, "three records, and the zone's own NS and SOA"
