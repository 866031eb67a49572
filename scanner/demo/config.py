"""The demo's `strays.toml`."""

import json
from collections.abc import Mapping
from pathlib import Path

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

NOT_EMULATED = [
    "AWS::EC2::CapacityReservation",
    "AWS::EC2::ClientVpnEndpoint",
    "AWS::EC2::IPAM*",
    "AWS::EC2::InstanceConnectEndpoint",
    "AWS::EC2::PlacementGroup",
    "AWS::EC2::RouteServer*",
    "AWS::EC2::VPCBlockPublicAccessExclusion",
    "AWS::EC2::VerifiedAccess*",
    "AWS::ECS::CapacityProvider",
    "AWS::ElasticLoadBalancingV2::TrustStore",
    "Ext::IAM::ServiceSpecificCredential",
    "Ext::Route53::ReusableDelegationSet",
]
"""What the emulator cannot list: out of the demo, so that its verdict is about what was seen."""


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
exclude_types = {json.dumps(NOT_EMULATED)}

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
