"""Batch, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import Network, arn, network, role
from tests.catalog.reading import owned
from tests.world import World


@pytest.fixture
def place(world: World) -> Network:
    found = network(world)
    world.client("batch").create_compute_environment(
        computeEnvironmentName="nightly", type="MANAGED", state="ENABLED",
        serviceRole=role(world), tags={"team": "data"},
        computeResources={
            "type": "FARGATE", "maxvCpus": 4, "subnets": found.subnets,
            "securityGroupIds": [found.group],
        },
    )  # fmt: skip
    return found


def test_compute_environment_owns_its_ecs_cluster(world: World, place: Network) -> None:
    found = look(world, "AWS::Batch::ComputeEnvironment")
    assert found.row["arn"] == arn(world, "batch", "compute-environment/nightly")
    assert found.row["keys"] == [found.row["arn"], "nightly"]
    assert found.row["tags"] == {"team": "data"}
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links
    (described,) = world.client("batch").describe_compute_environments()["computeEnvironments"]
    rules = owned(world.collect("AWS::Batch::ComputeEnvironment"), found.row["arn"])
    assert rules == {("C12", "target", "AWS::ECS::Cluster", described["ecsClusterArn"])}


def test_job_queue(world: World, place: Network) -> None:
    batch = world.client("batch")
    environment = arn(world, "batch", "compute-environment/nightly")
    batch.create_job_queue(
        jobQueueName="low", priority=1, state="ENABLED", tags={"team": "data"},
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}],
    )  # fmt: skip
    found = look(world, "AWS::Batch::JobQueue")
    assert found.row["arn"] == found.row["terraform_id"] == arn(world, "batch", "job-queue/low")
    assert found.row["tags"] == {"team": "data"}
    assert ("uses", "AWS::Batch::ComputeEnvironment", environment, None) in found.links


def test_job_definition_keeps_no_secrets(world: World) -> None:
    world.client("batch").register_job_definition(
        jobDefinitionName="report", type="container", parameters={"token": "hunter2"},
        containerProperties={
            "image": "report:1", "memory": 64, "vcpus": 1, "command": ["--token=hunter2"],
            "environment": [{"name": "PASSWORD", "value": "hunter2"}],
        },
    )  # fmt: skip
    found = look(world, "AWS::Batch::JobDefinition")
    assert found.row["arn"] == arn(world, "batch", "job-definition/report:1")
    assert found.row["keys"] == [found.row["arn"], "report"]
    assert "hunter2" not in str(found.row["properties"])
