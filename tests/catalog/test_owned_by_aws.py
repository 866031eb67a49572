"""Rules on fields that the emulator never fills: what each makes of a document that has them."""

from __future__ import annotations

from typing import Any

import pytest

from scanner import catalog
from scanner.documents import apply_rules, links_of
from scanner.model import Account

ACCOUNT = Account("111122223333", "aws", ("us-east-1",))
PLACE = {"_account": "111122223333", "_region": "us-east-1", "_partition": "aws", "_tags": {}}


def document(**members: Any) -> dict[str, Any]:
    """A document as the lister makes them, already identified."""
    return {**PLACE, "_arn": "arn:aws:x:us-east-1:111122223333:y", **members}


@pytest.mark.parametrize(
    ("resource_type", "members", "rule"),
    [
        ("AWS::Events::Rule", {"Name": "x", "ManagedBy": "autoscaling.amazonaws.com"}, "L13"),
        ("AWS::Events::Rule", {"Name": "AutoScalingManagedRule"}, None),
        ("AWS::Events::EventBus", {"Name": "x", "ManagedBy": "x.amazonaws.com"}, "L12"),
        ("AWS::Config::ConfigRule", {"ConfigRuleName": "x", "CreatedBy": "fms"}, "L18"),
        ("AWS::Config::ConfigurationRecorder", {"servicePrincipal": "x.amazonaws.com"}, "L19"),
        ("AWS::Config::ConformancePack", {"CreatedBy": "x.amazonaws.com"}, "L20"),
        ("AWS::SecurityHub::Hub", {"Administrator": {"AccountId": "444455556666"}}, "L24"),
        ("AWS::SecurityHub::Hub", {"Administrator": None}, None),
        ("AWS::AccessAnalyzer::Analyzer", {"managedBy": "x.amazonaws.com"}, "I19"),
    ],
)
def test_what_a_service_says_it_made_is_default(
    resource_type: str, members: dict[str, Any], rule: str | None
) -> None:
    found = document(**members)
    assert apply_rules(catalog.load().rules[resource_type], found)
    assert found.get("_default_rule") == rule


@pytest.mark.parametrize(
    ("resource_type", "members"),
    [
        ("AWS::KMS::Key", {"KeyState": "PendingReplicaDeletion"}),
        ("AWS::SecretsManager::Secret", {"DeletedDate": "2026-01-01"}),
        ("AWS::CloudTrail::Trail", {"HomeRegion": "eu-west-1", "TrailARN": ":111122223333:"}),
        (
            "AWS::CloudTrail::Trail",
            {"IsOrganizationTrail": True, "TrailARN": "arn:aws:cloudtrail:us-east-1:4:trail/all"},
        ),
        ("AWS::CloudTrail::EventDataStore", {"Status": "PENDING_DELETION"}),
        ("AWS::CloudFormation::Stack", {"StackStatus": "DELETE_COMPLETE", "StackName": "x"}),
    ],
)
def test_what_is_gone_or_anothers_is_no_row(resource_type: str, members: dict[str, Any]) -> None:
    assert not apply_rules(catalog.load().rules[resource_type], document(**members))


RDS = "arn:aws:rds:us-east-1:111122223333"
MASTER = "arn:aws:lambda:us-east-1:111122223333:function:edge"
PARENT = "arn:aws:cloudformation:us-east-1:111122223333:stack/parent/1"
HUB = "arn:aws:securityhub:us-east-1:111122223333:hub/default"
FRONT = "arn:aws:cloudfront::111122223333:distribution/E1"


@pytest.mark.parametrize(
    ("resource_type", "members", "link"),
    [
        (
            "AWS::SecretsManager::Secret",
            {"OwningService": "rds", "_tags": {"aws:rds:primaryDBInstanceArn": f"{RDS}:db:a"}},
            ("K5", "AWS::RDS::DBInstance", f"{RDS}:db:a", "self"),
        ),
        (
            "AWS::SecretsManager::Secret",
            {"OwningService": "rds", "_tags": {"aws:rds:primaryDBClusterArn": f"{RDS}:cluster:a"}},
            ("K5", "AWS::RDS::DBCluster", f"{RDS}:cluster:a", "self"),
        ),
        (
            "AWS::CertificateManager::Certificate",
            {"ManagedBy": "CLOUDFRONT", "InUseBy": [FRONT]},
            ("K11", "AWS::CloudFront::Distribution", FRONT, "self"),
        ),
        (
            "AWS::Lambda::Function",
            {"FunctionName": "edge", "MasterArn": f"{MASTER}:3"},
            ("C31", "AWS::Lambda::Function", MASTER, "self"),
        ),
        (
            "AWS::Lambda::Function",
            {"FunctionName": "edge", "LoggingConfig": {"LogGroup": "/shared"}},
            ("L1", "AWS::Logs::LogGroup", "/shared", "target"),
        ),
        (
            "AWS::Synthetics::Canary",
            {"EngineArn": f"{MASTER}:1"},
            ("C32", "AWS::Lambda::Function", MASTER, "target"),
        ),
        (
            "AWS::Config::ConfigRule",
            {"ConfigRuleName": "x", "CreatedBy": "securityhub.amazonaws.com"},
            ("L18", "AWS::SecurityHub::Hub", HUB, "self"),
        ),
        (
            "AWS::Config::ConfigRule",
            {"ConfigRuleName": "x-conformance-pack-abc1", "CreatedBy": "config-conforms"},
            ("L18", "AWS::Config::ConformancePack", "conformance-pack-abc1", "self"),
        ),
        (
            "AWS::CloudFormation::Stack",
            {"ParentId": PARENT, "StackName": "parent-child"},
            ("A29", "AWS::CloudFormation::Stack", PARENT, "self"),
        ),
    ],
)
def test_owner_that_aws_names_is_linked(
    resource_type: str, members: dict[str, Any], link: tuple[str, ...]
) -> None:
    known = catalog.load()
    entry, rules = known.entries[resource_type], known.rules[resource_type]
    found = links_of(entry, rules, document(**members), ACCOUNT, "us-east-1")
    owned = [(each.rule, each.target_type, each.target_key, each.owns) for each in found]
    assert link in owned
