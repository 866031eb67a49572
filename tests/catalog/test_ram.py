"""Shares, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.world import World


def test_share(world: World) -> None:
    client = world.client("ram")
    made = client.create_resource_share(name="subnets", tags=[{"key": "team", "value": "net"}])[
        "resourceShare"
    ]
    row = look(world, "AWS::RAM::ResourceShare").row
    assert row["keys"] == [made["resourceShareArn"]]
    assert (row["name"], row["created_at"] is not None) == ("subnets", True)


def test_deleted_share_is_no_row(world: World) -> None:
    client = world.client("ram")
    made = client.create_resource_share(name="subnets")["resourceShare"]
    client.delete_resource_share(resourceShareArn=made["resourceShareArn"])
    assert look(world, "AWS::RAM::ResourceShare").rows == []


def test_permissions_of_aws_are_default(world: World) -> None:
    """The emulator lists them all the same, though the account's own are asked for."""
    rows = look(world, "AWS::RAM::Permission").rows
    assert {row["default_rule"] for row in rows} == {"I17"}
