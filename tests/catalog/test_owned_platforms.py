"""Rules on what platforms make for themselves, on documents that the emulator cannot make."""

from __future__ import annotations

from typing import Any

import pytest

from scanner import catalog
from scanner.documents import apply_rules, links_of
from scanner.identity import canonical_arn
from scanner.model import Account

ACCOUNT = Account("111111111111", "aws", ("us-east-1",))
PLACE = {"_account": "111111111111", "_region": "us-east-1", "_partition": "aws", "_tags": {}}
SECRET = "arn:aws:secretsmanager:us-east-1:111111111111:secret:x-AbCdEf"
PARENT = "arn:aws:x:us-east-1:111111111111:parent"
CORE = "AWS::BedrockAgentCore::"
SCALING = "AWS::ApplicationAutoScaling::"


def owned(
    resource_type: str, members: dict[str, Any]
) -> set[tuple[str | None, str | None, str, str]]:
    """(rule, owns, type, key) of every ownership rule that holds for a document."""
    known = catalog.load()
    document = {**PLACE, "_arn": "arn:aws:x:us-east-1:111111111111:y", **members}
    document.setdefault("_parent", {"_arn": PARENT})
    entry, rules = known.entries[resource_type], known.rules[resource_type]
    found = links_of(entry, rules, document, ACCOUNT, "us-east-1")
    return {(x.rule, x.owns, x.target_type, x.target_key) for x in found if x.kind == "owns"}


ALARM = "arn:aws:cloudwatch:us-east-1:111111111111:alarm:TargetTracking-x"


@pytest.mark.parametrize(
    ("resource_type", "members", "link"),
    [
        (
            f"{SCALING}ScalingPolicy",
            {"PolicyType": "TargetTrackingScaling", "Alarms": [{"AlarmARN": ALARM}]},
            ("C36", "target", "AWS::CloudWatch::Alarm", ALARM),
        ),
        (
            f"{SCALING}ScalableTarget",
            {"ServiceNamespace": "cassandra", "ResourceId": "keyspace/shop/table/cart"},
            ("C38", "self", "AWS::Cassandra::Table", "shop|cart"),
        ),
        (
            f"{SCALING}ScalingPolicy",
            {"ServiceNamespace": "cassandra"},
            ("C38", "self", f"{SCALING}ScalableTarget", PARENT),
        ),
        (
            "Ext::CloudHSMV2::Cluster",
            {"SecurityGroup": "sg-1", "SubnetMapping": {}},
            ("N43", "target", "AWS::EC2::SecurityGroup", "sg-1"),
        ),
        (
            "Ext::CloudHSMV2::Cluster",
            {"Hsms": [{"EniId": "eni-1"}], "SubnetMapping": {}},
            ("E29", "target", "AWS::EC2::NetworkInterface", "eni-1"),
        ),
        (
            "AWS::Comprehend::DocumentClassifier",
            {"FlywheelArn": PARENT},
            ("D43", "self", "AWS::Comprehend::Flywheel", PARENT),
        ),
        (
            "AWS::AppFlow::ConnectorProfile",
            {"credentialsArn": SECRET},
            ("K14", "target", "AWS::SecretsManager::Secret", SECRET),
        ),
        (
            f"{CORE}ApiKeyCredentialProvider",
            {"apiKeySecretSource": "MANAGED", "apiKeySecretArn": {"secretArn": SECRET}},
            ("K13", "target", "AWS::SecretsManager::Secret", SECRET),
        ),
        (
            f"{CORE}RuntimeEndpoint",
            {"name": "DEFAULT"},
            ("A44", "self", f"{CORE}Runtime", PARENT),
        ),
        (
            f"{CORE}Harness",
            {"runtime": PARENT},
            ("A45", "target", f"{CORE}Runtime", PARENT),
        ),
        (
            f"{CORE}Memory",
            {"managedByResourceArn": PARENT},
            ("A45", "self", f"{CORE}Harness", PARENT),
        ),
        (
            "Ext::EVS::EnvironmentHost",
            {"ec2InstanceId": "i-1"},
            ("C39", "target", "AWS::EC2::Instance", "i-1"),
        ),
        (
            "AWS::GameLift::GameServerGroup",
            {"AutoScalingGroupArn": PARENT},
            ("C40", "target", "AWS::AutoScaling::AutoScalingGroup", PARENT),
        ),
        (
            "Ext::Drs::RecoveryInstance",
            {"sourceServerID": "s-1"},
            ("C29", "self", "Ext::Drs::SourceServer", "s-1"),
        ),
        (
            "AWS::ImageBuilder::Image",
            {"Latest": {"outputs": [{"image": "ami-1"}]}},
            ("C24", "target", "AWS::EC2::Image", "ami-1"),
        ),
    ],
)
def test_owner_that_aws_names_is_linked(
    resource_type: str, members: dict[str, Any], link: tuple[str, str, str, str]
) -> None:
    assert link in owned(resource_type, members)


@pytest.mark.parametrize(
    ("resource_type", "members"),
    [
        (f"{SCALING}ScalingPolicy", {"PolicyType": "StepScaling", "Alarms": [{"AlarmARN": ALARM}]}),
        (f"{SCALING}ScalableTarget", {"ServiceNamespace": "ecs", "ResourceId": "service/a/b"}),
        ("Ext::CloudHSMV2::Backup", {"ClusterId": "c-1", "SourceBackup": "backup-1"}),
        (
            f"{CORE}OAuth2CredentialProvider",
            {"clientSecretSource": "EXTERNAL", "clientSecretArn": {"secretArn": SECRET}},
        ),
        (f"{CORE}RuntimeEndpoint", {"name": "live"}),
    ],
)
def test_what_people_make_is_owned_by_nothing(resource_type: str, members: dict[str, Any]) -> None:
    assert owned(resource_type, members) == set()


@pytest.mark.parametrize(
    ("resource_type", "member"),
    [
        ("AWS::DataZone::Domain", "managedAccountId"),
        ("AWS::CleanRooms::Collaboration", "creatorAccountId"),
        ("AWS::CodeConnections::Connection", "OwnerAccountId"),
        ("AWS::ApplicationInsights::Application", "AccountId"),
    ],
)
def test_what_another_account_shares_is_no_row(resource_type: str, member: str) -> None:
    rules = catalog.load().rules[resource_type]
    assert apply_rules(rules, {**PLACE, member: "111111111111"})
    assert not apply_rules(rules, {**PLACE, member: "222222222222"})


@pytest.mark.parametrize("kind", ["component", "image", "workflow"])
def test_a_build_of_an_image_builder_version_is_compared_as_the_version(kind: str) -> None:
    version = f"arn:aws:imagebuilder:us-east-1:111111111111:{kind}/x/1.0.0"
    assert canonical_arn(f"{version}/2") == canonical_arn(version) == version
    recipe = "arn:aws:imagebuilder:us-east-1:111111111111:image-recipe/x/1.0.0"
    assert canonical_arn(recipe) == recipe
