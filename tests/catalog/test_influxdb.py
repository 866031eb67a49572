"""Timestream for InfluxDB and secure browsers, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network
from tests.world import World


def test_instance(world: World) -> None:
    net = network(world)
    made = world.client("timestream-influxdb").create_db_instance(
        name="metrics", password="long-enough-1", dbInstanceType="db.influx.medium",
        vpcSubnetIds=net.subnets[:1], vpcSecurityGroupIds=[net.group], allocatedStorage=20,
        tags={"team": "ops"},
    )  # fmt: skip
    found = look(world, "AWS::Timestream::InfluxDBInstance")
    assert found.row["keys"] == [made["arn"], made["id"]]
    assert (found.row["name"], found.row["tags"]) == ("metrics", {"team": "ops"})
    attached = {(to, key) for kind, to, key, _ in found.links if kind == "attached_to"}
    assert attached == {
        ("AWS::EC2::Subnet", net.subnets[0]), ("AWS::EC2::SecurityGroup", net.group)
    }  # fmt: skip


def test_portal_and_what_it_uses(world: World) -> None:
    client, net = world.client("workspaces-web"), network(world)
    browser = client.create_browser_settings(
        browserPolicy="{}", tags=[{"Key": "team", "Value": "x"}]
    )["browserSettingsArn"]
    places = client.create_network_settings(
        vpcId=net.vpc, subnetIds=net.subnets, securityGroupIds=[net.group]
    )["networkSettingsArn"]
    allowed = dict.fromkeys(
        ("copyAllowed", "pasteAllowed", "downloadAllowed", "uploadAllowed", "printAllowed"),
        "Disabled",
    )
    users = client.create_user_settings(**allowed)["userSettingsArn"]
    log = client.create_user_access_logging_settings(
        kinesisStreamArn=arn(world, "kinesis", "stream/amazon-workspaces-web-x")
    )["userAccessLoggingSettingsArn"]
    client.associate_browser_settings(
        portalArn=(portal := client.create_portal(displayName="partners")["portalArn"]),
        browserSettingsArn=browser,
    )
    found = look(world, "AWS::WorkSpacesWeb::Portal")
    assert (found.row["keys"], found.row["name"]) == ([portal], "partners")
    assert ("uses", "AWS::WorkSpacesWeb::BrowserSettings", browser, None) in found.links
    row = look(world, "AWS::WorkSpacesWeb::BrowserSettings").row
    assert (row["keys"], row["tags"]) == ([browser], {"team": "x"})
    settings = look(world, "AWS::WorkSpacesWeb::NetworkSettings")
    assert settings.row["keys"] == [places]
    assert ("in_vpc", "AWS::EC2::VPC", net.vpc, None) in settings.links
    assert look(world, "AWS::WorkSpacesWeb::UserSettings").row["keys"] == [users]
    assert look(world, "AWS::WorkSpacesWeb::UserAccessLoggingSettings").row["keys"] == [log]
