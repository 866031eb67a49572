"""What watches an account (trails, Config, GuardDuty and others), verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.world import World

TAGS = [{"Key": "team", "Value": "core"}]


@pytest.fixture
def bucket(world: World) -> str:
    """The name of a bucket."""
    name = f"audit-{world.account_id}"
    world.client("s3").create_bucket(Bucket=name)
    return name


def test_trail_is_a_row_in_its_home_region_only(world: World, bucket: str) -> None:
    arn = world.client("cloudtrail").create_trail(
        Name="audit", S3BucketName=bucket, IsMultiRegionTrail=True, TagsList=TAGS
    )["TrailARN"]
    seen = look(world, "AWS::CloudTrail::Trail", "us-east-1", "eu-west-1")
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "audit"], {"team": "core"})
    assert seen.links == {("delivers_to", "AWS::S3::Bucket", bucket, None)}


def test_config_rule_is_listed_without_its_parameters(world: World, bucket: str) -> None:
    config = world.client("config")
    role = f"arn:aws:iam::{world.account_id}:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": "versioned",
            "Source": {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"},
            "InputParameters": '{"isMfaDeleteEnabled": "true"}',
        },
        Tags=TAGS,
    )
    row = look(world, "AWS::Config::ConfigRule").row
    assert row["arn"].startswith(f"arn:aws:config:us-east-1:{world.account_id}:config-rule/")
    assert (row["keys"], row["tags"]) == ([row["arn"], "versioned"], {"team": "core"})
    assert "InputParameters" not in row["properties"]


def test_config_recorder_and_channel_have_arns_of_their_names(world: World, bucket: str) -> None:
    config = world.client("config")
    role = f"arn:aws:iam::{world.account_id}:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": bucket})
    place = f"arn:aws:config:us-east-1:{world.account_id}"
    recorder = look(world, "AWS::Config::ConfigurationRecorder")
    assert recorder.row["keys"] == [f"{place}:configuration-recorder/default", "default"]
    assert recorder.links == {("assumes", "AWS::IAM::Role", role, None)}
    channel = look(world, "AWS::Config::DeliveryChannel")
    assert channel.row["keys"] == [f"{place}:delivery-channel/default", "default"]
    assert channel.links == {("delivers_to", "AWS::S3::Bucket", bucket, None)}


def test_aggregator_is_listed_with_its_tags(world: World) -> None:
    made = world.client("config").put_configuration_aggregator(
        ConfigurationAggregatorName="all",
        AccountAggregationSources=[{"AccountIds": [world.account_id], "AllAwsRegions": True}],
        Tags=TAGS,
    )["ConfigurationAggregator"]
    row = look(world, "AWS::Config::ConfigurationAggregator").row
    assert row["keys"] == [made["ConfigurationAggregatorArn"], "all"]
    assert row["tags"] == {"team": "core"}
    assert row["created_at"] is not None


def test_detector_is_listed_with_its_tags(world: World) -> None:
    made = world.client("guardduty").create_detector(Enable=True, Tags={"team": "core"})
    row = look(world, "AWS::GuardDuty::Detector").row
    arn = f"arn:aws:guardduty:us-east-1:{world.account_id}:detector/{made['DetectorId']}"
    assert (row["keys"], row["tags"]) == ([arn, made["DetectorId"]], {"team": "core"})
    assert row["created_at"] is not None


def test_hub_is_found_by_the_account_and_only_where_it_is_enabled(world: World) -> None:
    world.client("securityhub").enable_security_hub()
    row = look(world, "AWS::SecurityHub::Hub", "us-east-1", "eu-west-1").row
    arn = f"arn:aws:securityhub:us-east-1:{world.account_id}:hub/default"
    assert row["keys"] == [arn, world.account_id]
    assert row["created_at"] is not None


def test_inspector_filter_is_listed_with_its_tags(world: World) -> None:
    arn = world.client("inspector2").create_filter(
        name="quiet", action="SUPPRESS", filterCriteria={}, tags={"team": "core"}
    )["arn"]
    row = look(world, "AWS::InspectorV2::Filter").row
    assert (row["keys"], row["name"], row["tags"]) == ([arn], "quiet", {"team": "core"})
    assert row["created_at"] is not None


def test_canary_is_listed_with_its_tags(world: World) -> None:
    role = f"arn:aws:iam::{world.account_id}:role/canary"
    world.client("synthetics").create_canary(
        Name="shop",
        Code={"Handler": "main", "S3Bucket": "code", "S3Key": "main.zip"},
        ArtifactS3Location="s3://results",
        ExecutionRoleArn=role,
        Schedule={"Expression": "rate(1 hour)"},
        RuntimeVersion="syn-nodejs-puppeteer-6.2",
        Tags={"team": "core"},
    )
    seen = look(world, "AWS::Synthetics::Canary")
    arn = f"arn:aws:synthetics:us-east-1:{world.account_id}:canary:shop"
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "shop"], {"team": "core"})
    assert seen.row["created_at"] is not None
    assert ("assumes", "AWS::IAM::Role", role, None) in seen.links
