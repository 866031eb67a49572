"""Instances and what they are made of, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.reading import links, owned, row, rows, statuses
from tests.world import IMAGE, World

NAME = [{"Key": "Name", "Value": "web"}]


def arn(world: World, end: str) -> str:
    return f"arn:aws:ec2:us-east-1:{world.account_id}:{end}"


@pytest.fixture
def subnet(world: World) -> str:
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"])


@pytest.fixture
def public_image() -> str:
    return IMAGE


def run(world: World, image: str, subnet: str, **more: Any) -> dict[str, Any]:
    answer = world.client("ec2").run_instances(
        ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, **more
    )
    found: dict[str, Any] = answer["Instances"][0]
    return found


def test_instance_owns_its_disks_and_its_interface(
    world: World, public_image: str, subnet: str
) -> None:
    ec2 = world.client("ec2")
    ec2.create_key_pair(KeyName="ops")
    disk = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8, "DeleteOnTermination": True}}
    made = run(
        world, public_image, subnet, KeyName="ops", BlockDeviceMappings=[disk],
        TagSpecifications=[{"ResourceType": "instance", "Tags": NAME}],
    )  # fmt: skip
    kept = ec2.create_volume(AvailabilityZone=made["Placement"]["AvailabilityZone"], Size=1)
    ec2.attach_volume(VolumeId=kept["VolumeId"], InstanceId=made["InstanceId"], Device="/dev/sdf")
    store = world.collect("AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::EC2::NetworkInterface")
    found = row(store, "AWS::EC2::Instance", made["InstanceId"])
    assert found["arn"] == arn(world, f"instance/{made['InstanceId']}")
    assert found["name"] == "web"
    assert found["created_at"] is not None
    (interface,) = rows(store, "AWS::EC2::NetworkInterface")
    disks = {r["resource_id"] for r in rows(store, "AWS::EC2::Volume")} - {kept["VolumeId"]}
    assert owned(store, found["arn"]) == {
        ("E3", "target", "AWS::EC2::NetworkInterface", interface["resource_id"]),
        ("C19", "target", "AWS::EC2::Volume", disks.pop()),
    }
    assert links(store, found["arn"]) == {
        ("in_vpc", "AWS::EC2::VPC", made["VpcId"]),
        ("attached_to", "AWS::EC2::Subnet", subnet),
        ("uses", "AWS::EC2::KeyPair", "ops"),
        ("uses", "AWS::EC2::Image", public_image),
    }
    assert statuses(store)[arn(world, f"volume/{kept['VolumeId']}")] == "unmanaged"


def test_instance_names_its_groups_and_profile(
    world: World, public_image: str, subnet: str
) -> None:
    profile = world.client("iam").create_instance_profile(InstanceProfileName="web")
    made = run(
        world, public_image, subnet,
        IamInstanceProfile={"Name": "web"},
    )  # fmt: skip
    store = world.collect("AWS::EC2::Instance")
    found = links(store, arn(world, f"instance/{made['InstanceId']}"))
    target = ("uses", "AWS::IAM::InstanceProfile", profile["InstanceProfile"]["Arn"])
    assert target in found


def test_a_terminated_instance_is_no_row(world: World, public_image: str, subnet: str) -> None:
    made = run(world, public_image, subnet)
    world.client("ec2").terminate_instances(InstanceIds=[made["InstanceId"]])
    store = world.collect("AWS::EC2::Instance")
    assert rows(store, "AWS::EC2::Instance") == []


def test_an_image_owns_its_snapshots_and_public_ones_are_no_rows(
    world: World, public_image: str, subnet: str
) -> None:
    ec2 = world.client("ec2")
    disk = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 8, "DeleteOnTermination": True}}
    made = run(world, public_image, subnet, BlockDeviceMappings=[disk])
    image = ec2.create_image(InstanceId=made["InstanceId"], Name="golden")["ImageId"]
    store = world.collect("AWS::EC2::Image", "AWS::EC2::Snapshot")
    (found,) = rows(store, "AWS::EC2::Image")
    assert found["arn"] == f"arn:aws:ec2:us-east-1::image/{image}"
    assert found["name"] == "golden"
    assert found["created_at"] is not None
    (snapshot,) = rows(store, "AWS::EC2::Snapshot")
    assert snapshot["arn"] == f"arn:aws:ec2:us-east-1::snapshot/{snapshot['resource_id']}"
    assert owned(store, found["arn"]) == {
        ("C21", "target", "AWS::EC2::Snapshot", snapshot["resource_id"])
    }


def test_volume_and_snapshot_name_their_key_and_source(world: World) -> None:
    ec2 = world.client("ec2")
    key = world.client("kms").create_key()["KeyMetadata"]["Arn"]
    volume = ec2.create_volume(
        AvailabilityZone="us-east-1a", Size=1, Encrypted=True, KmsKeyId=key,
        TagSpecifications=[{"ResourceType": "volume", "Tags": NAME}],
    )["VolumeId"]  # fmt: skip
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    store = world.collect("AWS::EC2::Volume", "AWS::EC2::Snapshot")
    found = row(store, "AWS::EC2::Volume", volume)
    assert found["arn"] == arn(world, f"volume/{volume}")
    assert found["tags"] == {"Name": "web"}
    assert links(store, found["arn"]) == {("encrypted_by", "AWS::KMS::Key", key)}
    copy = row(store, "AWS::EC2::Snapshot", snapshot)
    assert ("uses", "AWS::EC2::Volume", volume) in links(store, copy["arn"])
    assert copy["created_at"] is not None


def test_key_pair_is_named_by_its_name_everywhere(world: World) -> None:
    made = world.client("ec2").create_key_pair(KeyName="ops")
    store = world.collect("AWS::EC2::KeyPair")
    found = row(store, "AWS::EC2::KeyPair", made["KeyPairId"])
    assert found["keys"] == [arn(world, "key-pair/ops"), "ops", made["KeyPairId"]]
    assert found["terraform_id"] == "ops"
    assert found["created_at"] is not None


def test_launch_template_has_id_and_name(world: World) -> None:
    made = world.client("ec2").create_launch_template(
        LaunchTemplateName="web",
        LaunchTemplateData={"InstanceType": "t3.micro", "UserData": "c2VjcmV0"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": NAME}],
    )["LaunchTemplate"]["LaunchTemplateId"]  # fmt: skip
    store = world.collect("AWS::EC2::LaunchTemplate")
    found = row(store, "AWS::EC2::LaunchTemplate", made)
    assert found["keys"] == [arn(world, f"launch-template/{made}"), made, "web"]
    assert found["tags"] == {"Name": "web"}
    assert "c2VjcmV0" not in str(found["properties"])


@pytest.fixture
def template(world: World, public_image: str) -> str:
    data = {"ImageId": public_image, "InstanceType": "t3.micro"}
    made = world.client("ec2").create_launch_template(
        LaunchTemplateName="fleet", LaunchTemplateData=data
    )
    return str(made["LaunchTemplate"]["LaunchTemplateId"])


def test_fleet_names_its_template(world: World, template: str) -> None:
    made = world.client("ec2").create_fleet(
        Type="maintain",
        LaunchTemplateConfigs=[
            {"LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"}}
        ],
        TargetCapacitySpecification={
            "TotalTargetCapacity": 1, "DefaultTargetCapacityType": "on-demand",
        },
    )["FleetId"]  # fmt: skip
    store = world.collect("AWS::EC2::EC2Fleet")
    found = row(store, "AWS::EC2::EC2Fleet", made)
    assert found["arn"] == arn(world, f"fleet/{made}")
    assert ("uses", "AWS::EC2::LaunchTemplate", template) in links(store, found["arn"])
    (instance,) = world.client("ec2").describe_fleet_instances(FleetId=made)["ActiveInstances"]
    owns = ("C2", "target", "AWS::EC2::Instance", instance["InstanceId"])
    assert owned(store, found["arn"]) == {owns}


def test_spot_fleet_names_its_role_and_is_gone_when_cancelled(
    world: World, public_image: str, subnet: str
) -> None:
    ec2 = world.client("ec2")
    role = f"arn:aws:iam::{world.account_id}:role/fleet"

    def request() -> str:
        made = ec2.request_spot_fleet(
            SpotFleetRequestConfig={
                "IamFleetRole": role, "TargetCapacity": 1, "SpotPrice": "0.1",
                "AllocationStrategy": "lowestPrice",
                "LaunchSpecifications": [
                    {
                        "ImageId": public_image, "InstanceType": "t3.micro", "SubnetId": subnet,
                        "UserData": "c2VjcmV0", "SpotPrice": "0.1", "WeightedCapacity": 1.0,
                    }
                ],
            }
        )  # fmt: skip
        return str(made["SpotFleetRequestId"])

    kept, gone = request(), request()
    ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[gone], TerminateInstances=True)
    store = world.collect("AWS::EC2::SpotFleet")
    (found,) = rows(store, "AWS::EC2::SpotFleet")
    assert found["arn"] == arn(world, f"spot-fleet-request/{kept}")
    assert links(store, found["arn"]) == {("assumes", "AWS::IAM::Role", role)}
    assert "c2VjcmV0" not in str(found["properties"])
