"""Dedicated lines and modules, DSQL, FIS and Connect, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, role, tags
from tests.catalog.reading import owned
from tests.world import World


def test_module_cluster_and_its_backup(world: World) -> None:
    place = network(world)
    client = world.client("cloudhsmv2")
    made = client.create_cluster(
        HsmType="hsm1.medium", SubnetIds=place.subnets[:1], TagList=tags(Name="keys")
    )["Cluster"]
    found = look(world, "Ext::CloudHSMV2::Cluster")
    known = made["ClusterId"]
    assert found.row["keys"] == [arn(world, "cloudhsm", f"cluster/{known}"), known]
    assert found.row["name"] == "keys"
    assert "PreCoPassword" not in found.row["properties"]
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links
    store = world.collect("Ext::CloudHSMV2::*")
    backup = look(world, "Ext::CloudHSMV2::Backup").row
    assert backup["keys"] == [backup["arn"], backup["resource_id"]]
    assert owned(store, backup["arn"]) == {("D42", "self", "Ext::CloudHSMV2::Cluster", known)}


def test_line_and_its_aggregation_group(world: World) -> None:
    client = world.client("directconnect")
    named = {"location": "EqDC2", "tags": [{"key": "team", "value": "net"}]}
    line = client.create_connection(bandwidth="1Gbps", connectionName="line", **named)
    lag = client.create_lag(
        numberOfConnections=1, connectionsBandwidth="1Gbps", lagName="both", **named
    )
    found = look(world, "AWS::DirectConnect::Connection").named("line")
    assert found["keys"] == [
        arn(world, "directconnect", f"dxcon/{line['connectionId']}"), line["connectionId"]
    ]  # fmt: skip
    assert found["tags"] == {"team": "net"}
    both = look(world, "AWS::DirectConnect::Lag").row
    assert both["keys"] == [arn(world, "directconnect", f"dxlag/{lag['lagId']}"), lag["lagId"]]
    client.delete_connection(connectionId=line["connectionId"])
    left = look(world, "AWS::DirectConnect::Connection").rows
    assert line["connectionId"] not in {row["resource_id"] for row in left}


def test_distributed_cluster(world: World) -> None:
    made = world.client("dsql").create_cluster(tags={"Name": "orders"})
    row = look(world, "AWS::DSQL::Cluster").row
    assert row["keys"] == [made["arn"], made["identifier"]]
    assert (row["name"], row["tags"]) == ("orders", {"Name": "orders"})
    assert row["created_at"] is not None


def test_experiment_template_with_the_role_that_it_acts_under(world: World) -> None:
    acts = role(world)
    alarm = arn(world, "cloudwatch", "alarm:stop")
    made = world.client("fis").create_experiment_template(
        description="stop one", roleArn=acts, actions={}, tags={"team": "sre"},
        stopConditions=[{"source": "aws:cloudwatch:alarm", "value": alarm}],
    )["experimentTemplate"]  # fmt: skip
    found = look(world, "AWS::FIS::ExperimentTemplate")
    assert found.row["keys"] == [found.row["arn"], made["id"]]
    assert (found.row["name"], found.row["tags"]) == ("stop one", {"team": "sre"})
    assert found.row["created_at"] is not None
    assert found.links == {
        ("assumes", "AWS::IAM::Role", acts, None),
        ("watches", "AWS::CloudWatch::Alarm", alarm, None),
    }


def test_contact_centre(world: World) -> None:
    made = world.client("connect").create_instance(
        IdentityManagementType="CONNECT_MANAGED", InstanceAlias="help",
        InboundCallsEnabled=True, OutboundCallsEnabled=False, Tags={"team": "care"},
    )  # fmt: skip
    row = look(world, "AWS::Connect::Instance").row
    assert row["keys"] == [made["Arn"], made["Id"]]
    assert (row["name"], row["tags"]) == ("help", {"team": "care"})
    assert row["created_at"] is not None


def test_request_validator_is_named_with_its_api(world: World) -> None:
    client = world.client("apigateway")
    api = client.create_rest_api(name="shop")["id"]
    known = client.create_request_validator(restApiId=api, name="body", validateRequestBody=True)
    row = look(world, "AWS::ApiGateway::RequestValidator").row
    assert row["keys"] == [
        f"arn:aws:apigateway:us-east-1::/restapis/{api}/requestvalidators/{known['id']}",
        known["id"],
        f"{api}|{known['id']}",
        f"{api}|body",
    ]
    assert row["name"] == "body"
