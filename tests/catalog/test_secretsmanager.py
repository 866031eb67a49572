"""Secrets Manager, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.world import World


def test_secret_is_listed_without_its_value(world: World) -> None:
    made = world.client("secretsmanager").create_secret(
        Name="app/token",
        SecretString="planted-secret",
        KmsKeyId="alias/orders",
        Tags=[{"Key": "team", "Value": "core"}],
    )
    seen = look(world, "AWS::SecretsManager::Secret")
    assert (seen.row["arn"], seen.row["name"]) == (made["ARN"], "app/token")
    assert seen.row["keys"] == [made["ARN"], "app/token", made["ARN"][:-7]]
    assert seen.row["tags"] == {"team": "core"}
    assert seen.row["created_at"] is not None
    assert "planted" not in str(seen.row)
    assert seen.links == {("encrypted_by", "AWS::KMS::Key", "alias/orders", None)}


def test_deleted_secret_is_no_row(world: World) -> None:
    client = world.client("secretsmanager")
    client.create_secret(Name="old", SecretString="x")
    client.delete_secret(SecretId="old")
    assert look(world, "AWS::SecretsManager::Secret").rows == []


def test_replica_is_owned_by_the_primary(world: World) -> None:
    primary = world.client("secretsmanager").create_secret(
        Name="shared", SecretString="x", AddReplicaRegions=[{"Region": "eu-west-1"}]
    )["ARN"]
    seen = look(world, "AWS::SecretsManager::Secret", "eu-west-1")
    assert seen.row["arn"] == primary.replace("us-east-1", "eu-west-1")
    assert ("owns", "AWS::SecretsManager::Secret", primary, "self") in seen.links


def test_secret_that_eventbridge_made_is_owned_by_its_connection(world: World) -> None:
    world.client("events").create_connection(
        Name="crm",
        AuthorizationType="API_KEY",
        AuthParameters={
            "ApiKeyAuthParameters": {"ApiKeyName": "key", "ApiKeyValue": "planted-secret"}
        },
    )
    secret = look(world, "AWS::SecretsManager::Secret").row["arn"]
    owns = ("owns", "AWS::SecretsManager::Secret", secret, "target")
    assert owns in look(world, "AWS::Events::Connection").links
