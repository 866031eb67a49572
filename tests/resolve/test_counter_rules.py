"""What looks managed and is not is a stray; what truly is, beside it, is not."""

from __future__ import annotations

from typing import Any

from rules.run import check
from scanner.config import Config
from scanner.model import Claim, Link, Resource, Source
from scanner.store import Store
from tests.resolve.answers import listed, tags
from tests.resolve.build import ACCOUNT, REGION, SCAN, claim, resolved

EC2 = "AWS::EC2::"
GROUP = "AWS::AutoScaling::AutoScalingGroup"
Seen = tuple[Resource, list[Link]]


def judged(*seen: Seen, claims: tuple[Claim, ...] = (), sources: tuple[Source, ...] = ()) -> Store:
    """A store with these things, their cells all listed, resolved."""
    links = [link for _, found in seen for link in found]
    return resolved([thing for thing, _ in seen], list(claims), links, sources=list(sources))


def status(store: Store) -> dict[str, str]:
    """Status by id."""
    rows = store.rows("SELECT resource_id, status FROM inventory")
    return {row["resource_id"]: row["status"] for row in rows}


def messages(store: Store, rule_id: str) -> list[str]:
    check(store, Config(), SCAN)
    rows = store.rows("SELECT message FROM findings WHERE rule_id = ?", [rule_id])
    return [row["message"] for row in rows]


def claimed(thing: Seen) -> Claim:
    row = thing[0]
    return claim(
        "a", row.arn, resource_type=row.resource_type, claimed_type=row.terraform_type or "x"
    )


def role(path: str, name: str) -> Seen:
    arn = f"arn:aws:iam::{ACCOUNT}:role{path}{name}"
    return listed("AWS::IAM::Role", {"Path": path, "RoleName": name, "RoleId": "A", "Arn": arn})


def test_role_in_the_service_role_path_is_a_stray_and_a_service_linked_one_is_not() -> None:
    console = role("/service-role/", "quick-fix-role")
    linked = role("/aws-service-role/autoscaling.amazonaws.com/", "AWSServiceRoleForAutoScaling")
    told = status(judged(console, linked))
    assert told == {"quick-fix-role": "unmanaged", "AWSServiceRoleForAutoScaling": "default"}


def test_group_of_the_launch_wizard_is_a_stray_and_the_default_group_of_a_managed_vpc_is_not() -> (
    None
):
    vpc = listed(EC2 + "VPC", {"VpcId": "vpc-1", "OwnerId": ACCOUNT, "IsDefault": False})
    wizard = listed(
        EC2 + "SecurityGroup",
        {"GroupId": "sg-1", "GroupName": "launch-wizard-1", "VpcId": "vpc-1", "OwnerId": ACCOUNT},
    )
    default = listed(
        EC2 + "SecurityGroup",
        {"GroupId": "sg-2", "GroupName": "default", "VpcId": "vpc-1", "OwnerId": ACCOUNT},
    )
    told = status(judged(vpc, wizard, default, claims=(claimed(vpc),)))
    assert told == {"vpc-1": "managed", "sg-1": "unmanaged", "sg-2": "derived"}


def instance(own_id: str, **more: Any) -> Seen:
    return listed(EC2 + "Instance", {"InstanceId": own_id, "State": {"Name": "running"}, **more})


def test_tag_that_says_terraform_claims_nothing_and_is_a_contradiction() -> None:
    store = judged(instance("i-1", Tags=tags(ManagedBy="terraform")))
    assert status(store) == {"i-1": "unmanaged"}
    assert messages(store, "tag_says_code") != []


def stack_tags(account: str = ACCOUNT) -> list[dict[str, str]]:
    stack = f"arn:aws:cloudformation:{REGION}:{account}:stack/old/1"
    return tags(
        aws__cloudformation__stack_id=stack, aws__cloudformation__stack_name="old",
        aws__cloudformation__logical_id="Disk",
    )  # fmt: skip


def test_tag_of_a_gone_stack_is_a_stray_that_says_whose_it_was() -> None:
    read = Source(
        f"cloudformation {ACCOUNT} {REGION}",
        "cloudformation",
        "read",
        account_id=ACCOUNT,
        region=REGION,
    )
    store = judged(instance("i-1", Tags=stack_tags()), sources=(read,))
    assert status(store) == {"i-1": "unmanaged"}
    assert messages(store, "retained_from_gone_stack") != []


def test_tag_of_a_stack_that_could_not_be_read_is_not_held_against_it() -> None:
    denied = Source(
        f"cloudformation {ACCOUNT} {REGION}",
        "cloudformation",
        "denied",
        account_id=ACCOUNT,
        region=REGION,
    )
    assert status(judged(instance("i-1", Tags=stack_tags()), sources=(denied,))) == {
        "i-1": "unknown"
    }


def group(name: str, *instances: str) -> Seen:
    arn = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/{name}"
    members = [{"InstanceId": own_id} for own_id in instances]
    return listed(
        GROUP, {"AutoScalingGroupName": name, "AutoScalingGroupARN": arn, "Instances": members}
    )


def of_group(name: str) -> list[dict[str, str]]:
    return [{"Key": "aws:autoscaling:groupName", "Value": name}]


def test_instance_of_a_gone_group_is_a_stray_and_says_whose_it_was() -> None:
    web = group("web", "i-1")
    alive, orphan = instance("i-1", Tags=of_group("web")), instance("i-2", Tags=of_group("gone"))
    store = judged(web, alive, orphan, claims=(claimed(web),))
    assert status(store) == {"web": "managed", "i-1": "derived", "i-2": "unmanaged"}
    assert any("gone" in text for text in messages(store, "owner_gone"))


def test_instance_of_a_group_is_unknown_where_groups_were_not_looked_for() -> None:
    assert status(judged(instance("i-1", Tags=of_group("web")))) == {"i-1": "unknown"}


def test_instances_of_a_group_made_by_hand_hang_on_it_and_are_one_stray() -> None:
    web, one, two = group("web", "i-1", "i-2"), instance("i-1"), instance("i-2")
    store = judged(web, one, two)
    assert set(status(store).values()) == {"unmanaged"}
    assert len(messages(store, "unmanaged_resource")) == 1


def interface(own_id: str, **more: Any) -> Seen:
    return listed(EC2 + "NetworkInterface", {"NetworkInterfaceId": own_id, **more})


def test_leaked_interface_of_a_service_is_a_stray_and_one_in_use_is_not() -> None:
    used = interface(
        "eni-1",
        RequesterManaged=True,
        RequesterId="amazon-x",
        Status="in-use",
        InterfaceType="interface",
    )
    leaked = interface(
        "eni-2",
        RequesterManaged=True,
        RequesterId="amazon-x",
        Status="available",
        InterfaceType="interface",
    )
    assert status(judged(used, leaked)) == {"eni-1": "default", "eni-2": "unmanaged"}


def test_interface_that_the_cni_left_of_a_gone_node_is_a_stray() -> None:
    node = instance("i-1")
    kept = interface(
        "eni-1",
        Status="in-use",
        TagSet=[{"Key": "node.k8s.amazonaws.com/instance_id", "Value": "i-1"}],
    )
    left = interface(
        "eni-2",
        Status="available",
        TagSet=[{"Key": "node.k8s.amazonaws.com/instance_id", "Value": "i-9"}],
    )
    told = status(judged(node, kept, left, claims=(claimed(node),)))
    assert told == {"i-1": "managed", "eni-1": "derived", "eni-2": "unmanaged"}


def balancer(name: str, cluster: str) -> Seen:
    arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/{name}/1"
    tag = {"Key": "elbv2.k8s.aws/cluster", "Value": cluster}
    return listed(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"LoadBalancerArn": arn, "LoadBalancerName": name, "Tags": [tag]},
    )


def test_load_balancer_of_a_gone_cluster_is_a_stray_and_of_a_managed_one_is_not() -> None:
    arn = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/live"
    cluster = listed("AWS::EKS::Cluster", {"name": "live", "arn": arn})
    store = judged(
        cluster, balancer("kept", "live"), balancer("left", "dead"), claims=(claimed(cluster),)
    )
    rows = store.rows("SELECT name, status FROM inventory WHERE name IN ('kept', 'left')")
    assert {row["name"]: row["status"] for row in rows} == {"kept": "derived", "left": "unmanaged"}
