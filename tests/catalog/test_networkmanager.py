"""Cloud WAN and global networks, verified on the emulator; attachments from AWS's examples."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import tags
from tests.catalog.replay import replay
from tests.world import World


def test_global_network_and_its_parts(world: World) -> None:
    client = world.client("networkmanager", "us-west-2")
    made = client.create_global_network(Description="wan", Tags=tags(team="net"))["GlobalNetwork"]
    parent = made["GlobalNetworkId"]
    site = client.create_site(GlobalNetworkId=parent, Description="office")["Site"]
    link = client.create_link(
        GlobalNetworkId=parent, SiteId=site["SiteId"],
        Bandwidth={"UploadSpeed": 10, "DownloadSpeed": 20},
    )["Link"]  # fmt: skip
    device = client.create_device(GlobalNetworkId=parent, SiteId=site["SiteId"])["Device"]
    row = look(world, "AWS::NetworkManager::GlobalNetwork").row
    assert row["keys"] == [made["GlobalNetworkArn"], parent]
    assert (row["region"], row["tags"]) == ("global", {"team": "net"})
    found = look(world, "AWS::NetworkManager::Site").row
    assert found["keys"] == [site["SiteArn"], site["SiteId"], f"{parent}|{site['SiteId']}"]
    at_site = ("uses", "AWS::NetworkManager::Site", site["SiteId"], None)
    links = look(world, "AWS::NetworkManager::Link")
    assert links.row["arn"] == link["LinkArn"]
    assert at_site in links.links
    devices = look(world, "AWS::NetworkManager::Device")
    assert devices.row["arn"] == device["DeviceArn"]
    assert at_site in devices.links


def test_core_network(world: World) -> None:
    client = world.client("networkmanager", "us-west-2")
    parent = client.create_global_network()["GlobalNetwork"]["GlobalNetworkId"]
    made = client.create_core_network(GlobalNetworkId=parent, Tags=tags(team="net"))["CoreNetwork"]
    found = look(world, "AWS::NetworkManager::CoreNetwork")
    assert found.row["keys"] == [made["CoreNetworkArn"], made["CoreNetworkId"]]
    assert ("uses", "AWS::NetworkManager::GlobalNetwork", parent, None) in found.links


def test_attachment_is_not_the_vpc_that_it_attaches() -> None:
    """The attachment that networkmanager/create-vpc-attachment answers, as the list repeats it."""
    vpc = "arn:aws:ec2:us-east-1:987654321012:vpc/vpc-09f37f69e2786eeb8"
    attachment = {
        "CoreNetworkId": "core-network-0fab62fe438d94db6",
        "AttachmentId": "attachment-05e1da6eba87a06e6",
        "OwnerAccountId": "987654321012",
        "AttachmentType": "VPC",
        "State": "CREATING",
        "EdgeLocation": "us-east-1",
        "ResourceArn": vpc,
        "Tags": [],
        "CreatedAt": "2022-03-10T20:59:14+00:00",
        "UpdatedAt": "2022-03-10T20:59:14+00:00",
    }
    answers = {"ListAttachments": {"Attachments": [attachment]}}
    name = "AWS::NetworkManager::VpcAttachment"
    seen = replay(name, "987654321012", "us-west-2", answers)
    arn = "arn:aws:networkmanager::987654321012:attachment/attachment-05e1da6eba87a06e6"
    assert seen.row["keys"] == [arn, "attachment-05e1da6eba87a06e6"]
    core = "core-network-0fab62fe438d94db6"
    assert seen.links == {
        ("uses", "AWS::NetworkManager::CoreNetwork", core, None),
        ("in_vpc", "AWS::EC2::VPC", vpc, None),
    }
    assert replay(name, "111122223333", "us-west-2", answers).rows == []
