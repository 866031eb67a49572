"""EMR, verified on the emulator."""

from __future__ import annotations

from typing import Any

from tests.catalog.look import look
from tests.catalog.places import network, tags
from tests.world import World


def cluster(world: World, name: str) -> str:
    place = network(world)
    instances: dict[str, Any] = {
        "MasterInstanceType": "m5.xlarge", "SlaveInstanceType": "m5.xlarge", "InstanceCount": 2,
        "KeepJobFlowAliveWhenNoSteps": True, "Ec2SubnetId": place.subnets[0],
    }  # fmt: skip
    made = world.client("emr").run_job_flow(
        Name=name, Instances=instances, JobFlowRole="EMR_EC2_DefaultRole",
        ServiceRole="EMR_DefaultRole", Tags=tags(team="data"), ReleaseLabel="emr-7.0.0",
        Configurations=[{"Classification": "hive-site", "Properties": {"password": "hunter2"}}],
    )  # fmt: skip
    return str(made["JobFlowId"])


def test_cluster_that_ended_is_no_row(world: World) -> None:
    kept, ended = cluster(world, "kept"), cluster(world, "ended")
    world.client("emr").terminate_job_flows(JobFlowIds=[ended])
    found = look(world, "AWS::EMR::Cluster")
    assert found.row["resource_id"] == kept
    assert found.row["arn"].endswith(f":cluster/{kept}")
    assert found.row["tags"] == {"team": "data"}
    assert found.row["created_at"] is not None
    assert "hunter2" not in str(found.row["properties"])
