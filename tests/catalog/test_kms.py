"""KMS, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.world import World


def test_key_is_listed_with_its_tags(world: World) -> None:
    kms = world.client("kms")
    key = kms.create_key(Description="orders", Tags=[{"TagKey": "team", "TagValue": "core"}])
    row = look(world, "AWS::KMS::Key").row
    arn = key["KeyMetadata"]["Arn"]
    assert (row["arn"], row["name"]) == (arn, None)
    assert row["keys"] == [arn, key["KeyMetadata"]["KeyId"]]
    assert row["tags"] == {"team": "core"}
    assert row["created_at"] is not None
    assert row["default_rule"] is None


def test_key_that_awaits_its_deletion_is_no_row(world: World) -> None:
    kms = world.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert look(world, "AWS::KMS::Key").rows == []


def test_alias_hangs_on_its_key(world: World) -> None:
    kms = world.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    seen = look(world, "AWS::KMS::Alias")
    row = seen.named("alias/orders")
    arn = f"arn:aws:kms:us-east-1:{world.account_id}:alias/orders"
    assert row["keys"] == [arn, "alias/orders"]
    assert row["default_rule"] is None
    assert {link for link in seen.links if link[2] == key} == {
        ("contains", "AWS::KMS::Key", key, "self"),
        ("alias_of", "AWS::KMS::Key", key, None),
    }


def test_aliases_of_aws_are_default(world: World) -> None:
    rows = look(world, "AWS::KMS::Alias").rows
    assert rows
    assert {row["default_rule"] for row in rows} == {"K2"}
