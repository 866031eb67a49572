"""EFS, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, key, network, tags
from tests.catalog.reading import owned
from tests.world import World


def test_file_system(world: World) -> None:
    master = key(world)
    made = world.client("efs").create_file_system(
        CreationToken="t", Encrypted=True, KmsKeyId=master, Tags=tags(Name="shared")
    )
    found = look(world, "AWS::EFS::FileSystem")
    own = arn(world, "elasticfilesystem", f"file-system/{made['FileSystemId']}")
    assert found.row["keys"] == [own, made["FileSystemId"]]
    assert found.row["name"] == "shared"
    assert found.row["created_at"] is not None
    assert found.links == {("encrypted_by", "AWS::KMS::Key", master, None)}


def test_mount_target_owns_its_network_interface(world: World) -> None:
    place = network(world)
    efs = world.client("efs")
    system = efs.create_file_system(CreationToken="t")["FileSystemId"]
    made = efs.create_mount_target(FileSystemId=system, SubnetId=place.subnets[0])
    found = look(world, "AWS::EFS::MountTarget")
    assert found.row["resource_id"] == made["MountTargetId"]
    assert found.row["parent_arn"] == arn(world, "elasticfilesystem", f"file-system/{system}")
    assert found.row["arn"] == f"{found.row['parent_arn']}/mount-target/{made['MountTargetId']}"
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links
    rules = owned(world.collect("AWS::EFS::MountTarget"), found.row["arn"])
    assert ("E8", "target", "AWS::EC2::NetworkInterface", made["NetworkInterfaceId"]) in rules


def test_access_point(world: World) -> None:
    efs = world.client("efs")
    system = efs.create_file_system(CreationToken="t")["FileSystemId"]
    made = efs.create_access_point(ClientToken="t", FileSystemId=system, Tags=tags(Name="home"))
    found = look(world, "AWS::EFS::AccessPoint")
    assert found.row["arn"] == made["AccessPointArn"]
    assert found.row["keys"] == [made["AccessPointArn"], made["AccessPointId"]]
    assert found.row["name"] == "home"
    assert found.links == {("uses", "AWS::EFS::FileSystem", system, None)}
