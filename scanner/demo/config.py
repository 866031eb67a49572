"""The demo's `strays.toml`."""

import json
from collections.abc import Mapping
from pathlib import Path

from scanner import catalog
from scanner.catalog.proof import proved
from scanner.demo.landing_zone import AUDIT_ROLE, MANAGEMENT, STATE_BUCKET
from scanner.demo.world import REGIONS

TYPES = [
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::Backup::BackupVault",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFormation::Stack",
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::Table",
    "AWS::EC2::*",
    "AWS::ECR::Repository",
    "AWS::ECS::*",
    "AWS::EFS::FileSystem",
    "AWS::ElasticLoadBalancingV2::*",
    "AWS::Events::*",
    "AWS::IAM::*",
    "AWS::KMS::*",
    "AWS::Kinesis::Stream",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::Organizations::*",
    "AWS::RDS::DB*",
    "AWS::Route53::*",
    "AWS::S3::Bucket",
    "AWS::SNS::*",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
    "Ext::EC2::*",
    "Ext::IAM::*",
    "Ext::Organizations::*",
]
"""What the demo organization is made of; a real scan looks at every reviewed type."""

UNTESTED = frozenset(
    {
        "AWS::EC2::NetworkAcl",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "Ext::IAM::UserPolicyAttachment",
    }
)
"""What no test of one type shows on the emulator, and the demo's own test does."""


def not_emulated() -> list[str]:
    """Return what the emulator may not list: the demo's verdict is to be about what was seen."""
    proof = proved()
    return [
        entry.type
        for entry in catalog.load().matching(TYPES)
        if proof.state(entry) != "verified" and entry.type not in UNTESTED
    ]


def config_text(accounts: Mapping[str, str], states: Path) -> str:
    """The configuration that scans the organization; `states` is the folder of local states."""
    local = json.dumps(f"tfstate://{states}/*.tfstate")
    return f"""\
# The demo organization: five regions, of which nobody uses the last.
database = "strays.duckdb"

[scan]
organization = true
organization_role_arn = "arn:aws:iam::{MANAGEMENT}:role/{AUDIT_ROLE}"
role_name = "{AUDIT_ROLE}"
regions = {json.dumps(list(REGIONS))}
types = {json.dumps(TYPES)}
exclude_types = {json.dumps(not_emulated())}

[[terraform]]
from = "tfstate+s3://{STATE_BUCKET}/**/*.tfstate"
region = "us-east-1"

[[terraform]]
from = {local}

[[tag_claim]]
key = "managed-by"
value = "pulumi"
owner = "pulumi"

[[environment]]
name = "production"
accounts = ["{accounts["production"]}"]
policy = "iac-only"

[[environment]]
name = "staging"
accounts = ["{accounts["staging"]}"]
policy = "report"

[[environment]]
name = "sandbox"
accounts = ["{accounts["test"]}"]
policy = "tolerate"
"""
