"""Glue, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, role
from tests.catalog.reading import owned
from tests.world import World


def test_database_has_the_composite_id_of_terraform(world: World) -> None:
    world.client("glue").create_database(DatabaseInput={"Name": "lake"})
    world.client("glue").create_database(DatabaseInput={"Name": "default"})
    found = look(world, "AWS::Glue::Database")
    lake = found.named("lake")
    assert lake["arn"] == arn(world, "glue", "database/lake")
    assert lake["keys"] == [lake["arn"], f"{world.account_id}:lake", "lake"]
    assert lake["created_at"] is not None
    assert lake["default_rule"] is None
    assert found.named("default")["default_rule"] == "D22"


def test_table_that_a_crawler_keeps_is_the_crawlers(world: World) -> None:
    glue = world.client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    for name, parameters in (("clicks", {}), ("orders", {"UPDATED_BY_CRAWLER": "nightly"})):
        glue.create_table(
            DatabaseName="lake", TableInput={"Name": name, "Owner": "x", "Parameters": parameters}
        )
    found = look(world, "AWS::Glue::Table")
    clicks, orders = found.named("clicks"), found.named("orders")
    assert clicks["arn"] == arn(world, "glue", "table/lake/clicks")
    assert clicks["keys"] == [clicks["arn"], f"{world.account_id}:lake:clicks", "lake|clicks"]
    store = world.collect("AWS::Glue::Table")
    assert owned(store, clicks["arn"]) == set()
    crawler = ("D23", "self", "AWS::Glue::Crawler", "nightly")
    assert owned(store, orders["arn"]) == {crawler}


def test_crawler(world: World) -> None:
    worker = role(world)
    world.client("glue").create_crawler(
        Name="nightly", Role=worker, DatabaseName="lake", Targets={}, Tags={"team": "data"}
    )
    found = look(world, "AWS::Glue::Crawler")
    assert found.row["arn"] == arn(world, "glue", "crawler/nightly")
    assert found.row["keys"] == [found.row["arn"], "nightly"]
    assert found.row["tags"] == {"team": "data"}
    assert found.row["created_at"] is not None
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links


def test_job_keeps_no_arguments(world: World) -> None:
    world.client("glue").create_job(
        Name="etl", Role=role(world), Command={"Name": "glueetl"}, Tags={"team": "data"},
        DefaultArguments={"--password": "hunter2"},
    )  # fmt: skip
    found = look(world, "AWS::Glue::Job")
    assert found.row["arn"] == arn(world, "glue", "job/etl")
    assert found.row["tags"] == {"team": "data"}
    assert "hunter2" not in str(found.row["properties"])


def test_connection_keeps_no_password(world: World) -> None:
    world.client("glue").create_connection(
        ConnectionInput={
            "Name": "shop", "ConnectionType": "JDBC",
            "ConnectionProperties": {"USERNAME": "root", "PASSWORD": "hunter2"},
        }
    )  # fmt: skip
    found = look(world, "AWS::Glue::Connection")
    assert found.row["keys"] == [found.row["arn"], f"{world.account_id}:shop", "shop"]
    assert "hunter2" not in str(found.row["properties"])


def test_trigger(world: World) -> None:
    world.client("glue").create_trigger(
        Name="daily", Type="ON_DEMAND",
        Actions=[{"JobName": "etl", "Arguments": {"--password": "hunter2"}}],
    )  # fmt: skip
    found = look(world, "AWS::Glue::Trigger")
    assert found.row["arn"] == arn(world, "glue", "trigger/daily")
    assert ("runs", "AWS::Glue::Job", "etl", None) in found.links
    assert "hunter2" not in str(found.row["properties"])


def test_registry_workflow_and_security_configuration(world: World) -> None:
    glue = world.client("glue")
    registry = glue.create_registry(RegistryName="events")["RegistryArn"]
    glue.create_workflow(Name="chain", DefaultRunProperties={"password": "hunter2"})
    glue.create_security_configuration(
        Name="sealed", EncryptionConfiguration={"S3Encryption": [{"S3EncryptionMode": "SSE-S3"}]}
    )
    assert look(world, "AWS::Glue::Registry").row["keys"] == [registry]
    workflow = look(world, "AWS::Glue::Workflow").row
    assert workflow["keys"] == [arn(world, "glue", "workflow/chain"), "chain"]
    assert "hunter2" not in str(workflow["properties"])
    assert look(world, "AWS::Glue::SecurityConfiguration").row["resource_id"] == "sealed"
