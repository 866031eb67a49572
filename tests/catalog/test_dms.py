"""DMS, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, tags
from tests.world import World


def test_instance_endpoints_and_task(world: World) -> None:
    dms = world.client("dms")
    instance = dms.create_replication_instance(
        ReplicationInstanceIdentifier="mover", ReplicationInstanceClass="dms.t3.micro",
        Tags=tags(team="data"),
    )["ReplicationInstance"]["ReplicationInstanceArn"]  # fmt: skip
    ends = [
        dms.create_endpoint(
            EndpointIdentifier=end, EndpointType=end, EngineName="mysql", Username="root",
            Password="hunter2", MySQLSettings={"Password": "hunter2"},
        )["Endpoint"]["EndpointArn"]
        for end in ("source", "target")
    ]  # fmt: skip
    task = dms.create_replication_task(
        ReplicationTaskIdentifier="all", SourceEndpointArn=ends[0], TargetEndpointArn=ends[1],
        ReplicationInstanceArn=instance, MigrationType="full-load", TableMappings="{}",
    )["ReplicationTask"]["ReplicationTaskArn"]  # fmt: skip
    mover = look(world, "AWS::DMS::ReplicationInstance").row
    assert mover["keys"] == [instance, "mover"]
    assert mover["tags"] == {"team": "data"}
    found = look(world, "AWS::DMS::Endpoint")
    assert {row["arn"] for row in found.rows} == set(ends)
    assert "hunter2" not in str(found.rows)
    job = look(world, "AWS::DMS::ReplicationTask")
    assert job.row["keys"] == [task, "all"]
    assert ("uses", "AWS::DMS::ReplicationInstance", instance, None) in job.links
    assert ("uses", "AWS::DMS::Endpoint", ends[1], None) in job.links


def test_subnet_group(world: World) -> None:
    place = network(world)
    world.client("dms").create_replication_subnet_group(
        ReplicationSubnetGroupIdentifier="private",
        ReplicationSubnetGroupDescription="x", SubnetIds=place.subnets,
    )  # fmt: skip
    found = look(world, "AWS::DMS::ReplicationSubnetGroup")
    assert found.row["keys"] == [arn(world, "dms", "subgrp:private"), "private"]
