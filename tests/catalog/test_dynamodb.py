"""DynamoDB, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, key, tags
from tests.world import World


def test_table(world: World) -> None:
    master = key(world)
    world.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": master},
        Tags=tags(team="shop"),
    )
    found = look(world, "AWS::DynamoDB::Table")
    assert found.row["arn"] == arn(world, "dynamodb", "table/orders")
    assert found.row["keys"] == [found.row["arn"], "orders"]
    assert found.row["name"] == "orders"
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert found.links == {("encrypted_by", "AWS::KMS::Key", master, None)}
