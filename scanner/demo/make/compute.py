"""Compute: instances, volumes and Auto Scaling groups."""

import zlib
from typing import Any

from scanner.demo.make.network import tagged
from scanner.demo.world import IMAGE, Attributes, Site


def instances(site: Site, count: int, name: str, **options: Any) -> list[dict[str, Any]]:
    """Run instances and return them as DescribeInstances tells them."""
    ec2 = site.client("ec2")
    settings = {"InstanceType": "t3.micro", "ImageId": IMAGE} | options
    made = ec2.run_instances(
        MinCount=count,
        MaxCount=count,
        TagSpecifications=tagged("instance", name) if name else [],
        **settings,
    )
    ids = [each["InstanceId"] for each in made["Instances"]]
    return described(site, ids)


def described(site: Site, ids: list[str]) -> list[dict[str, Any]]:
    """DescribeInstances' answer for these ids."""
    answer = site.client("ec2").describe_instances(InstanceIds=ids)
    return [each for group in answer["Reservations"] for each in group["Instances"]]


def instance_parts(site: Site, instance: dict[str, Any]) -> list[tuple[str, str]]:
    """The volumes and network interfaces that were made with an instance: (type, ARN)."""
    volumes = [each["Ebs"]["VolumeId"] for each in instance["BlockDeviceMappings"]]
    interfaces = [each["NetworkInterfaceId"] for each in instance["NetworkInterfaces"]]
    return [("AWS::EC2::Volume", site.arn("ec2", f"volume/{key}")) for key in volumes] + [
        ("AWS::EC2::NetworkInterface", site.arn("ec2", f"network-interface/{key}"))
        for key in interfaces
    ]


def instance_arn(site: Site, instance: dict[str, Any]) -> str:
    """The ARN of an instance, which EC2 does not tell."""
    return site.arn("ec2", f"instance/{instance['InstanceId']}")


def instance_attributes(site: Site, instance: dict[str, Any], name: str) -> Attributes:
    """An instance with its root volume and primary interface, as the provider records it."""
    root = {
        "delete_on_termination": True,
        "device_name": instance["RootDeviceName"],
        "encrypted": False,
        "iops": 0,
        "kms_key_id": "",
        "tags": None,
        "tags_all": {},
        "throughput": 0,
        "volume_id": instance["BlockDeviceMappings"][0]["Ebs"]["VolumeId"],
        "volume_size": 8,
        "volume_type": "gp2",
    }
    return {
        "arn": instance_arn(site, instance),
        "id": instance["InstanceId"],
        "ami": instance["ImageId"],
        "availability_zone": instance["Placement"]["AvailabilityZone"],
        "instance_initiated_shutdown_behavior": "stop",
        "instance_state": "running",
        "instance_type": instance["InstanceType"],
        "primary_network_interface_id": instance["NetworkInterfaces"][0]["NetworkInterfaceId"],
        "private_dns": instance["PrivateDnsName"],
        "private_ip": instance["PrivateIpAddress"],
        "root_block_device": [root],
        "subnet_id": instance["SubnetId"],
        "tenancy": "default",
        "vpc_security_group_ids": [each["GroupId"] for each in instance["SecurityGroups"]],
        "tags": {"Name": name},
    }


def volume(site: Site, zone: str, size: int, name: str) -> Attributes:
    """An EBS volume that is attached to nothing."""
    made = site.client("ec2").create_volume(
        AvailabilityZone=zone,
        Size=size,
        VolumeType="gp3",
        TagSpecifications=tagged("volume", name),
    )
    return {
        "arn": site.arn("ec2", f"volume/{made['VolumeId']}"),
        "id": made["VolumeId"],
        "availability_zone": zone,
        "size": size,
        "type": "gp3",
        "tags": {"Name": name},
    }


def attachment(site: Site, volume_id: str, instance_id: str, device: str) -> Attributes:
    """A volume's attachment, its id a hash of its text."""
    site.client("ec2").attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device=device)
    text = f"{device}-{instance_id}-{volume_id}-"
    return {
        "id": f"vai-{zlib.crc32(text.encode())}",
        "device_name": device,
        "instance_id": instance_id,
        "volume_id": volume_id,
    }


def launch_template(site: Site, name: str) -> Attributes:
    """A launch template for small instances."""
    made = site.client("ec2").create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.micro"},
    )["LaunchTemplate"]
    return {
        "arn": site.arn("ec2", f"launch-template/{made['LaunchTemplateId']}"),
        "id": made["LaunchTemplateId"],
        "name": name,
        "image_id": IMAGE,
        "instance_type": "t3.micro",
        "default_version": 1,
        "latest_version": 1,
    }


def auto_scaling_group(
    site: Site, name: str, template: Attributes, subnets: list[str], size: int
) -> tuple[Attributes, list[str]]:
    """An Auto Scaling group, and the ids of the instances it started."""
    client = site.client("autoscaling")
    reference = {"LaunchTemplateId": template["id"], "Version": "$Latest"}
    client.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate=reference,
        MinSize=1,
        MaxSize=2 * size,
        DesiredCapacity=size,
        VPCZoneIdentifier=",".join(subnets),
        Tags=[{"Key": "Name", "Value": name, "PropagateAtLaunch": True}],
    )
    answer = client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    made = answer["AutoScalingGroups"][0]
    attributes = {
        "arn": made["AutoScalingGroupARN"],
        "id": name,
        "name": name,
        "availability_zones": made["AvailabilityZones"],
        "desired_capacity": size,
        "min_size": 1,
        "max_size": 2 * size,
        "health_check_type": "EC2",
        "launch_template": [{"id": template["id"], "name": template["name"], "version": "$Latest"}],
        "tag": [{"key": "Name", "propagate_at_launch": True, "value": name}],
        "vpc_zone_identifier": subnets,
        "wait_for_capacity_timeout": "10m",
    }
    return attributes, [each["InstanceId"] for each in made["Instances"]]
