"""ECS, verified on the emulator."""

from __future__ import annotations

from typing import Any

from scanner import catalog
from scanner.config import Config, TagClaim
from scanner.resolve import resolve
from tests.catalog.look import look
from tests.catalog.places import arn, role
from tests.catalog.reading import owned, statuses
from tests.world import World


def revision(world: World, family: str = "web", **more: Any) -> str:
    made = world.client("ecs").register_task_definition(
        family=family,
        containerDefinitions=[
            {
                "name": "web", "image": "web:1", "memory": 64, "command": ["--token=hunter2"],
                "environment": [{"name": "PASSWORD", "value": "hunter2"}],
            }
        ],
        **more,
    )  # fmt: skip
    return str(made["taskDefinition"]["taskDefinitionArn"])


def test_clusters_are_all_described_and_the_default_one_is_nothing_special(world: World) -> None:
    ecs = world.client("ecs")
    for name in ("default", "shop"):
        ecs.create_cluster(clusterName=name, tags=[{"key": "team", "value": name}])
    found = look(world, "AWS::ECS::Cluster")
    assert [row["name"] for row in found.rows] == ["default", "shop"]
    shop = found.named("shop")
    assert shop["arn"] == arn(world, "ecs", "cluster/shop")
    assert shop["keys"] == [shop["arn"], "shop"]
    assert shop["terraform_id"] == shop["arn"]
    assert shop["tags"] == {"team": "shop"}
    assert {row["default_rule"] for row in found.rows} == {None}


def test_services_are_listed_in_every_cluster(world: World) -> None:
    ecs = world.client("ecs")
    definition = revision(world)
    for name in ("default", "shop"):
        ecs.create_cluster(clusterName=name)
        for number in range(11):
            ecs.create_service(
                cluster=name, serviceName=f"{name}-{number}", taskDefinition=definition,
                desiredCount=0, tags=[{"key": "team", "value": name}],
            )  # fmt: skip
    found = look(world, "AWS::ECS::Service")
    assert len(found.rows) == 22
    one = found.named("shop-10")
    assert one["arn"] == arn(world, "ecs", "service/shop/shop-10")
    assert one["keys"] == [one["arn"], "shop/shop-10"]
    assert one["parent_arn"] == arn(world, "ecs", "cluster/shop")
    assert one["tags"] == {"team": "shop"}
    assert ("uses", "AWS::ECS::TaskDefinition", definition, None) in found.links


def test_task_definition_keeps_no_secrets(world: World) -> None:
    worker = role(world)
    made = revision(world, taskRoleArn=worker, tags=[{"key": "team", "value": "shop"}])
    found = look(world, "AWS::ECS::TaskDefinition")
    assert found.row["arn"] == made == arn(world, "ecs", "task-definition/web:1")
    assert found.row["keys"] == [made, "web"]
    assert found.row["name"] == found.row["terraform_id"] == "web"
    assert found.row["tags"] == {"team": "shop"}
    assert "hunter2" not in str(found.row["properties"])
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links


def test_inactive_revisions_are_no_rows_and_the_others_are_of_one_family(world: World) -> None:
    first, second, third = (revision(world) for _ in range(3))
    world.client("ecs").deregister_task_definition(taskDefinition=first)
    store = world.collect("AWS::ECS::TaskDefinition")
    assert set(statuses(store)) == {second, third}
    assert owned(store, third) == {("C17", "self", "AWS::ECS::TaskDefinition", "web")}


def test_revision_that_is_claimed_owns_the_others_of_its_family(world: World) -> None:
    first = revision(world, tags=[{"key": "by", "value": "terraform"}])
    second, other = revision(world), revision(world, "job")
    store = world.collect("AWS::ECS::TaskDefinition")
    rule = TagClaim(key="by", value="terraform", owner="platform")
    scan = store.value("SELECT scan_id FROM scan")
    resolve(store, catalog.load(), Config(tag_claim=[rule]), scan)
    found = {row["arn"]: row["status"] for row in store.rows("SELECT arn, status FROM inventory")}
    assert found == {first: "managed", second: "derived", other: "unmanaged"}


def test_strays_of_one_family_hang_on_one_root(world: World) -> None:
    for _ in range(3):
        revision(world)
    store = world.collect("AWS::ECS::TaskDefinition")
    assert set(statuses(store).values()) == {"unmanaged"}
    roots = store.rows("SELECT DISTINCT root FROM inventory WHERE root IS NOT NULL")
    assert len(roots) == 1
