"""What AWS's own inventories count, from answers of AWS's documentation: the emulator has none.

https://docs.aws.amazon.com/config/latest/APIReference/API_GetDiscoveredResourceCounts.html
https://github.com/aws/aws-cli/blob/develop/awscli/examples/cloudformation/list-resource-scan-resources.rst
Resource Explorer's stand in `answering.py`.
"""

from __future__ import annotations

import pytest

import rules
from scanner.cross_check import SOURCES
from scanner.store import Store
from tests.collect.answering import INDEX, Answers, answering, item
from tests.world import World

RECORDING = {"ConfigurationRecordersStatus": [{"name": "default", "recording": True}]}
COUNTS = {
    "totalDiscoveredResources": 60,
    "resourceCounts": [
        {"resourceType": "AWS::EC2::Instance", "count": 25},
        {"resourceType": "AWS::IAM::User", "count": 20},
        {"resourceType": "AWS::S3::Bucket", "count": 15},
    ],
}
SCAN = "arn:aws:cloudformation:us-east-1:123456789012:resourceScan/0a699f15-489c-43ca-a3ef"
SCANS = f"""<ListResourceScansResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<ListResourceScansResult><ResourceScanSummaries>
<member><ResourceScanId>{SCAN}-later</ResourceScanId><Status>IN_PROGRESS</Status></member>
<member><ResourceScanId>{SCAN}</ResourceScanId><Status>COMPLETE</Status></member>
</ResourceScanSummaries></ListResourceScansResult></ListResourceScansResponse>"""
SCANNED = """<ListResourceScanResourcesResponse
xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListResourceScanResourcesResult>
<Resources><member><ResourceType>AWS::EKS::Cluster</ResourceType>
<ResourceIdentifier><entry><key>ClusterName</key><value>MyAppClusterName</value></entry>
</ResourceIdentifier><ManagedByStack>false</ManagedByStack></member>
<member><ResourceType>AWS::AutoScaling::AutoScalingGroup</ResourceType>
<ResourceIdentifier><entry><key>AutoScalingGroupName</key><value>MyAppASGName</value></entry>
</ResourceIdentifier><ManagedByStack>false</ManagedByStack></member></Resources>
</ListResourceScanResourcesResult></ListResourceScanResourcesResponse>"""


@pytest.fixture
def answers() -> Answers:
    return {
        "DescribeConfigurationRecorderStatus": RECORDING,
        "GetDiscoveredResourceCounts": COUNTS,
        "GetIndex": INDEX,
        "ListResources": {"Resources": []},
        "ListResourceScans": SCANS,
        "ListResourceScanResources": SCANNED,
    }


def counted(store: Store) -> dict[str, tuple[int, int]]:
    """Per type: how many are counted, and how many of them were not scanned."""
    rows = store.rows("SELECT counted_type, resources, not_scanned FROM cross_checked")
    return {row["counted_type"]: (row["resources"], row["not_scanned"]) for row in rows}


def told(store: Store) -> list[str]:
    """The messages of the rule."""
    (rule,) = (one for one in rules.load() if one.rule_id == "coverage_cross_check")
    return sorted(str(row["message"]) for row in store.rows(rule.select))


def test_types_that_config_counts_and_no_scan_lists_are_told(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answers, monkeypatch):
        store = world.collect("AWS::S3::Bucket", cross_check=["config"])
    assert counted(store) == {
        "AWS::EC2::Instance": (25, 25), "AWS::IAM::User": (20, 20), "AWS::S3::Bucket": (15, 0),
    }  # fmt: skip
    assert told(store) == [
        f"config counts 45 resources of 2 types in account {world.account_id} that were not "
        "scanned: AWS::EC2::Instance (25), AWS::IAM::User (20)"
    ]


def test_a_global_type_that_is_counted_in_every_region_is_counted_once(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = ("us-east-1", "eu-west-1")
    with answering(answers, monkeypatch):
        store = world.collect("AWS::SQS::Queue", regions=regions, cross_check=["config"])
    assert counted(store)["AWS::IAM::User"] == (20, 20)
    assert counted(store)["AWS::EC2::Instance"] == (50, 50)


def test_what_the_newest_complete_resource_scan_found_is_counted(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answers, monkeypatch) as asked:
        store = world.collect("AWS::AutoScaling::*", cross_check=["cloudformation"])
    assert counted(store) == {
        "AWS::EKS::Cluster": (1, 1), "AWS::AutoScaling::AutoScalingGroup": (1, 0),
    }  # fmt: skip
    assert not any("StartResourceScan" in one or "-later" in one for one in asked)


def test_resource_explorer_s_types_are_recognised_by_name_or_by_arn(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = world.account_id
    queue = world.client("sqs").create_queue(QueueName="jobs")["QueueUrl"].rpartition("/")[2]
    here = [
        item(f"arn:aws:sqs:us-east-1:{mine}:{queue}", "sqs:queue", OwningAccountId=mine),
        item(f"arn:aws:ec2:us-east-1:{mine}:network-acl/acl-1", "ec2:network-acl",
             OwningAccountId=mine, CfnResourceType="AWS::EC2::NetworkAcl"),
        item(f"arn:aws:new:us-east-1:{mine}:thing/1", "new:thing", OwningAccountId=mine),
        item("arn:aws:new:us-east-1:123456789012:thing/2", "new:thing"),
    ]  # fmt: skip
    policy = {"OwningAccountId": mine, "CfnResourceType": "AWS::IAM::ManagedPolicy"}
    everywhere = [item(f"arn:aws:iam::{mine}:policy/p", "iam:policy", "global", **policy)]
    answers["ListResources"] = lambda body: {
        "Resources": everywhere if "region:global" in body else here
    }
    with answering(answers, monkeypatch):
        store = world.collect("AWS::SQS::Queue", cross_check=["resource-explorer"])
    assert counted(store) == {
        "sqs:queue": (1, 0), "AWS::EC2::NetworkAcl": (1, 1), "new:thing": (1, 1),
        "AWS::IAM::ManagedPolicy": (1, 1),
    }  # fmt: skip


def test_a_source_that_is_off_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = {"DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": []}}
    empty = SCANS.replace("COMPLETE", "EXPIRED")
    with answering(silent | {"ListResourceScans": empty}, monkeypatch):
        store = world.collect("AWS::SQS::Queue", cross_check=list(SOURCES))
    rows = store.rows("SELECT source, outcome, message FROM cross_check ORDER BY source")
    assert [(row["source"], row["outcome"], row["message"]) for row in rows] == [
        ("cloudformation", "off", "there is no complete resource scan here"),
        ("config", "off", "AWS Config records nothing here"),
        ("resource-explorer", "off", "Resource Explorer has no index here"),
    ]
    assert told(store)[0].startswith("cloudformation could not be asked in 1 regions")


def test_a_source_that_is_denied_says_so_and_the_scan_goes_on(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    answers["GetDiscoveredResourceCounts"] = (400, "AccessDeniedException")
    with answering(answers, monkeypatch):
        store = world.collect("AWS::SQS::Queue", cross_check=["config"])
    assert store.value("SELECT outcome FROM cross_check") == "denied"
    assert store.value("SELECT count(*) FROM resource") == 1
    assert "AccessDenied" in told(store)[0]


def test_without_cross_checks_nothing_is_asked_and_nothing_told(world: World) -> None:
    store = world.collect("AWS::SQS::Queue")
    assert store.rows("SELECT * FROM cross_check") == []
    assert told(store) == []
