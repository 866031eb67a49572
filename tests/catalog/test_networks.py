"""Directories, desktops, DataSync, resolvers and firewalls, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import Network, arn, network, tags
from tests.catalog.reading import owned
from tests.world import World


def directory(world: World, place: Network) -> str:
    made = world.client("ds").create_microsoft_ad(
        Name="corp.example", Password="Hunter2-hunter2", Edition="Standard",
        VpcSettings={"VpcId": place.vpc, "SubnetIds": place.subnets}, Tags=tags(team="it"),
    )  # fmt: skip
    return str(made["DirectoryId"])


def test_directory_owns_the_group_of_its_controllers(world: World) -> None:
    place = network(world)
    made = directory(world, place)
    found = look(world, "Ext::DirectoryService::Directory")
    assert found.row["keys"] == [arn(world, "ds", f"directory/{made}"), made]
    assert found.row["name"] == "corp.example"
    assert found.row["tags"] == {"team": "it"}
    assert found.row["created_at"] is not None
    assert "Hunter2" not in str(found.row["properties"])
    assert ("in_vpc", "AWS::EC2::VPC", place.vpc, None) in found.links


def test_directory_of_desktops_owns_their_group(world: World) -> None:
    made = directory(world, network(world))
    client = world.client("workspaces")
    client.register_workspace_directory(DirectoryId=made, Tags=tags(a="b"))
    (described,) = client.describe_workspace_directories()["Directories"]
    found = look(world, "Ext::WorkSpaces::Directory").row
    assert found["keys"] == [arn(world, "workspaces", f"directory/{made}"), made]
    assert found["tags"] == {"a": "b"}
    store = world.collect("Ext::WorkSpaces::Directory")
    group = ("N25", "target", "AWS::EC2::SecurityGroup", described["WorkspaceSecurityGroupId"])
    assert owned(store, found["arn"]) == {group}


def test_desktop(world: World) -> None:
    made = directory(world, network(world))
    client = world.client("workspaces")
    client.register_workspace_directory(DirectoryId=made)
    desktop = client.create_workspaces(
        Workspaces=[{"DirectoryId": made, "UserName": "ann", "BundleId": "wsb-1234567a"}]
    )["PendingRequests"][0]["WorkspaceId"]
    found = look(world, "AWS::WorkSpaces::Workspace")
    assert found.row["keys"] == [arn(world, "workspaces", f"workspace/{desktop}"), desktop]
    assert ("member_of", "Ext::DirectoryService::Directory", made, None) in found.links


def test_transfer_task_and_its_ends(world: World) -> None:
    client = world.client("datasync")
    access = {"BucketAccessRoleArn": arn(world, "iam", "role/sync", "")}
    ends = [
        client.create_location_s3(S3BucketArn=f"arn:aws:s3:::{name}", S3Config=access)
        for name in ("from", "into")
    ]
    ends = [each["LocationArn"] for each in ends]
    task = client.create_task(
        SourceLocationArn=ends[0], DestinationLocationArn=ends[1], Name="copy"
    )["TaskArn"]
    store = world.collect("AWS::DataSync::Task", "Ext::DataSync::Location")
    rows = {row["arn"]: row for row in store.rows("SELECT * FROM current_resource")}
    assert set(rows) == {task, *ends}
    assert rows[task]["keys"] == [task]
    assert rows[task]["name"] == "copy"


def test_resolver_endpoint_and_its_rule(world: World) -> None:
    place = network(world)
    client = world.client("route53resolver")
    endpoint = client.create_resolver_endpoint(
        CreatorRequestId="t", Direction="OUTBOUND", SecurityGroupIds=[place.group], Name="out",
        IpAddresses=[{"SubnetId": subnet} for subnet in place.subnets], Tags=tags(a="b"),
    )["ResolverEndpoint"]  # fmt: skip
    rule = client.create_resolver_rule(
        CreatorRequestId="t", RuleType="FORWARD", DomainName="corp.example", Name="corp",
        ResolverEndpointId=endpoint["Id"], TargetIps=[{"Ip": "10.0.0.2", "Port": 53}],
    )["ResolverRule"]  # fmt: skip
    found = look(world, "AWS::Route53Resolver::ResolverEndpoint")
    assert found.row["keys"] == [endpoint["Arn"], endpoint["Id"]]
    assert found.row["tags"] == {"a": "b"}
    assert found.row["created_at"] is not None
    assert ("in_vpc", "AWS::EC2::VPC", place.vpc, None) in found.links
    store = world.collect("AWS::Route53Resolver::ResolverEndpoint", "AWS::EC2::NetworkInterface")
    ends = store.rows("SELECT target_arn FROM link_target WHERE owns = 'target' AND rule = 'E22'")
    interfaces = world.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    named = [one for one in interfaces if endpoint["Id"] in one["Description"]]
    assert {end["target_arn"] for end in ends} == {
        arn(world, "ec2", f"network-interface/{one['NetworkInterfaceId']}") for one in named
    }
    assert len(named) == 2
    forward = look(world, "AWS::Route53Resolver::ResolverRule").named("corp")
    assert forward["keys"] == [rule["Arn"], rule["Id"]]
    assert forward["default_rule"] is None


def test_resolver_query_log(world: World) -> None:
    made = world.client("route53resolver").create_resolver_query_log_config(
        Name="queries", DestinationArn="arn:aws:s3:::queries", CreatorRequestId="t"
    )["ResolverQueryLogConfig"]
    found = look(world, "AWS::Route53Resolver::ResolverQueryLoggingConfig").row
    assert found["keys"] == [made["Arn"], made["Id"]]


def test_firewall(world: World) -> None:
    place = network(world)
    policy = arn(world, "network-firewall", "firewall-policy/strict")
    made = world.client("network-firewall").create_firewall(
        FirewallName="edge", FirewallPolicyArn=policy, VpcId=place.vpc,
        SubnetMappings=[{"SubnetId": place.subnets[0]}], Tags=tags(team="net"),
    )["Firewall"]["FirewallArn"]  # fmt: skip
    found = look(world, "AWS::NetworkFirewall::Firewall")
    assert found.row["keys"] == [made]
    assert found.row["tags"] == {"team": "net"}
    assert ("uses", "AWS::NetworkFirewall::FirewallPolicy", policy, None) in found.links


def test_serverless_emr_application(world: World) -> None:
    made = world.client("emr-serverless").create_application(
        name="spark", releaseLabel="emr-7.0.0", type="SPARK", tags={"team": "data"}
    )
    found = look(world, "AWS::EMRServerless::Application").row
    assert found["keys"] == [made["arn"], made["applicationId"]]
    assert found["tags"] == {"team": "data"}


def test_bedrock_agent_and_knowledge_base(world: World) -> None:
    client, worker = world.client("bedrock-agent"), arn(world, "iam", "role/agent", "")
    agent = client.create_agent(
        agentName="helper", agentResourceRoleArn=worker, instruction="the password is hunter2 " * 3,
        tags={"team": "ml"},
    )["agent"]  # fmt: skip
    found = look(world, "AWS::Bedrock::Agent")
    assert found.row["keys"] == [agent["agentArn"], agent["agentId"]]
    assert found.row["tags"] == {"team": "ml"}
    assert "hunter2" not in str(found.row["properties"])
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links
