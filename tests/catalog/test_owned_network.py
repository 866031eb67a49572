"""Ownership rules of networks and compute on documents that the emulator cannot make."""

from __future__ import annotations

from typing import Any

import pytest

from scanner import catalog
from scanner.documents import apply_rules, identify, links_of
from scanner.model import Account

ACCOUNT = Account("111111111111", "aws", ("us-east-1",))
EC2 = "AWS::EC2::"
OF_REQUESTER = {"RequesterManaged": True, "Status": "in-use"}


def judged(resource_type: str, members: dict[str, Any]) -> dict[str, Any]:
    """A document after the rules, with `_kept` and its ownership links."""
    full = catalog.load()
    entry = full.entries[resource_type]
    own = {"_account": ACCOUNT.account_id, "_region": "us-east-1", "_partition": "aws"}
    document = {**members, **own}
    identify(entry, document)
    rules = full.rules[resource_type]
    document["_kept"] = apply_rules(rules, document)
    found = links_of(entry, rules, document, ACCOUNT, "us-east-1")
    document["_owned"] = {
        (link.rule, link.owns, link.target_type, link.target_key)
        for link in found
        if link.kind == "owns"
    }
    return document


def interface(**members: Any) -> dict[str, Any]:
    return judged(EC2 + "NetworkInterface", {"NetworkInterfaceId": "eni-1", **members})


def tagged(resource_type: str, tags: dict[str, str], **members: Any) -> set[Any]:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    found: set[Any] = judged(resource_type, {**members, "Tags": pairs})["_owned"]
    return found


def test_interface_of_a_load_balancer_belongs_to_the_one_it_names() -> None:
    found = interface(
        **OF_REQUESTER, RequesterId="amazon-elb", InterfaceType="interface",
        Description="ELB app/front/50dc6c495c0c9188",
    )  # fmt: skip
    here = "arn:aws:elasticloadbalancing:us-east-1:111111111111"
    balancer = f"{here}:loadbalancer/app/front/50dc6c495c0c9188"
    owner = ("E6", "self", "AWS::ElasticLoadBalancingV2::LoadBalancer", balancer)
    assert found["_owned"] == {owner}
    assert "_default_rule" not in found, "a stray balancer's interface hangs on it"


def test_interface_of_a_classic_load_balancer_belongs_to_the_one_it_names() -> None:
    found = interface(**OF_REQUESTER, RequesterId="amazon-elb", Description="ELB old")
    assert found["_owned"] == {("E6", "self", "AWS::ElasticLoadBalancing::LoadBalancer", "old")}


def test_a_users_interface_with_a_balancers_description_stays_a_stray() -> None:
    found = interface(Description="ELB app/front/50dc6c495c0c9188", RequesterManaged=False)
    assert found["_owned"] == set()
    assert "_default_rule" not in found


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({**OF_REQUESTER, "RequesterId": "amazon-rds", "InterfaceType": "interface"}, "E1"),
        ({**OF_REQUESTER, "Status": "available", "RequesterId": "amazon-rds"}, None),
        ({**OF_REQUESTER, "InterfaceType": "nat_gateway"}, None),
        ({**OF_REQUESTER, "InterfaceType": "vpc_endpoint"}, None),
        ({"Operator": {"Managed": True, "Principal": "eks.amazonaws.com"}}, "E2"),
        ({"InterfaceType": "lambda"}, "E4"),
        ({"InterfaceType": "interface"}, None),
    ],
)
def test_interfaces_that_only_a_service_can_make_are_default(
    members: dict[str, Any], rule: str | None
) -> None:
    assert interface(**members).get("_default_rule") == rule


def test_further_interfaces_of_nodes_and_pods() -> None:
    trunk = interface(InterfaceType="trunk", Attachment={"InstanceId": "i-1"})
    assert trunk["_owned"] == {("E16", "self", EC2 + "Instance", "i-1")}
    tags = [{"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": "eni-9"}]
    branch = interface(InterfaceType="branch", TagSet=tags)
    assert branch["_owned"] == {("E16", "self", EC2 + "NetworkInterface", "eni-9")}
    attachment = interface(
        InterfaceType="transit_gateway",
        Description="Network Interface for Transit Gateway Attachment tgw-attach-0ab1",
    )
    owner = ("E18", "self", EC2 + "TransitGatewayAttachment", "tgw-attach-0ab1")
    assert attachment["_owned"] == {owner}


def test_an_instance_owns_what_goes_with_it_and_not_what_stays() -> None:
    found = judged(
        EC2 + "Instance",
        {
            "InstanceId": "i-1",
            "NetworkInterfaces": [
                {
                    "NetworkInterfaceId": f"eni-{n}",
                    "Attachment": {"DeviceIndex": n, "DeleteOnTermination": n == 1},
                }
                for n in range(3)
            ],
            "BlockDeviceMappings": [
                {"Ebs": {"VolumeId": "vol-1", "DeleteOnTermination": True}},
                {"Ebs": {"VolumeId": "vol-2", "DeleteOnTermination": False}},
            ],
        },
    )  # fmt: skip
    assert {key for *_, key in found["_owned"]} == {"eni-0", "eni-1", "vol-1"}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"aws:ec2:fleet-id": "fleet-1"}, ("C2", EC2 + "EC2Fleet", "fleet-1")),
        ({"aws:ec2spot:fleet-request-id": "sfr-1"}, ("C2", EC2 + "SpotFleet", "sfr-1")),
        (
            {"eks:cluster-name": "c", "eks:nodegroup-name": "n"},
            ("C8", "AWS::EKS::Nodegroup", "c:n"),
        ),
        ({"aws:eks:cluster-name": "c"}, ("C8", "AWS::EKS::Cluster", "c")),
        (
            {"karpenter.sh/nodepool": "default", "kubernetes.io/cluster/c": "owned"},
            ("C9", "AWS::EKS::Cluster", "c"),
        ),
        ({"aws:elasticmapreduce:job-flow-id": "j-1"}, ("C10", "AWS::EMR::Cluster", "j-1")),
    ],
)
def test_an_instance_belongs_to_what_its_tags_name(
    tags: dict[str, str], expected: tuple[str, str, str]
) -> None:
    rule, owner, key = expected
    assert tagged(EC2 + "Instance", tags, InstanceId="i-1") == {(rule, "self", owner, key)}


def test_half_of_the_tags_name_nothing() -> None:
    for tags in ({"eks:cluster-name": "c"}, {"karpenter.sh/nodepool": "default"}, {"Name": "x"}):
        assert tagged(EC2 + "Instance", tags, InstanceId="i-1") == set()


def test_only_target_tracking_owns_its_alarms() -> None:
    alarm = "arn:aws:cloudwatch:us-east-1:111111111111:alarm:TargetTracking-web"
    policy = {"AutoScalingGroupName": "web", "PolicyName": "cpu", "Alarms": [{"AlarmARN": alarm}]}
    policy["PolicyARN"] = "arn:aws:autoscaling:us-east-1:111111111111:scalingPolicy:1:x"
    kind = "AWS::AutoScaling::ScalingPolicy"
    tracking = judged(kind, {**policy, "PolicyType": "TargetTrackingScaling"})
    assert tracking["_owned"] == {("C37", "target", "AWS::CloudWatch::Alarm", alarm)}
    assert judged(kind, {**policy, "PolicyType": "StepScaling"})["_owned"] == set()


def test_what_other_accounts_share_is_no_row() -> None:
    for owner, kept in (("111111111111", True), ("222222222222", False)):
        found = judged(EC2 + "Subnet", {"SubnetId": "subnet-1", "OwnerId": owner})
        assert found["_kept"] is kept


def test_a_transit_gateway_peering_is_a_row_where_it_was_asked_for() -> None:
    attachment = {
        "TransitGatewayAttachmentId": "tgw-attach-1", "ResourceType": "peering",
        "ResourceOwnerId": "222222222222", "State": "available",
    }  # fmt: skip
    for region, account, kept in (
        ("us-east-1", "111111111111", True),
        ("eu-west-1", "111111111111", False),
        ("us-east-1", "222222222222", False),
    ):
        asked = {"OwnerId": account, "Region": region}
        found = judged(EC2 + "TransitGatewayAttachment", {**attachment, "RequesterTgwInfo": asked})
        assert found["_kept"] is kept


def test_an_automatic_regional_nat_gateway_owns_its_addresses() -> None:
    gateway = {
        "NatGatewayId": "nat-1", "State": "available", "AvailabilityMode": "regional",
        "NatGatewayAddresses": [{"AllocationId": "eipalloc-1"}],
    }  # fmt: skip
    automatic = judged(EC2 + "NatGateway", {**gateway, "AutoProvisionZones": "enabled"})
    assert automatic["_owned"] == {("N19", "target", EC2 + "EIP", "eipalloc-1")}
    manual = judged(EC2 + "NatGateway", {**gateway, "AutoProvisionZones": "disabled"})
    assert manual["_owned"] == set()


def test_a_route_to_an_appliance_endpoint_is_nobodys() -> None:
    route = {
        "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "vpce-1", "Origin": "CreateRoute",
        "_parent": {"RouteTableId": "rtb-1", "_arn": "arn:aws:ec2:us-east-1:1:route-table/rtb-1"},
    }  # fmt: skip
    assert judged(EC2 + "Route", route)["_owned"] == set()


def test_snapshots_of_services_belong_to_what_their_tags_name() -> None:
    snapshot = {"SnapshotId": "snap-1", "OwnerId": ACCOUNT.account_id}
    found = tagged(EC2 + "Snapshot", {"aws:dlm:lifecycle-policy-id": "policy-1"}, **snapshot)
    assert found == {("C22", "self", "AWS::DLM::LifecyclePolicy", "policy-1")}
    backup = [{"Key": "aws:backup:source-resource", "Value": "volume/vol-1:1"}]
    assert judged(EC2 + "Snapshot", {**snapshot, "Tags": backup})["_default_rule"] == "C23"
