"""Cognito, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import arn, role
from tests.world import World


@pytest.fixture
def pool(world: World) -> str:
    made = world.client("cognito-idp").create_user_pool(
        PoolName="customers", UserPoolTags={"team": "shop"}
    )
    return str(made["UserPool"]["Id"])


def test_user_pool(world: World, pool: str) -> None:
    found = look(world, "AWS::Cognito::UserPool")
    assert found.row["arn"] == arn(world, "cognito-idp", f"userpool/{pool}")
    assert found.row["keys"] == [found.row["arn"], pool]
    assert found.row["name"] == "customers"
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None


def test_user_pool_client(world: World, pool: str) -> None:
    made = world.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool, ClientName="web", GenerateSecret=True
    )["UserPoolClient"]
    found = look(world, "AWS::Cognito::UserPoolClient")
    assert found.row["keys"][1:] == [made["ClientId"], f"{pool}|{made['ClientId']}"]
    assert found.row["parent_arn"] == arn(world, "cognito-idp", f"userpool/{pool}")
    assert made["ClientSecret"] not in str(found.row["properties"])


def test_group_may_take_its_role(world: World, pool: str) -> None:
    worker = role(world)
    world.client("cognito-idp").create_group(UserPoolId=pool, GroupName="staff", RoleArn=worker)
    found = look(world, "AWS::Cognito::UserPoolGroup")
    assert found.row["keys"][1:] == [f"{pool}/staff", f"{pool}|staff"]
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links


def test_identity_provider(world: World, pool: str) -> None:
    world.client("cognito-idp").create_identity_provider(
        UserPoolId=pool, ProviderName="Google", ProviderType="Google",
        ProviderDetails={"client_secret": "hunter2"},
    )  # fmt: skip
    found = look(world, "AWS::Cognito::UserPoolIdentityProvider")
    assert found.row["keys"][1:] == [f"{pool}:Google", f"{pool}|Google"]
    assert "hunter2" not in str(found.row["properties"])


def test_resource_server(world: World, pool: str) -> None:
    world.client("cognito-idp").create_resource_server(
        UserPoolId=pool, Identifier="https://api.example", Name="api"
    )
    found = look(world, "AWS::Cognito::UserPoolResourceServer")
    assert found.row["keys"][1:] == [f"{pool}|https://api.example"]


def test_identity_pool(world: World) -> None:
    made = world.client("cognito-identity").create_identity_pool(
        IdentityPoolName="guests", AllowUnauthenticatedIdentities=True
    )["IdentityPoolId"]
    found = look(world, "AWS::Cognito::IdentityPool")
    assert found.row["arn"] == arn(world, "cognito-identity", f"identitypool/{made}")
    assert found.row["keys"] == [found.row["arn"], made]
    assert found.row["name"] == "guests"
