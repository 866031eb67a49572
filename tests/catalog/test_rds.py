"""RDS, DocumentDB and Neptune, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.look import look
from tests.catalog.places import Network, arn, key, network, tags
from tests.catalog.reading import owned
from tests.world import World


@pytest.fixture
def place(world: World) -> Network:
    found = network(world)
    world.client("rds").create_db_subnet_group(
        DBSubnetGroupName="private", DBSubnetGroupDescription="private", SubnetIds=found.subnets
    )
    return found


def instance(world: World, name: str = "shop", **more: Any) -> dict[str, Any]:
    given = {
        "DBInstanceIdentifier": name, "DBInstanceClass": "db.t3.micro", "Engine": "postgres",
        "AllocatedStorage": 20, "MasterUsername": "root", "MasterUserPassword": "hunter2-hunter2",
    }  # fmt: skip
    made: dict[str, Any] = world.client("rds").create_db_instance(**{**given, **more})
    return dict(made["DBInstance"])


def cluster(world: World, name: str = "ledger", **more: Any) -> dict[str, Any]:
    given = {
        "DBClusterIdentifier": name, "Engine": "aurora-postgresql", "MasterUsername": "root",
        "MasterUserPassword": "hunter2-hunter2",
    }  # fmt: skip
    made: dict[str, Any] = world.client("rds").create_db_cluster(**{**given, **more})
    return dict(made["DBCluster"])


def test_instance_has_its_identifier_and_its_resource_id_as_keys(
    world: World, place: Network
) -> None:
    master = key(world)
    made = instance(
        world, Tags=tags(team="shop"), DBSubnetGroupName="private", KmsKeyId=master,
        StorageEncrypted=True, VpcSecurityGroupIds=[place.group],
    )  # fmt: skip
    found = look(world, "AWS::RDS::DBInstance")
    assert found.row["arn"] == arn(world, "rds", "db:shop")
    assert found.row["resource_id"] == "shop"
    assert found.row["terraform_id"] == made["DbiResourceId"]
    number = made["DbiResourceId"]
    assert found.row["keys"] == [found.row["arn"], number, "shop", f"{number}|shop"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert "hunter2" not in str(found.row["properties"])
    assert found.links >= {
        ("in_vpc", "AWS::EC2::VPC", place.vpc, None),
        ("attached_to", "AWS::EC2::SecurityGroup", place.group, None),
        ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None),
        ("uses", "AWS::RDS::DBSubnetGroup", "private", None),
        ("encrypted_by", "AWS::KMS::Key", master, None),
    }


def test_clusters_of_every_engine_are_listed_once(world: World) -> None:
    cluster(world)
    cluster(world, "graph", Engine="neptune")
    found = look(world, "AWS::RDS::DBCluster").rows
    assert [row["resource_id"] for row in found] == ["graph", "ledger"]


def test_cluster_has_its_name_its_keys_and_its_links(world: World, place: Network) -> None:
    master = key(world)
    made = cluster(
        world, DBSubnetGroupName="private", KmsKeyId=master, StorageEncrypted=True,
        VpcSecurityGroupIds=[place.group], Tags=tags(team="ledger"),
    )  # fmt: skip
    found = look(world, "AWS::RDS::DBCluster")
    assert found.row["arn"] == arn(world, "rds", "cluster:ledger")
    assert found.row["keys"] == [found.row["arn"], "ledger", made["DbClusterResourceId"]]
    assert found.row["tags"] == {"team": "ledger"}
    assert found.row["created_at"] is not None
    assert ("uses", "AWS::RDS::DBSubnetGroup", "private", None) in found.links
    assert ("encrypted_by", "AWS::KMS::Key", master, None) in found.links


def test_master_password_that_rds_keeps_is_owned_by_its_database(world: World) -> None:
    cluster(world, ManageMasterUserPassword=True)
    (row,) = world.client("rds").describe_db_clusters()["DBClusters"]
    secret = row["MasterUserSecret"]["SecretArn"]
    store = world.collect("AWS::RDS::DBCluster")
    found = owned(store, arn(world, "rds", "cluster:ledger"))
    assert found == {("K6", "target", "AWS::SecretsManager::Secret", secret)}


def test_member_of_an_aurora_cluster_is_no_part_of_it_unless_autoscaling_named_it(
    world: World,
) -> None:
    cluster(world)
    aurora = {"Engine": "aurora-postgresql", "DBClusterIdentifier": "ledger"}
    instance(world, "reader", **aurora)
    instance(world, "application-autoscaling-1", **aurora)
    found = look(world, "AWS::RDS::DBInstance")
    store = world.collect("AWS::RDS::DBInstance")
    owner = ("D7", "self", "AWS::RDS::DBCluster", "ledger")
    assert owned(store, found.named("reader")["arn"]) == set()
    assert owned(store, found.named("application-autoscaling-1")["arn"]) == {owner}


def test_subnet_group(world: World, place: Network) -> None:
    found = look(world, "AWS::RDS::DBSubnetGroup")
    assert found.row["arn"] == arn(world, "rds", "subgrp:private")
    assert found.row["keys"] == [found.row["arn"], "private"]
    assert ("in_vpc", "AWS::EC2::VPC", place.vpc, None) in found.links


def test_parameter_groups_of_both_kinds(world: World) -> None:
    rds = world.client("rds")
    rds.create_db_parameter_group(
        DBParameterGroupName="tuned", DBParameterGroupFamily="postgres16", Description="x",
        Tags=tags(team="shop"),
    )  # fmt: skip
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="tuned-all", DBParameterGroupFamily="aurora-postgresql16",
        Description="x",
    )  # fmt: skip
    one = look(world, "AWS::RDS::DBParameterGroup").named("tuned")
    assert one["arn"] == arn(world, "rds", "pg:tuned")
    assert one["tags"] == {"team": "shop"}
    assert one["default_rule"] is None
    many = look(world, "AWS::RDS::DBClusterParameterGroup").named("tuned-all")
    assert many["arn"] == arn(world, "rds", "cluster-pg:tuned-all")


def test_manual_snapshot_is_nobodys_and_an_automatic_one_is_its_instances(world: World) -> None:
    made = instance(world, BackupRetentionPeriod=7)
    world.client("rds").create_db_snapshot(
        DBInstanceIdentifier="shop", DBSnapshotIdentifier="before", Tags=tags(why="upgrade")
    )
    found = look(world, "AWS::RDS::DBSnapshot")
    manual = found.named("before")
    assert manual["arn"] == arn(world, "rds", "snapshot:before")
    assert manual["tags"] == {"why": "upgrade"}
    assert manual["created_at"] is not None
    store = world.collect("AWS::RDS::DBSnapshot")
    assert owned(store, manual["arn"]) == set()
    (automatic,) = (row for row in found.rows if row["arn"] != manual["arn"])
    number = made["DbiResourceId"]
    assert owned(store, automatic["arn"]) == {
        ("D3", "self", "AWS::RDS::DBInstance", owner) for owner in (number, f"{number}|shop")
    }


def test_automatic_snapshots_of_two_instances_are_told_apart(world: World) -> None:
    # The emulator gives every instance the same DbiResourceId.
    for name in ("shop", "till"):
        instance(world, DBInstanceIdentifier=name)
    store = world.collect("AWS::RDS::DBInstance", "AWS::RDS::DBSnapshot")
    ends = store.rows(
        "SELECT arn, target_arn FROM link_target WHERE rule = 'D3' AND target_arn <> ''"
    )
    assert {(end["arn"].split(":")[-1][:4], end["target_arn"]) for end in ends} == {
        (name, arn(world, "rds", f"db:{name}")) for name in ("shop", "till")
    }


def test_cluster_snapshot(world: World) -> None:
    made = cluster(world)
    world.client("rds").create_db_cluster_snapshot(
        DBClusterIdentifier="ledger", DBClusterSnapshotIdentifier="before"
    )
    found = look(world, "AWS::RDS::DBClusterSnapshot").named("before")
    assert found["arn"] == arn(world, "rds", "cluster-snapshot:before")
    assert found["created_at"] is not None
    assert made["DBClusterIdentifier"] == "ledger"


def test_event_subscription_notifies_its_topic(world: World) -> None:
    topic = world.client("sns").create_topic(Name="database")["TopicArn"]
    world.client("rds").create_event_subscription(SubscriptionName="alerts", SnsTopicArn=topic)
    found = look(world, "AWS::RDS::EventSubscription")
    assert found.row["arn"] == arn(world, "rds", "es:alerts")
    assert found.row["keys"] == [found.row["arn"], "alerts"]
    assert found.links == {("notifies", "AWS::SNS::Topic", topic, None)}


def test_proxy(world: World, place: Network) -> None:
    world.client("rds").create_db_proxy(
        DBProxyName="pool", EngineFamily="POSTGRESQL", VpcSubnetIds=place.subnets,
        VpcSecurityGroupIds=[place.group], RoleArn=arn(world, "iam", "role/pool", ""),
        Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED"}],
    )  # fmt: skip
    found = look(world, "AWS::RDS::DBProxy")
    assert found.row["keys"] == [found.row["arn"], "pool"]
    assert found.row["created_at"] is not None
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[1], None) in found.links


def test_global_cluster(world: World) -> None:
    world.client("rds").create_global_cluster(
        GlobalClusterIdentifier="everywhere", Engine="aurora-postgresql"
    )
    found = look(world, "AWS::RDS::GlobalCluster")
    assert found.row["arn"] == arn(world, "rds", "global-cluster:everywhere", "")
    assert found.row["resource_id"] == "everywhere"
