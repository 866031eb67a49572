"""Speech, language and workflows, verified on the emulator as far as that lists them."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import tags
from tests.catalog.reading import row
from tests.world import World


def test_vocabularies(world: World) -> None:
    """The emulator lacks their tags."""
    client = world.client("transcribe")
    client.create_vocabulary(
        VocabularyName="names", LanguageCode="en-US", Phrases=["Strays"], Tags=tags(team="x")
    )
    client.create_medical_vocabulary(
        VocabularyName="drugs", LanguageCode="en-US", VocabularyFileUri="s3://words/drugs.txt"
    )
    prefix = f"arn:aws:transcribe:us-east-1:{world.account_id}"
    store = world.collect("AWS::Transcribe::*")
    found = row(store, "AWS::Transcribe::Vocabulary", "names")
    assert found["keys"] == [f"{prefix}:vocabulary/names", "names"]
    found = row(store, "AWS::Transcribe::MedicalVocabulary", "drugs")
    assert found["keys"] == [f"{prefix}:medical-vocabulary/drugs", "drugs"]


def test_domain_of_workflows(world: World) -> None:
    client = world.client("swf")
    for name in ("orders", "old"):
        client.register_domain(
            name=name, workflowExecutionRetentionPeriodInDays="7",
            tags=[{"key": "team", "value": "shop"}],
        )  # fmt: skip
    client.deprecate_domain(name="old")
    seen = look(world, "Ext::SWF::Domain").row
    arn = f"arn:aws:swf:us-east-1:{world.account_id}:/domain/orders"
    assert seen["keys"] == [arn, "orders"]
    assert seen["tags"] == {"team": "shop"}


def test_recommendation_schema(world: World) -> None:
    arn = world.client("personalize").create_schema(name="shop", schema="{}")["schemaArn"]
    seen = look(world, "AWS::Personalize::Schema").row
    assert (seen["keys"], seen["name"]) == ([arn], "shop")
