"""Media services, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.reading import row
from tests.world import World


def test_flow(world: World) -> None:
    made = world.client("mediaconnect").create_flow(
        Name="match", Source={"Name": "in", "Protocol": "rtp", "WhitelistCidr": "192.0.2.0/24"}
    )["Flow"]
    seen = look(world, "AWS::MediaConnect::Flow").row
    assert (seen["keys"], seen["name"]) == ([made["FlowArn"]], "match")


def test_live_channel_and_its_input(world: World) -> None:
    client = world.client("medialive")
    channel = client.create_channel(Name="news", Tags={"team": "tv"})["Channel"]
    made = client.create_input(
        Name="camera", Type="RTMP_PUSH", Tags={"team": "tv"},
        Sources=[{"Url": "rtmp://192.0.2.1/live", "Username": "u", "PasswordParam": "/p"}],
    )["Input"]  # fmt: skip
    seen = look(world, "AWS::MediaLive::Channel").row
    assert seen["keys"] == [channel["Arn"], channel["Id"]]
    assert (seen["name"], seen["tags"]) == ("news", {"team": "tv"})
    found = look(world, "AWS::MediaLive::Input").row
    assert found["keys"] == [made["Arn"], made["Id"]]
    assert not {"Sources", "Destinations"} & set(found["properties"])


def test_package_channel_and_endpoint(world: World) -> None:
    client = world.client("mediapackage")
    channel = client.create_channel(Id="news", Tags={"team": "tv"})
    made = client.create_origin_endpoint(
        ChannelId="news", Id="news-hls", Tags={"team": "tv"},
        Authorization={"CdnIdentifierSecret": "s", "SecretsRoleArn": "arn:aws:iam::1:role/x"},
    )  # fmt: skip
    seen = look(world, "AWS::MediaPackage::Channel").row
    assert seen["keys"] == [channel["Arn"], "news"]
    assert (seen["tags"], "HlsIngest" in seen["properties"]) == ({"team": "tv"}, False)
    found = look(world, "AWS::MediaPackage::OriginEndpoint")
    assert found.row["keys"] == [made["Arn"], "news-hls"]
    assert "Authorization" not in found.row["properties"]
    assert found.links == {("reads_from", "AWS::MediaPackage::Channel", "news", None)}


def test_package_group(world: World) -> None:
    """The emulator lacks its tags."""
    made = world.client("mediapackagev2").create_channel_group(ChannelGroupName="tv")
    store = world.collect("AWS::MediaPackageV2::ChannelGroup")
    found = row(store, "AWS::MediaPackageV2::ChannelGroup", "tv")
    assert found["keys"] == [made["Arn"], "tv"]
    assert found["created_at"] is not None
