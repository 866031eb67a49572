"""Services for applications, verified on the emulator as far as that lists them."""

from __future__ import annotations

import json

import pytest

from scanner import catalog
from scanner.documents import apply_rules
from tests.catalog.look import look
from tests.catalog.places import tags
from tests.catalog.reading import row
from tests.world import World


def test_ingestion_pipeline(world: World) -> None:
    sink = {"s3": {"aws": {"region": "us-east-1", "sts_role_arn": "x"}, "bucket": "logs"}}
    body = {"version": "2", "log-pipeline": {"source": {"http": {"path": "/x"}}, "sink": [sink]}}
    made = world.client("osis").create_pipeline(
        PipelineName="logs-in", MinUnits=1, MaxUnits=2, Tags=tags(team="ops"),
        PipelineConfigurationBody=json.dumps(body),
    )["Pipeline"]  # fmt: skip
    seen = look(world, "AWS::OSIS::Pipeline").row
    assert seen["keys"] == [made["PipelineArn"], "logs-in"]
    assert seen["tags"] == {"team": "ops"}
    assert "PipelineConfigurationBody" not in seen["properties"]


def test_key_for_payments_and_its_alias(world: World) -> None:
    client = world.client("payment-cryptography")
    use = {
        "KeyAlgorithm": "AES_128", "KeyClass": "SYMMETRIC_KEY",
        "KeyUsage": "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY",
        "KeyModesOfUse": {"Encrypt": True, "Decrypt": True},
    }  # fmt: skip
    made = client.create_key(Exportable=False, KeyAttributes=use, Tags=tags(team="pay"))["Key"]
    client.create_alias(AliasName="alias/pin", KeyArn=made["KeyArn"])
    seen = look(world, "AWS::PaymentCryptography::Key").row
    assert seen["keys"] == [made["KeyArn"]]
    assert (seen["tags"], seen["created_at"] is not None) == ({"team": "pay"}, True)
    found = look(world, "AWS::PaymentCryptography::Alias")
    assert found.row["resource_id"] == "alias/pin"
    assert found.links == {("alias_of", "AWS::PaymentCryptography::Key", made["KeyArn"], None)}


def test_application_and_policy_of_the_resilience_hub(world: World) -> None:
    client = world.client("resiliencehub")
    app = client.create_app(name="shop", tags={"team": "shop"})["app"]
    limits = {"rpoInSecs": 60, "rtoInSecs": 60}
    kinds = ("Software", "Hardware", "AZ")
    policy = client.create_resiliency_policy(
        policyName="gold", tier="Critical", policy=dict.fromkeys(kinds, limits)
    )["policy"]
    seen = look(world, "AWS::ResilienceHub::App").row
    assert (seen["keys"], seen["name"]) == ([app["appArn"]], "shop")
    assert seen["tags"] == {"team": "shop"}
    seen = look(world, "AWS::ResilienceHub::ResiliencyPolicy").row
    assert (seen["keys"], seen["name"]) == ([policy["policyArn"]], "gold")


def test_resource_group(world: World) -> None:
    asked = {
        "ResourceTypeFilters": ["AWS::AllSupported"],
        "TagFilters": [{"Key": "app", "Values": ["shop"]}],
    }
    query = {"Type": "TAG_FILTERS_1_0", "Query": json.dumps(asked)}
    made = world.client("resource-groups").create_group(
        Name="shop", ResourceQuery=query, Tags={"team": "shop"}
    )["Group"]
    seen = look(world, "AWS::ResourceGroups::Group").row
    assert seen["keys"] == [made["GroupArn"], "shop"]
    assert (seen["tags"], seen["default_rule"]) == ({"team": "shop"}, None)


def test_vectors(world: World) -> None:
    client = world.client("s3vectors")
    client.create_vector_bucket(vectorBucketName="faces", tags={"team": "ml"})
    client.create_index(
        vectorBucketName="faces", indexName="people", dataType="float32", dimension=2,
        distanceMetric="cosine",
    )  # fmt: skip
    bucket = look(world, "AWS::S3Vectors::VectorBucket").row
    assert (bucket["name"], bucket["tags"]) == ("faces", {"team": "ml"})
    found = look(world, "AWS::S3Vectors::Index")
    assert found.row["name"] == "people"
    assert found.links == {("contains", "AWS::S3Vectors::VectorBucket", bucket["arn"], "self")}


def test_domain_of_simpledb(world: World) -> None:
    world.client("sdb").create_domain(DomainName="users")
    seen = look(world, "AWS::SDB::Domain").row
    assert seen["keys"] == [f"arn:aws:sdb:us-east-1:{world.account_id}:domain/users", "users"]


def test_portfolio(world: World) -> None:
    made = world.client("servicecatalog").create_portfolio(
        DisplayName="base", ProviderName="platform", IdempotencyToken="1", Tags=tags(team="x")
    )["PortfolioDetail"]
    seen = look(world, "AWS::ServiceCatalog::Portfolio").row
    assert seen["keys"] == [made["ARN"], made["Id"]]
    assert (seen["name"], seen["tags"]) == ("base", {"team": "x"})


def test_application_of_the_registry(world: World) -> None:
    """The emulator lacks GetApplication, so its tags and groups."""
    made = world.client("servicecatalog-appregistry").create_application(
        name="shop", clientToken="1"
    )["application"]
    name = "AWS::ServiceCatalogAppRegistry::Application"
    assert row(world.collect(name), name, made["id"])["keys"] == [made["arn"], made["id"]]


def test_shield(world: World) -> None:
    client = world.client("shield")
    assert look(world, "AWS::Shield::Protection").rows == []
    client.create_subscription()
    protected = f"arn:aws:ec2:us-east-1:{world.account_id}:eip-allocation/eipalloc-1"
    known = client.create_protection(
        Name="address", ResourceArn=protected, Tags=tags(team="net")
    )["ProtectionId"]  # fmt: skip
    seen = look(world, "AWS::Shield::Protection").row
    assert (seen["resource_id"], seen["name"]) == (known, "address")
    assert (seen["region"], seen["tags"]) == ("global", {"team": "net"})


def test_registered_domain(world: World) -> None:
    contact = {
        "FirstName": "A", "LastName": "B", "ContactType": "PERSON", "AddressLine1": "x",
        "City": "x", "CountryCode": "US", "State": "WA", "ZipCode": "1", "Email": "a@example.com",
        "PhoneNumber": "+1.2061234567",
    }  # fmt: skip
    world.client("route53domains").register_domain(
        DomainName="example.com", DurationInYears=2, AdminContact=contact,
        RegistrantContact=contact, TechContact=contact,
    )  # fmt: skip
    name = "Ext::Route53Domains::Domain"
    seen = row(world.collect(name), name, "example.com")
    assert (seen["region"], seen["name"]) == ("global", "example.com")
    assert "example.com" in seen["keys"]


@pytest.mark.parametrize("name", ["aws.events", "AWS_AppRegistry_Application-shop"])
def test_group_that_aws_named_is_default(name: str) -> None:
    found = {"GroupName": name}
    assert apply_rules(catalog.load().rules["AWS::ResourceGroups::Group"], found)
    assert found["_default_rule"] == "A35"
