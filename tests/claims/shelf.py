"""A small catalog and hand-made states, so that these tests hold whatever the real catalog says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from scanner.catalog import Catalog
from scanner.catalog.language import Entry, Key, ListCall
from scanner.claims.source import StateSource
from scanner.claims.state_file import Limits
from scanner.claims.terraform import StateClaims, read_states
from scanner.model import Claim

AWS = 'provider["registry.terraform.io/hashicorp/aws"]'
RULES = (
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
    "aws_security_group_rule",
)
ARN_ONLY = ("{arn}",)


def entry(name: str, *terraform: str, **more: Any) -> Entry:
    """A type with the fields that claims look at; IAM, Route 53 and S3 are global."""
    everywhere = name.startswith(("AWS::IAM", "Ext::IAM", "AWS::Route53", "AWS::S3"))
    scope: Literal["global", "regional"] = "global" if everywhere else "regional"
    return Entry(
        type=name, table="t", service="s", list=ListCall(items="@"), why="a test",
        scope=scope, terraform=terraform, **{"key": Key(id="Id"), **more},
    )  # fmt: skip


ENTRIES = (
    entry("AWS::SQS::Queue", "aws_sqs_queue", tf_keys=("{arn}", "{id}", "{name}")),
    entry("AWS::SNS::Topic", "aws_sns_topic"),
    entry("AWS::S3::Bucket", "aws_s3_bucket", key=Key(id="Name", region="Region")),
    entry("AWS::Logs::LogGroup", "aws_cloudwatch_log_group"),
    entry("AWS::EC2::VPC", "aws_vpc", "aws_default_vpc"),
    entry("AWS::EC2::NatGateway", "aws_nat_gateway", tf_keys=("{id}",)),
    entry("AWS::EC2::SecurityGroup", "aws_security_group", "aws_default_security_group"),
    entry(
        "Ext::EC2::SecurityGroupRule", *RULES, tf_keys=("{arn}", "{security_group_rule_id}", "{id}")
    ),
    entry("AWS::EC2::RouteTable", "aws_route_table", "aws_default_route_table"),
    entry("AWS::EC2::Route", "aws_route", tf_keys=()),
    entry("AWS::EC2::NetworkAcl", "aws_network_acl", "aws_default_network_acl"),
    entry("AWS::EC2::NetworkAclEntry", "aws_network_acl_rule", tf_keys=()),
    entry("AWS::EC2::Instance", "aws_instance"),
    entry("AWS::EC2::Volume", "aws_ebs_volume"),
    entry("AWS::EC2::NetworkInterface", "aws_network_interface"),
    entry("AWS::RDS::DBInstance", "aws_db_instance", tf_keys=("{arn}", "{id}", "{identifier}")),
    entry("AWS::DynamoDB::Table", "aws_dynamodb_table"),
    entry("AWS::ApiGateway::RestApi", "aws_api_gateway_rest_api"),
    entry("AWS::ApiGateway::Authorizer", "aws_api_gateway_authorizer"),
    entry("AWS::ApiGateway::RequestValidator", "aws_api_gateway_request_validator"),
    entry("AWS::ApiGatewayV2::Api", "aws_apigatewayv2_api"),
    entry("AWS::ApiGatewayV2::Authorizer", "aws_apigatewayv2_authorizer"),
    entry("AWS::ApiGatewayV2::Route", "aws_apigatewayv2_route"),
    entry("AWS::SecretsManager::Secret", "aws_secretsmanager_secret", tf_keys=ARN_ONLY),
    entry("AWS::ElastiCache::CacheCluster", "aws_elasticache_cluster"),
    entry("AWS::ElastiCache::ReplicationGroup", "aws_elasticache_replication_group"),
    entry("AWS::FSx::FileSystem", "aws_fsx_openzfs_file_system"),
    entry("AWS::FSx::Volume", "aws_fsx_openzfs_volume"),
    entry(
        "AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group", tf_keys=("{arn}", "{name}")
    ),
    entry("AWS::IAM::Role", "aws_iam_role", tf_keys=("{arn}", "{name}")),
    entry("AWS::IAM::RolePolicy", "aws_iam_role_policy", tf_keys=("{id}",)),
    entry("AWS::IAM::UserPolicy", "aws_iam_user_policy", tf_keys=("{id}",)),
    entry("Ext::IAM::RolePolicyAttachment", "aws_iam_role_policy_attachment", tf_keys=()),
    entry("Ext::IAM::UserPolicyAttachment", "aws_iam_user_policy_attachment", tf_keys=()),
    entry("Ext::IAM::GroupPolicyAttachment", "aws_iam_group_policy_attachment", tf_keys=()),
    entry("AWS::Route53::RecordSet", "aws_route53_record", tf_keys=("{id}",)),
)
CATALOG = Catalog(
    entries={one.type: one for one in ENTRIES},
    rules={},
    children={},
    terraform={name: one for one in ENTRIES for name in one.terraform},
    cloudformation={one.type: one for one in ENTRIES},
    not_inventory={"aws_cloudwatch_event_target": "an attachment", "aws_volume_attachment": "too"},
)


def row(kind: str, *instances: dict[str, Any], name: str = "x", **more: Any) -> dict[str, Any]:
    """One resource of a state in format 4."""
    return {
        "mode": "managed", "type": kind, "name": name, "provider": AWS,
        "instances": list(instances), **more,
    }  # fmt: skip


def held(index: int | str | None = None, /, **attributes: Any) -> dict[str, Any]:
    """One instance, with its index and attributes."""
    instance: dict[str, Any] = {"schema_version": 0, "attributes": attributes}
    return instance if index is None else {"index_key": index, **instance}


def state(*rows: dict[str, Any], **more: Any) -> bytes:
    document = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 12,
        "lineage": "l",
        "outputs": {},
    }
    return json.dumps({**document, "resources": list(rows), **more}, indent=2).encode()


def source(data: bytes, name: str = "tfstate:///one.tfstate", step: int = 0) -> StateSource:
    """A source that gives these bytes, `step` at a time."""
    size = step or max(len(data), 1)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return StateSource(name, lambda: ((piece for piece in pieces), None))


def read(*states: bytes, limits: Limits | None = None, step: int = 0) -> StateClaims:
    """Read states named one, two ... by their place."""
    sources = [source(data, f"tfstate:///{at}.tfstate", step) for at, data in enumerate(states)]
    return read_states(sources, CATALOG, limits)


def claims_of(*rows: dict[str, Any]) -> list[Claim]:
    """The claims of one state with these rows; the state must be readable."""
    result = read(state(*rows))
    assert result.sources[0].outcome == "read", result.sources[0].message
    return result.claims


def message(data: bytes, limits: Limits | None = None) -> str:
    """Why a state cannot be read; asserts that it cannot, and that it claims nothing."""
    result = read(data, limits=limits)
    assert result.sources[0].outcome == "failed"
    assert result.claims == []
    assert result.sources[0].message is not None
    assert result.sources[0].message.startswith("tfstate:///0.tfstate: ")
    return result.sources[0].message


def keys(claims: Iterable[Claim]) -> set[str]:
    return {key for claim in claims for key in claim.keys}


STATES = Path(__file__).parent / "states"
