"""Pulumi's states, hand-made from the documented shape of `pulumi stack export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner import catalog
from scanner.aws import Aws
from scanner.claims.pulumi_file import terraform_type
from scanner.claims.sources import open_sources
from scanner.claims.terraform import StateClaims, read_states
from scanner.config import TerraformSource
from tests.claims.shelf import CATALOG, keys
from tests.world import World

AWS = "urn:pulumi:prod::shop::pulumi:providers:aws::west::0a1b"
REAL = catalog.load()
KNOWN = frozenset((*REAL.terraform, *REAL.not_inventory))


def resource(kind: str, name: str, own: str, **more: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:prod::shop::{kind}::{name}", "type": kind, "custom": True, "id": own,
        "inputs": {}, "outputs": more.pop("outputs", {}), "provider": AWS, **more,
    }  # fmt: skip


QUEUE = resource(
    "aws:sqs/queue:Queue",
    "jobs",
    "https://sqs.us-west-2.amazonaws.com/111111111111/jobs",
    outputs={"arn": "arn:aws:sqs:us-west-2:111111111111:jobs", "name": "jobs"},
)


def exported(*resources: dict[str, Any]) -> bytes:
    deployment = {"manifest": {"version": "v3.140.0"}, "resources": list(resources)}
    return json.dumps({"version": 3, "deployment": deployment}).encode()


def read(folder: Path, data: bytes) -> StateClaims:
    (folder / "stack.json").write_bytes(data)
    place = TerraformSource.model_validate({"from": f"pulumi://{folder}/*.json"})
    return read_states(open_sources([place], Aws()), CATALOG)


def test_objects_are_claimed_by_their_urn_as_pulumi_s(tmp_path: Path) -> None:
    result = read(tmp_path, exported(QUEUE))
    (claim,) = result.claims
    assert claim.source_kind == "pulumi"
    assert claim.source_id == f"pulumi://{tmp_path}/stack.json"
    assert claim.address == "urn:pulumi:prod::shop::aws:sqs/queue:Queue::jobs"
    assert (claim.claimed_type, claim.resource_type) == ("aws_sqs_queue", "AWS::SQS::Queue")
    assert claim.keys[0] == "arn:aws:sqs:us-west-2:111111111111:jobs"
    assert (claim.account_id, claim.region) == ("111111111111", "us-west-2")
    assert claim.evidence == "provider aws.west"
    (source,) = result.sources
    assert (source.kind, source.outcome, source.version) == ("pulumi", "read", "v3.140.0")


def test_checkpoint_of_a_self_managed_backend_is_read_too(tmp_path: Path) -> None:
    latest = json.loads(exported(QUEUE))["deployment"]
    data = json.dumps({"version": 3, "checkpoint": {"stack": "prod", "latest": latest}}).encode()
    assert len(read(tmp_path, data).claims) == 1


def test_backend_in_s3(world: World) -> None:
    name = f"pulumi-{world.account_id}"
    s3 = world.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key=".pulumi/stacks/shop/prod.json", Body=exported(QUEUE))
    place = f"pulumi+s3://{name}/.pulumi/stacks/**/*.json"
    found = read_states(
        open_sources([TerraformSource.model_validate({"from": place})], Aws()), CATALOG
    )
    assert [one.source_id for one in found.sources] == [
        f"pulumi+s3://{name}/.pulumi/stacks/shop/prod.json"
    ]
    assert len(found.claims) == 1


def test_components_lookups_and_providers_claim_nothing(tmp_path: Path) -> None:
    parts = (
        resource("shop:index:Site", "site", "", custom=False),
        resource("pulumi:pulumi:Stack", "shop-prod", "", custom=False),
        resource("pulumi:providers:aws", "west", "0a1b"),
        resource("aws:sqs/queue:Queue", "shared", "https://q", external=True),
    )
    result = read(tmp_path, exported(*parts))
    assert result.claims == []
    assert result.sources[0].other_providers == {}


def test_other_packages_are_counted_by_name(tmp_path: Path) -> None:
    result = read(tmp_path, exported(resource("gcp:storage/bucket:Bucket", "b", "b"), QUEUE))
    assert result.sources[0].other_providers == {"pulumi/gcp": 1}
    assert len(result.claims) == 1


def test_pending_deletion_is_said(tmp_path: Path) -> None:
    (claim,) = read(tmp_path, exported({**QUEUE, "delete": True})).claims
    assert str(claim.evidence).endswith("pending deletion")


def test_rules_inside_a_group_and_volumes_of_an_instance_are_claimed(tmp_path: Path) -> None:
    rule = {"fromPort": 443, "toPort": 443, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/8"]}
    group = resource(
        "aws:ec2/securityGroup:SecurityGroup", "g", "sg-1", outputs={"ingress": [rule]}
    )
    host = resource(
        "aws:ec2/instance:Instance", "i", "i-1", outputs={"rootBlockDevice": {"volumeId": "vol-1"}}
    )
    table = resource(
        "aws:ec2/routeTable:RouteTable",
        "t",
        "rtb-1",
        outputs={"routes": [{"cidrBlock": "0.0.0.0/0"}]},
    )
    found = keys(read(tmp_path, exported(group, host, table)).claims)
    assert found >= {"sg-1", "rule|sg-1|ingress|tcp|443|443|10.0.0.0/8", "vol-1", "rtb-1|0.0.0.0/0"}


def test_secrets_are_not_kept(tmp_path: Path) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    outputs = {
        "arn": {**secret, "plaintext": '"planted"'},
        "name": {**secret, "ciphertext": "planted"},
    }
    result = read(tmp_path, exported({**QUEUE, "outputs": outputs}))
    assert "planted" not in str(result)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b'{"version": 4, "resources": []}', "it is no Pulumi state"),
        (b'{"deployment": {"resources": [{"urn": 1}]}}', "another shape"),
        (b'{"deployment": {"resources": [', "cut off"),
    ],
)
def test_what_is_no_export_is_one_failed_row(tmp_path: Path, data: bytes, told: str) -> None:
    (source,) = read(tmp_path, data).sources
    assert (source.kind, source.outcome) == ("pulumi", "failed")
    assert told.lower() in str(source.message).lower()


@pytest.mark.parametrize(
    ("token", "terraform"),
    [
        ("s3/bucket:Bucket", "aws_s3_bucket"),
        ("s3/bucketV2:BucketV2", "aws_s3_bucket"),
        ("sns/topicSubscription:TopicSubscription", "aws_sns_topic_subscription"),
        ("lambda/function:Function", "aws_lambda_function"),
        ("lambda/eventSourceMapping:EventSourceMapping", "aws_lambda_event_source_mapping"),
        ("iam/rolePolicyAttachment:RolePolicyAttachment", "aws_iam_role_policy_attachment"),
        ("ec2/vpc:Vpc", "aws_vpc"),
        ("ec2/instance:Instance", "aws_instance"),
        ("ec2/securityGroup:SecurityGroup", "aws_security_group"),
        ("ec2/eip:Eip", "aws_eip"),
        ("ec2/vpcEndpoint:VpcEndpoint", "aws_vpc_endpoint"),
        ("ec2/launchTemplate:LaunchTemplate", "aws_launch_template"),
        (
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws_vpc_security_group_ingress_rule",
        ),
        ("ec2transitgateway/transitGateway:TransitGateway", "aws_ec2_transit_gateway"),
        ("rds/instance:Instance", "aws_db_instance"),
        ("rds/subnetGroup:SubnetGroup", "aws_db_subnet_group"),
        ("rds/cluster:Cluster", "aws_rds_cluster"),
        ("rds/clusterInstance:ClusterInstance", "aws_rds_cluster_instance"),
        ("cloudwatch/logGroup:LogGroup", "aws_cloudwatch_log_group"),
        ("cloudwatch/eventRule:EventRule", "aws_cloudwatch_event_rule"),
        ("lb/loadBalancer:LoadBalancer", "aws_lb"),
        ("lb/targetGroup:TargetGroup", "aws_lb_target_group"),
        ("autoscaling/group:Group", "aws_autoscaling_group"),
        ("eks/nodeGroup:NodeGroup", "aws_eks_node_group"),
        ("apigateway/restApi:RestApi", "aws_api_gateway_rest_api"),
        ("apigatewayv2/api:Api", "aws_apigatewayv2_api"),
        ("kms/alias:Alias", "aws_kms_alias"),
        ("cfg/rule:Rule", "aws_config_config_rule"),
        ("cloudtrail/trail:Trail", "aws_cloudtrail"),
        ("ebs/volume:Volume", "aws_ebs_volume"),
        ("secretsmanager/secret:Secret", "aws_secretsmanager_secret"),
        ("sfn/stateMachine:StateMachine", "aws_sfn_state_machine"),
    ],
)  # fmt: skip
def test_type_is_the_terraform_one(token: str, terraform: str) -> None:
    assert terraform_type(f"aws:{token}", KNOWN) == terraform


def test_type_that_nothing_fits_keeps_its_own_name() -> None:
    for token in ("aws:new/thing:Thing", "aws:new/instance:Instance"):
        assert terraform_type(token, KNOWN) == token
    assert terraform_type("aws-native:sqs:Queue", KNOWN) == "awscc_sqs_queue"
