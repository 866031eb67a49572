"""Redshift, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, tags
from tests.catalog.reading import owned
from tests.world import World


def cluster(world: World) -> None:
    world.client("redshift").create_cluster(
        ClusterIdentifier="lake", NodeType="ra3.xlplus", MasterUsername="root",
        MasterUserPassword="Hunter2Hunter2", ClusterType="single-node", Tags=tags(team="data"),
    )  # fmt: skip


def test_cluster(world: World) -> None:
    cluster(world)
    found = look(world, "AWS::Redshift::Cluster")
    assert found.row["arn"] == arn(world, "redshift", "cluster:lake")
    assert found.row["keys"] == [found.row["arn"], "lake"]
    assert found.row["tags"] == {"team": "data"}
    assert found.row["created_at"] is not None
    assert "Hunter2" not in str(found.row["properties"])


def test_subnet_group(world: World) -> None:
    place = network(world)
    world.client("redshift").create_cluster_subnet_group(
        ClusterSubnetGroupName="private", Description="x", SubnetIds=place.subnets,
        Tags=tags(team="data"),
    )  # fmt: skip
    found = look(world, "AWS::Redshift::ClusterSubnetGroup")
    assert found.row["arn"] == arn(world, "redshift", "subnetgroup:private")
    assert found.row["tags"] == {"team": "data"}
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links


def test_parameter_groups_one_ones_own_and_one_default(world: World) -> None:
    world.client("redshift").create_cluster_parameter_group(
        ParameterGroupName="tuned", ParameterGroupFamily="redshift-1.0", Description="x"
    )
    found = look(world, "AWS::Redshift::ClusterParameterGroup")
    assert found.named("tuned")["arn"] == arn(world, "redshift", "parametergroup:tuned")
    assert found.named("tuned")["default_rule"] is None
    assert found.named("default.redshift-1.0")["default_rule"] == "D16"


def test_manual_snapshot_is_nobodys(world: World) -> None:
    cluster(world)
    world.client("redshift").create_cluster_snapshot(
        SnapshotIdentifier="before", ClusterIdentifier="lake"
    )
    store = world.collect("AWS::Redshift::ClusterSnapshot")
    found = look(world, "AWS::Redshift::ClusterSnapshot")
    made = found.named("before")
    assert made["arn"] == arn(world, "redshift", "snapshot:lake/before")
    assert owned(store, made["arn"]) == set()
    assert ("snapshot_of", "AWS::Redshift::Cluster", "lake", None) in found.links
