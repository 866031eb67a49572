"""Athena, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, tags
from tests.world import World


def test_work_groups_one_ones_own_and_one_default(world: World) -> None:
    world.client("athena").create_work_group(Name="analysts", Tags=tags(team="data"))
    found = look(world, "AWS::Athena::WorkGroup")
    own = found.named("analysts")
    assert own["arn"] == arn(world, "athena", "workgroup/analysts")
    assert own["keys"] == [own["arn"], "analysts"]
    assert own["tags"] == {"team": "data"}
    assert own["default_rule"] is None
    assert found.named("primary")["default_rule"] == "D20"


def test_data_catalog(world: World) -> None:
    world.client("athena").create_data_catalog(
        Name="warehouse", Type="HIVE", Parameters={"catalog": "x"}
    )
    found = look(world, "AWS::Athena::DataCatalog").named("warehouse")
    assert found["arn"] == arn(world, "athena", "datacatalog/warehouse")
    assert found["default_rule"] is None


def test_named_queries_of_every_work_group_are_listed(world: World) -> None:
    client = world.client("athena")
    client.create_work_group(Name="analysts")
    made = {
        client.create_named_query(
            Name=group, Database="lake", QueryString="SELECT 'hunter2'", WorkGroup=group
        )["NamedQueryId"]
        for group in ("primary", "analysts")
    }
    found = look(world, "AWS::Athena::NamedQuery").rows
    assert {row["resource_id"] for row in found} == made
    assert "hunter2" not in str(found)
