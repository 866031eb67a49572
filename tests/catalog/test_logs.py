"""CloudWatch Logs, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.world import World

GROUP = "/app/web"


@pytest.fixture
def group(world: World) -> str:
    """The ARN of a log group."""
    world.client("logs").create_log_group(logGroupName=GROUP, tags={"team": "core"})
    return f"arn:aws:logs:us-east-1:{world.account_id}:log-group:{GROUP}"


def test_log_group_is_named_without_the_star(world: World, group: str) -> None:
    row = look(world, "AWS::Logs::LogGroup").row
    assert row["keys"] == [group, GROUP]
    assert row["tags"] == {"team": "core"}
    assert row["created_at"] is not None


@pytest.mark.parametrize(
    ("name", "owner_type", "owner"),
    [
        ("/aws/codebuild/site", "AWS::CodeBuild::Project", "site"),
        ("API-Gateway-Execution-Logs_abc123/prod", "AWS::ApiGateway::RestApi", "abc123"),
        ("/aws/rds/instance/orders/error", "AWS::RDS::DBInstance", "orders"),
        ("/aws/rds/cluster/orders/audit", "AWS::RDS::DBCluster", "orders"),
        ("/aws/rds/proxy/orders", "AWS::RDS::DBProxy", "orders"),
        ("/aws/eks/main/cluster", "AWS::EKS::Cluster", "main"),
        ("/aws/ecs/containerinsights/main/performance", "AWS::ECS::Cluster", "main"),
        ("sns/us-east-1/123456789012/orders/Failure", "AWS::SNS::Topic", "orders"),
    ],
)
def test_log_group_of_a_service_is_linked_to_the_owner_in_its_name(
    world: World, name: str, owner_type: str, owner: str
) -> None:
    world.client("logs").create_log_group(logGroupName=name)
    assert look(world, "AWS::Logs::LogGroup").links == {("owns", owner_type, owner, "self")}


def test_log_group_of_an_edge_function_is_linked_across_regions(world: World) -> None:
    name = "/aws/lambda/us-east-1.auth"
    world.client("logs", "eu-west-1").create_log_group(logGroupName=name)
    function = f"arn:aws:lambda:us-east-1:{world.account_id}:function:auth"
    assert look(world, "AWS::Logs::LogGroup", "eu-west-1").links == {
        ("owns", "AWS::Lambda::Function", function, "self")
    }


def test_metric_filters_of_one_name_in_two_groups_are_two_rows(world: World, group: str) -> None:
    logs = world.client("logs")
    logs.create_log_group(logGroupName="/app/api")
    for name in (GROUP, "/app/api"):
        logs.put_metric_filter(
            logGroupName=name,
            filterName="errors",
            filterPattern="ERROR",
            metricTransformations=[
                {"metricName": "errors", "metricNamespace": "app", "metricValue": "1"}
            ],
        )
    seen = look(world, "AWS::Logs::MetricFilter")
    assert [row["resource_id"] for row in seen.rows] == ["/app/api|errors", f"{GROUP}|errors"]
    assert seen.rows[1]["arn"] == f"{group}|metric-filter|errors"
    assert ("contains", "AWS::Logs::LogGroup", GROUP, "self") in seen.links


def test_subscription_filter_names_where_the_logs_go(world: World, group: str) -> None:
    world.client("kinesis").create_stream(StreamName="logs", ShardCount=1)
    stream = f"arn:aws:kinesis:us-east-1:{world.account_id}:stream/logs"
    role = f"arn:aws:iam::{world.account_id}:role/logs"
    world.client("logs").put_subscription_filter(
        logGroupName=GROUP,
        filterName="copy",
        filterPattern="",
        destinationArn=stream,
        roleArn=role,
    )
    seen = look(world, "AWS::Logs::SubscriptionFilter")
    arn = f"{group}|subscription-filter|copy"
    assert seen.row["keys"] == [arn, f"{GROUP}|copy", "copy"]
    assert seen.links == {
        ("contains", "AWS::Logs::LogGroup", group, "self"),
        ("delivers_to", "AWS::Kinesis::Stream", stream, None),
        ("assumes", "AWS::IAM::Role", role, None),
    }


def test_destination_is_listed_with_its_target(world: World) -> None:
    stream = f"arn:aws:kinesis:us-east-1:{world.account_id}:stream/logs"
    role = f"arn:aws:iam::{world.account_id}:role/logs"
    world.client("logs").put_destination(
        destinationName="central", targetArn=stream, roleArn=role, tags={"team": "core"}
    )
    seen = look(world, "AWS::Logs::Destination")
    arn = f"arn:aws:logs:us-east-1:{world.account_id}:destination:central"
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "central"], {"team": "core"})
    assert ("delivers_to", "AWS::Kinesis::Stream", stream, None) in seen.links


def test_delivery_joins_a_source_to_a_destination(world: World, group: str) -> None:
    logs = world.client("logs")
    logs.put_delivery_source(
        name="site",
        resourceArn=f"arn:aws:cloudfront::{world.account_id}:distribution/E1",
        logType="ACCESS_LOGS",
        tags={"team": "core"},
    )
    to = logs.put_delivery_destination(
        name="store",
        deliveryDestinationConfiguration={"destinationResourceArn": group},
        tags={"team": "core"},
    )["deliveryDestination"]["arn"]
    made = logs.create_delivery(deliverySourceName="site", deliveryDestinationArn=to)["delivery"]
    source = look(world, "AWS::Logs::DeliverySource").row
    assert (source["keys"][1:], source["tags"]) == (["site"], {"team": "core"})
    destination = look(world, "AWS::Logs::DeliveryDestination")
    assert destination.row["keys"] == [to, "store"]
    assert destination.links == {("delivers_to", "AWS::Logs::LogGroup", group, None)}
    seen = look(world, "AWS::Logs::Delivery")
    assert seen.row["keys"] == [made["arn"], made["id"]]
    assert seen.links == {
        ("contains", "AWS::Logs::DeliverySource", "site", "self"),
        ("delivers_to", "AWS::Logs::DeliveryDestination", to, None),
    }
