"""Networks, their routes, lists and groups, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.reading import links, owned, row, rows, statuses
from tests.world import World

NAMED = [{"Key": "Name", "Value": "main"}, {"Key": "team", "Value": "core"}]


@pytest.fixture
def vpc(world: World) -> str:
    made = world.client("ec2").create_vpc(
        CidrBlock="10.0.0.0/16",
        TagSpecifications=[{"ResourceType": "vpc", "Tags": NAMED}],
    )
    found: str = made["Vpc"]["VpcId"]
    return found


def arn(world: World, end: str) -> str:
    return f"arn:aws:ec2:us-east-1:{world.account_id}:{end}"


def only(answer: dict[str, Any]) -> Any:
    (found,) = answer.values()
    return found[0]


def table_of(world: World, vpc: str) -> str:
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    answer = world.client("ec2").describe_route_tables(Filters=of_vpc)
    found: str = answer["RouteTables"][0]["RouteTableId"]
    return found


def group_of(world: World, vpc: str, name: str = "web") -> str:
    answer = world.client("ec2").create_security_group(
        GroupName=name, Description="web servers", VpcId=vpc
    )
    found: str = answer["GroupId"]
    return found


def test_a_fresh_region_holds_nothing_but_defaults(world: World) -> None:
    store = world.collect("AWS::EC2::*", "Ext::EC2::*")
    found = statuses(store)
    assert {status for name, status in found.items()} == {"default"}
    kinds = {r["resource_type"] for r in store.rows("SELECT resource_type FROM current_resource")}
    assert kinds >= {
        "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::Route",
        "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry", "AWS::EC2::SecurityGroup",
        "Ext::EC2::SecurityGroupRule",
    }  # fmt: skip


def test_what_a_hand_made_vpc_brings_hangs_on_it(world: World, vpc: str) -> None:
    store = world.collect("AWS::EC2::*", "Ext::EC2::*")
    found = statuses(store)
    roots = store.rows("SELECT DISTINCT root FROM ownership WHERE status = 'unmanaged'")
    strays = [name for name, status in found.items() if status == "unmanaged"]
    assert {r["root"] for r in roots} == {None, arn(world, f"vpc/{vpc}")}
    assert len(strays) == 10, "VPC, table, local route, list, four entries, group and its rule"


def test_vpc_and_subnet(world: World, vpc: str) -> None:
    made = world.client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]
    store = world.collect("AWS::EC2::VPC", "AWS::EC2::Subnet")
    found = row(store, "AWS::EC2::VPC", vpc)
    assert found["arn"] == arn(world, f"vpc/{vpc}")
    assert found["keys"] == [found["arn"], vpc]
    assert found["name"] == "main"
    assert found["tags"] == {"Name": "main", "team": "core"}
    assert found["default_rule"] is None
    subnet = row(store, "AWS::EC2::Subnet", made["SubnetId"])
    assert subnet["arn"] == made["SubnetArn"]
    assert links(store, subnet["arn"]) == {("in_vpc", "AWS::EC2::VPC", vpc)}
    assert {r["default_rule"] for r in rows(store, "AWS::EC2::Subnet")} == {None, "N2"}


def test_route_is_its_table_and_its_destination(world: World, vpc: str) -> None:
    ec2 = world.client("ec2")
    table = table_of(world, vpc)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.create_route(
        RouteTableId=table, DestinationIpv6CidrBlock="2001:db8:0:0::/64", GatewayId=gateway
    )
    store = world.collect("AWS::EC2::Route")
    route = row(store, "AWS::EC2::Route", f"{table}|0.0.0.0/0")
    assert route["arn"] == arn(world, f"route/{table}|0.0.0.0/0")
    assert route["parent_arn"] == arn(world, f"route-table/{table}")
    assert links(store, route["arn"]) == {
        ("contains", "AWS::EC2::RouteTable", route["parent_arn"]),
        ("uses", "AWS::EC2::InternetGateway", gateway),
    }
    assert owned(store, route["arn"]) == set()
    row(store, "AWS::EC2::Route", f"{table}|2001:db8::/64")
    local = row(store, "AWS::EC2::Route", f"{table}|10.0.0.0/16")
    assert owned(store, local["arn"]) == {("N9", "self", "AWS::EC2::RouteTable", table)}


def test_a_gateway_endpoint_owns_the_route_it_writes(world: World, vpc: str) -> None:
    table = table_of(world, vpc)
    made = world.client("ec2").create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table]
    )
    endpoint = made["VpcEndpoint"]["VpcEndpointId"]
    store = world.collect("AWS::EC2::Route")
    (route,) = (r for r in rows(store, "AWS::EC2::Route") if "|pl-" in r["resource_id"])
    assert owned(store, route["arn"]) == {("N11", "self", "AWS::EC2::VPCEndpoint", endpoint)}


def test_main_route_table_belongs_to_its_vpc_and_another_does_not(world: World, vpc: str) -> None:
    made = world.client("ec2").create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    store = world.collect("AWS::EC2::RouteTable")
    main = row(store, "AWS::EC2::RouteTable", table_of(world, vpc))
    assert owned(store, main["arn"]) == {("N4", "self", "AWS::EC2::VPC", vpc)}
    other = row(store, "AWS::EC2::RouteTable", made)
    assert other["arn"] == arn(world, f"route-table/{made}")
    assert owned(store, other["arn"]) == set()


def test_acl_entry_is_its_list_way_and_number(world: World, vpc: str) -> None:
    ec2 = world.client("ec2")
    made = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for egress in (True, False):
        ec2.create_network_acl_entry(
            NetworkAclId=made, RuleNumber=100, Protocol="-1", RuleAction="allow", Egress=egress,
            CidrBlock="0.0.0.0/0",
        )  # fmt: skip
    store = world.collect("AWS::EC2::NetworkAclEntry")
    entry = row(store, "AWS::EC2::NetworkAclEntry", f"{made}|ingress|100")
    assert entry["arn"] == arn(world, f"network-acl-entry/{made}|ingress|100")
    assert owned(store, entry["arn"]) == set(), "in a list that is no default, 100 is hand-made"
    row(store, "AWS::EC2::NetworkAclEntry", f"{made}|egress|100")
    (last, *_) = (
        r for r in rows(store, "AWS::EC2::NetworkAclEntry") if "|32767" in r["resource_id"]
    )
    acl = last["resource_id"].split("|")[0]
    assert owned(store, last["arn"]) == {("N12", "self", "AWS::EC2::NetworkAcl", acl)}


def test_security_group_rule_is_named_by_id_and_by_content(world: World, vpc: str) -> None:
    ec2 = world.client("ec2")
    group, other = group_of(world, vpc), group_of(world, vpc, "other")
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
            },
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": other}]},
        ],
    )  # fmt: skip
    store = world.collect("Ext::EC2::SecurityGroupRule")
    content = {
        key: found
        for found in rows(store, "Ext::EC2::SecurityGroupRule")
        for key in found["keys"]
        if key.startswith("rule|")
    }
    found = content[f"rule|{group}|ingress|tcp|443|443|10.0.0.0/8"]
    assert found["resource_id"].startswith("sgr-")
    assert found["arn"] == arn(world, f"security-group-rule/{found['resource_id']}")
    assert links(store, found["arn"]) == {("contains", "AWS::EC2::SecurityGroup", group)}
    referring = content[f"rule|{group}|ingress|-1|-1|-1|{other}"]
    assert ("uses", "AWS::EC2::SecurityGroup", other) in links(store, referring["arn"])
    assert owned(store, referring["arn"]) == set()


def test_allow_all_out_belongs_to_its_group_and_self_only_in_a_default_group(
    world: World, vpc: str
) -> None:
    ec2 = world.client("ec2")
    group = group_of(world, vpc)
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    default = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][0]["GroupId"]
    for each in (group, default):
        ec2.authorize_security_group_ingress(
            GroupId=each,
            IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": each}]}],
        )
    store = world.collect("Ext::EC2::SecurityGroupRule")
    by_content = {
        found["keys"][-1]: owned(store, found["arn"])
        for found in rows(store, "Ext::EC2::SecurityGroupRule")
    }
    to_group = "AWS::EC2::SecurityGroup"
    assert by_content[f"rule|{group}|egress|-1|-1|-1|0.0.0.0/0"] == {
        ("N7", "self", to_group, group)
    }
    assert by_content[f"rule|{group}|ingress|-1|-1|-1|{group}"] == set()
    assert by_content[f"rule|{default}|ingress|-1|-1|-1|{default}"] == {
        ("N7-self", "self", to_group, default)
    }


def test_security_group_has_its_name_as_a_key_unless_it_is_default(world: World, vpc: str) -> None:
    group = group_of(world, vpc)
    store = world.collect("AWS::EC2::SecurityGroup")
    found = row(store, "AWS::EC2::SecurityGroup", group)
    assert found["keys"] == [arn(world, f"security-group/{group}"), group, "web"]
    defaults = [r for r in rows(store, "AWS::EC2::SecurityGroup") if r["name"] == "default"]
    assert len(defaults) == 2
    assert all(len(r["keys"]) == 2 for r in defaults)


def test_dhcp_options_are_default_only_as_aws_makes_them(world: World) -> None:
    ec2 = world.client("ec2")

    def options(domain: str, server: str) -> str:
        made = ec2.create_dhcp_options(
            DhcpConfigurations=[
                {"Key": "domain-name", "Values": [domain]},
                {"Key": "domain-name-servers", "Values": [server]},
            ]
        )
        return str(made["DhcpOptions"]["DhcpOptionsId"])

    ours, aws = options("corp.example", "10.0.0.2"), options("ec2.internal", "AmazonProvidedDNS")
    half = options("corp.example", "AmazonProvidedDNS")
    store = world.collect("AWS::EC2::DHCPOptions")
    verdicts = {r["resource_id"]: r["default_rule"] for r in rows(store, "AWS::EC2::DHCPOptions")}
    assert verdicts == {ours: None, aws: "N8", half: None}
    assert row(store, "AWS::EC2::DHCPOptions", ours)["arn"] == arn(world, f"dhcp-options/{ours}")


def test_prefix_lists_of_aws_are_default(world: World) -> None:
    made = world.client("ec2").create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=5, AddressFamily="IPv4",
        TagSpecifications=[{"ResourceType": "prefix-list", "Tags": NAMED}],
    )["PrefixList"]  # fmt: skip
    store = world.collect("AWS::EC2::PrefixList")
    found = row(store, "AWS::EC2::PrefixList", made["PrefixListId"])
    assert found["arn"] == made["PrefixListArn"]
    assert found["name"] == "offices"
    assert found["tags"]["team"] == "core"
    others = [r for r in rows(store, "AWS::EC2::PrefixList") if r["arn"] != found["arn"]]
    assert others
    assert {r["default_rule"] for r in others} == {"N14"}


def test_flow_log_names_what_it_logs_and_where_to(world: World, vpc: str) -> None:
    world.client("s3").create_bucket(Bucket=f"logs-{world.account_id}")
    made = world.client("ec2").create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::logs-{world.account_id}",
    )["FlowLogIds"][0]  # fmt: skip
    store = world.collect("AWS::EC2::FlowLog")
    found = row(store, "AWS::EC2::FlowLog", made)
    assert found["arn"] == arn(world, f"vpc-flow-log/{made}")
    assert found["created_at"] is not None
    assert links(store, found["arn"]) == {
        ("attached_to", "AWS::EC2::VPC", vpc),
        ("uses", "AWS::S3::Bucket", f"logs-{world.account_id}"),
    }
