"""A world of many types, each tagged and untagged, and scans of it with the tags either way."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from scanner import tagging
from scanner.aws import Aws
from scanner.store import Store
from tests.world import World

TYPES = (
    "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket", "AWS::DynamoDB::Table",
    "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::Kinesis::Stream", "AWS::ECR::Repository",
    "AWS::SSM::Parameter", "AWS::RDS::DBParameterGroup", "AWS::Events::Rule",
    "AWS::CloudWatch::Alarm",
    "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::Glue::Job", "AWS::Backup::BackupVault",
    "AWS::IAM::User", "AWS::Route53::HostedZone", "AWS::SageMaker::Model",
)  # fmt: skip
MAP = {"team": "data", "path": "é/:="}
TAGS = [{"Key": key, "Value": value} for key, value in MAP.items()]


def furnish(world: World) -> None:
    """Make a tagged and an untagged thing of each type."""
    for name, tags in (("tagged", True), ("plain", False)):
        _simple(world, name, tags)
        _further(world, name, tags)


def _if(tags: bool, /, **given: Any) -> dict[str, Any]:
    return given if tags else {}


def _simple(world: World, name: str, tags: bool) -> None:
    world.client("sqs").create_queue(QueueName=name, **_if(tags, tags=MAP))
    world.client("sns").create_topic(Name=name, **_if(tags, Tags=TAGS))
    s3 = world.client("s3")
    s3.create_bucket(Bucket=f"{name}-{world.account_id}")
    if tags:
        s3.put_bucket_tagging(Bucket=f"{name}-{world.account_id}", Tagging={"TagSet": TAGS})
    world.client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", **_if(tags, Tags=TAGS),
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )  # fmt: skip
    own = [{"TagKey": key, "TagValue": value} for key, value in MAP.items()]
    world.client("kms").create_key(Description=name, **_if(tags, Tags=own))
    world.client("logs").create_log_group(logGroupName=f"/{name}", **_if(tags, tags=MAP))
    kinesis = world.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    if tags:
        kinesis.add_tags_to_stream(StreamName=name, Tags=MAP)
    world.client("ecr").create_repository(repositoryName=name, **_if(tags, tags=TAGS))
    world.client("ssm").put_parameter(
        Name=f"/{name}", Value="v", Type="String", **_if(tags, Tags=TAGS)
    )
    world.client("iam").create_user(UserName=name, **_if(tags, Tags=TAGS))
    world.client("backup").create_backup_vault(
        BackupVaultName=name, **_if(tags, BackupVaultTags=MAP)
    )


def _further(world: World, name: str, tags: bool) -> None:
    world.client("rds").create_db_parameter_group(
        DBParameterGroupName=name, DBParameterGroupFamily="mysql8.0", Description="-",
        **_if(tags, Tags=TAGS),
    )  # fmt: skip
    world.client("events").put_rule(
        Name=name, ScheduleExpression="rate(1 day)", **_if(tags, Tags=TAGS)
    )
    world.client("cloudwatch").put_metric_alarm(
        AlarmName=name, Namespace="n", MetricName="m", Statistic="Sum", Period=60, Threshold=1,
        EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold", **_if(tags, Tags=TAGS),
    )  # fmt: skip
    world.client("elbv2").create_target_group(
        Name=name, Protocol="HTTP", Port=80, TargetType="ip", VpcId=_vpc(world),
        **_if(tags, Tags=TAGS),
    )  # fmt: skip
    world.client("glue").create_job(
        Name=name, Role="r", Command={"Name": "glueetl"}, **_if(tags, Tags=MAP)
    )
    route53 = world.client("route53")
    zone = route53.create_hosted_zone(Name=f"{name}.test", CallerReference=name)["HostedZone"]
    if tags:
        zone_id = zone["Id"].rpartition("/")[2]
        route53.change_tags_for_resource(
            ResourceType="hostedzone", ResourceId=zone_id, AddTags=TAGS
        )
    sagemaker, role = world.client("sagemaker"), f"arn:aws:iam::{world.account_id}:role/r"
    model = sagemaker.create_model(ModelName=name, ExecutionRoleArn=role)
    if tags:
        sagemaker.add_tags(ResourceArn=model["ModelArn"], Tags=TAGS)


def _vpc(world: World) -> str:
    found: str = world.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    return found


def as_if_aws(patch: pytest.MonkeyPatch, settled: timedelta = timedelta(days=-1)) -> None:
    """Let the emulator's Tagging API count as AWS's own, and new things as settled."""
    known = Aws.service_regions

    def regions(self: Aws, service: str, partition: str) -> frozenset[str]:
        here = service == tagging.SERVICE
        return frozenset({"us-east-1"}) if here else known(self, service, partition)

    patch.setattr(Aws, "service_regions", regions)
    patch.setattr(tagging, "SETTLED", settled)


def looked_at(store: Store) -> dict[tuple[str, str], tuple[Any, Any]]:
    """The tags and the stored form of them per resource."""
    rows = store.rows("SELECT arn, resource_type, tags, properties FROM resource")
    return {
        (row["arn"], row["resource_type"]): (dict(row["tags"] or {}), _tags_of(row["properties"]))
        for row in rows
    }


def _tags_of(properties: str) -> Any:
    stored = json.loads(properties)
    found = stored.get("Tags", stored.get("tags"))
    return sorted(found, key=str) if isinstance(found, list) else found


def calls(store: Store) -> int:
    """The calls that the cells took."""
    return int(str(store.value("SELECT sum(calls) FROM coverage")))
