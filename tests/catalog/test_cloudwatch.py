"""CloudWatch, verified on the emulator (which cannot make composite alarms)."""

from __future__ import annotations

from tests.catalog.look import look
from tests.world import World


def test_alarm_is_listed_with_its_tags_and_whom_it_tells(world: World) -> None:
    topic = f"arn:aws:sns:us-east-1:{world.account_id}:alerts"
    scale = f"arn:aws:autoscaling:us-east-1:{world.account_id}:scalingPolicy:1:name/up"
    world.client("cloudwatch").put_metric_alarm(
        AlarmName="busy",
        MetricName="Load",
        Namespace="app",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[topic, scale],
        Tags=[{"Key": "team", "Value": "core"}],
    )
    seen = look(world, "AWS::CloudWatch::Alarm")
    arn = f"arn:aws:cloudwatch:us-east-1:{world.account_id}:alarm:busy"
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "busy"], {"team": "core"})
    assert seen.links == {("notifies", "AWS::SNS::Topic", topic, None)}
    assert look(world, "AWS::CloudWatch::CompositeAlarm").rows == []


def test_dashboard_belongs_to_no_region(world: World) -> None:
    world.client("cloudwatch").put_dashboard(DashboardName="main", DashboardBody="{}")
    row = look(world, "AWS::CloudWatch::Dashboard", "us-east-1", "eu-west-1").row
    assert row["keys"] == [f"arn:aws:cloudwatch::{world.account_id}:dashboard/main", "main"]
    assert row["region"] == "global"


def test_insight_rule_has_an_arn_of_its_name(world: World) -> None:
    world.client("cloudwatch").put_insight_rule(RuleName="top", RuleDefinition="{}")
    row = look(world, "AWS::CloudWatch::InsightRule").row
    arn = f"arn:aws:cloudwatch:us-east-1:{world.account_id}:insight-rule/top"
    assert row["keys"] == [arn, "top"]
