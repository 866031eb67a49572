"""Auto Scaling groups and their parts, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.reading import links, owned, row, rows
from tests.world import IMAGE, World

GROUP = "AWS::AutoScaling::AutoScalingGroup"


@pytest.fixture
def subnets(world: World) -> list[str]:
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"]
        for n in range(2)
    ]


@pytest.fixture
def group(world: World, subnets: list[str]) -> str:
    """An Auto Scaling group of one instance, from a launch template."""
    world.client("ec2").create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"}
    )
    world.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="web", MinSize=1, MaxSize=1,
        LaunchTemplate={"LaunchTemplateName": "web", "Version": "$Latest"},
        VPCZoneIdentifier=",".join(subnets),
        Tags=[{"Key": "team", "Value": "core", "PropagateAtLaunch": False}],
    )  # fmt: skip
    return "web"


def test_group_owns_the_instances_it_lists(world: World, group: str, subnets: list[str]) -> None:
    store = world.collect("AWS::AutoScaling::*", "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate")
    found = row(store, GROUP, group)
    assert found["arn"].startswith(
        f"arn:aws:autoscaling:us-east-1:{world.account_id}:autoScalingGroup:"
    )
    assert found["keys"] == [found["arn"], "web"]
    assert found["tags"] == {"team": "core"}
    assert found["created_at"] is not None
    (template,) = rows(store, "AWS::EC2::LaunchTemplate")
    uses = {link for link in links(store, found["arn"]) if link[0] != "assumes"}
    assert uses == {
        ("uses", "AWS::EC2::LaunchTemplate", template["resource_id"]),
        *(("attached_to", "AWS::EC2::Subnet", subnet) for subnet in subnets),
    }
    (instance,) = rows(store, "AWS::EC2::Instance")
    assert owned(store, found["arn"]) == {
        ("C1", "target", "AWS::EC2::Instance", instance["resource_id"])
    }
    assert ("C1", "self", GROUP, "web") in owned(store, instance["arn"])


def test_policy_is_named_within_its_group(world: World, group: str) -> None:
    world.client("autoscaling").put_scaling_policy(
        AutoScalingGroupName=group, PolicyName="up", PolicyType="SimpleScaling",
        AdjustmentType="ChangeInCapacity", ScalingAdjustment=1,
    )  # fmt: skip
    store = world.collect("AWS::AutoScaling::ScalingPolicy")
    found = row(store, "AWS::AutoScaling::ScalingPolicy", "web/up")
    assert f":{world.account_id}:scalingPolicy:" in found["arn"]
    assert found["terraform_id"] == "up"
    assert links(store, found["arn"]) == {("contains", GROUP, "web")}


def test_scheduled_action_belongs_in_its_group(world: World, group: str) -> None:
    world.client("autoscaling").put_scheduled_update_group_action(
        AutoScalingGroupName=group, ScheduledActionName="night", Recurrence="0 0 * * *",
        MinSize=0, MaxSize=1, DesiredCapacity=0,
    )  # fmt: skip
    store = world.collect("AWS::AutoScaling::ScheduledAction")
    found = row(store, "AWS::AutoScaling::ScheduledAction", "web/night")
    assert f":{world.account_id}:scheduledUpdateGroupAction:" in found["arn"]
    assert links(store, found["arn"]) == {("contains", GROUP, "web")}


def test_launch_configuration_never_stores_user_data(world: World) -> None:
    world.client("autoscaling").create_launch_configuration(
        LaunchConfigurationName="old", ImageId=IMAGE, InstanceType="t3.micro",
        UserData="cGFzc3dvcmQ9aHVudGVyMg==", IamInstanceProfile="web",
    )  # fmt: skip
    store = world.collect("AWS::AutoScaling::LaunchConfiguration")
    found = row(store, "AWS::AutoScaling::LaunchConfiguration", "old")
    assert ":launchConfigurationName/old" in found["arn"]
    assert "UserData" not in found["properties"]
    assert links(store, found["arn"]) == {
        ("uses", "AWS::EC2::Image", IMAGE),
        ("uses", "AWS::IAM::InstanceProfile", "web"),
    }
