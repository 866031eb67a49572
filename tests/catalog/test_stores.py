"""FSx, MemoryDB, DAX, Timestream, S3 Tables and Managed Prometheus, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, role, tags
from tests.catalog.reading import owned
from tests.world import World


def test_file_system_and_its_backup(world: World) -> None:
    place = network(world)
    fsx = world.client("fsx")
    system = fsx.create_file_system(
        FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=place.subnets[:1],
        Tags=tags(Name="scratch"),
    )["FileSystem"]  # fmt: skip
    backup = fsx.create_backup(FileSystemId=system["FileSystemId"])["Backup"]
    found = look(world, "AWS::FSx::FileSystem")
    assert found.row["keys"] == [system["ResourceARN"], system["FileSystemId"]]
    assert found.row["name"] == "scratch"
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links
    copy = look(world, "Ext::FSx::Backup").row
    assert copy["keys"] == [backup["ResourceARN"], backup["BackupId"]]
    assert owned(world.collect("Ext::FSx::Backup"), copy["arn"]) == set()


def test_memorydb_cluster(world: World) -> None:
    made = world.client("memorydb").create_cluster(
        ClusterName="sessions", NodeType="db.t4g.small", ACLName="open-access",
        Tags=tags(team="shop"),
    )["Cluster"]  # fmt: skip
    found = look(world, "AWS::MemoryDB::Cluster")
    assert found.row["keys"] == [made["ARN"], "sessions"]
    assert found.row["tags"] == {"team": "shop"}
    assert ("uses", "AWS::MemoryDB::ACL", "open-access", None) in found.links


def test_memorydb_user_called_default_is_aws_own(world: World) -> None:
    world.client("memorydb").create_user(
        UserName="reader", AccessString="on ~* +get", AuthenticationMode={"Type": "iam"}
    )
    found = look(world, "AWS::MemoryDB::User")
    assert found.named("reader")["arn"] == arn(world, "memorydb", "user/reader")
    assert found.named("reader")["default_rule"] is None


def test_memorydb_subnet_group_and_snapshot(world: World) -> None:
    place = network(world)
    memory = world.client("memorydb")
    memory.create_subnet_group(
        SubnetGroupName="private", SubnetIds=place.subnets, Tags=tags(team="shop")
    )
    memory.create_cluster(
        ClusterName="sessions", NodeType="db.t4g.small", ACLName="open-access",
        SubnetGroupName="private",
    )  # fmt: skip
    memory.create_snapshot(ClusterName="sessions", SnapshotName="before")
    group = look(world, "AWS::MemoryDB::SubnetGroup").named("private")
    assert group["arn"] == arn(world, "memorydb", "subnetgroup/private")
    assert group["default_rule"] is None
    snapshot = look(world, "Ext::MemoryDB::Snapshot").row
    assert snapshot["resource_id"] == "before"
    assert owned(world.collect("Ext::MemoryDB::Snapshot"), snapshot["arn"]) == set()


def test_dax_cluster(world: World) -> None:
    worker = role(world)
    world.client("dax").create_cluster(
        ClusterName="cache", NodeType="dax.t3.small", ReplicationFactor=1, IamRoleArn=worker,
        Tags=tags(team="shop"),
    )  # fmt: skip
    found = look(world, "AWS::DAX::Cluster")
    assert found.row["keys"] == [arn(world, "dax", "cache/cache"), "cache"]
    assert found.row["tags"] == {"team": "shop"}
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links


def test_timestream_database_and_table(world: World) -> None:
    client = world.client("timestream-write")
    client.create_database(DatabaseName="metrics", Tags=tags(team="ops"))
    client.create_table(DatabaseName="metrics", TableName="cpu")
    database = look(world, "AWS::Timestream::Database").row
    assert database["keys"] == [arn(world, "timestream", "database/metrics"), "metrics"]
    assert database["tags"] == {"team": "ops"}
    table = look(world, "AWS::Timestream::Table").row
    assert table["arn"] == arn(world, "timestream", "database/metrics/table/cpu")
    assert table["keys"] == [table["arn"], "cpu:metrics", "metrics|cpu"]


def test_table_bucket(world: World) -> None:
    made = world.client("s3tables").create_table_bucket(name="lake")["arn"]
    found = look(world, "AWS::S3Tables::TableBucket").row
    assert found["keys"] == [made, "lake"]
    assert found["created_at"] is not None
    assert found["default_rule"] is None


def test_prometheus_workspace(world: World) -> None:
    made = world.client("amp").create_workspace(alias="metrics", tags={"team": "ops"})
    found = look(world, "AWS::APS::Workspace").row
    assert found["keys"] == [made["arn"], made["workspaceId"]]
    assert found["name"] == "metrics"
    assert found["tags"] == {"team": "ops"}
