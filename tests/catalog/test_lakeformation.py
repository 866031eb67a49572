"""Lake Formation and Lex, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import role
from tests.catalog.reading import links, row
from tests.world import World


def test_registered_place_is_not_its_bucket(world: World) -> None:
    reader = role(world)
    world.client("lakeformation").register_resource(
        ResourceArn="arn:aws:s3:::lake/raw", RoleArn=reader
    )
    found = look(world, "AWS::LakeFormation::Resource")
    assert found.row["arn"].startswith("arn:aws:lakeformation:us-east-1:")
    assert found.row["resource_id"] == "arn:aws:s3:::lake/raw"
    assert found.links == {
        ("uses", "AWS::S3::Bucket", "arn:aws:s3:::lake", None),
        ("assumes", "AWS::IAM::Role", reader, None),
    }


def test_tag(world: World) -> None:
    world.client("lakeformation").create_lf_tag(TagKey="secrecy", TagValues=["high", "low"])
    tag = look(world, "AWS::LakeFormation::Tag").row
    assert (tag["resource_id"], tag["terraform_id"]) == ("secrecy", f"{world.account_id}:secrecy")


def test_bot_and_its_alias(world: World) -> None:
    """The emulator lacks their tags."""
    client = world.client("lexv2-models")
    assumed = role(world)
    made = client.create_bot(
        botName="orders", roleArn=assumed, dataPrivacy={"childDirected": False},
        idleSessionTTLInSeconds=300, botTags={"team": "shop"},
    )  # fmt: skip
    alias = client.create_bot_alias(botAliasName="live", botId=made["botId"])
    store = world.collect("AWS::Lex::*")
    found = row(store, "AWS::Lex::Bot", made["botId"])
    assert (found["name"], found["created_at"] is not None) == ("orders", True)
    assert links(store, found["arn"]) == {("assumes", "AWS::IAM::Role", assumed)}
    at = f"{alias['botAliasId']}|{made['botId']}"
    end = f"bot-alias/{made['botId']}/{alias['botAliasId']}"
    arn = row(store, "AWS::Lex::BotAlias", at)["arn"]
    assert arn == f"arn:aws:lex:us-east-1:{world.account_id}:{end}"
