"""Odd states, composite ids and children of what a stack lists."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.claims.stack_claims import UNSETTLED
from tests.claims.stack_answers import ACCOUNT, Stacks, held, stack


def one(kind: str, physical: str, status: str = "CREATE_COMPLETE", **properties: Any) -> Stacks:
    """A stack `app` with one resource `R` and its template."""
    return Stacks(
        stack("app"),
        resources={"app": [held("R", kind, physical, status)]},
        templates={"app": {"Resources": {"R": {"Type": kind, "Properties": properties}}}},
    )


@pytest.mark.parametrize("status", sorted(UNSETTLED))
def test_resource_in_an_unsettled_state_is_claimed_but_cannot_be_missing(status: str) -> None:
    (claim,) = one("AWS::SQS::Queue", "jobs", status).claims()
    assert claim.inline
    assert str(claim.evidence).endswith(status)


@pytest.mark.parametrize(
    "status", ["CREATE_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"]
)
def test_resource_in_a_settled_state_is_claimed_firmly(status: str) -> None:
    (claim,) = one("AWS::SQS::Queue", "jobs", status).claims()
    assert not claim.inline
    assert claim.ignored is None


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("DELETE_SKIPPED", "retained"),
        ("IMPORT_FAILED", "its import failed"),
        ("IMPORT_ROLLBACK_COMPLETE", "its import was undone"),
    ],
)
def test_resource_that_the_stack_let_go_is_named_but_not_claimed(status: str, why: str) -> None:
    claims = one("AWS::IAM::Role", "r", status, Policies=[{"PolicyName": "p"}]).claims()
    assert [str(claim.ignored).startswith(why) for claim in claims] == [True]


def test_deleted_resource_and_one_without_id_are_nothing() -> None:
    assert one("AWS::SQS::Queue", "jobs", "DELETE_COMPLETE").claims() == []
    assert one("AWS::SQS::Queue", "", "CREATE_FAILED").claims() == []


@pytest.mark.parametrize(
    ("kind", "physical", "properties", "key"),
    [
        ("AWS::ApiGateway::Stage", "prod", {"RestApiId": "a1"}, "a1|prod"),
        ("AWS::ApiGatewayV2::Stage", "$default", {"ApiId": "a1"}, "a1|$default"),
        ("AWS::Cognito::UserPoolClient", "c1", {"UserPoolId": "eu-west-1_A"}, "eu-west-1_A|c1"),
        ("AWS::AutoScaling::ScheduledAction", "s", {"AutoScalingGroupName": "g"}, "g/s"),
        ("AWS::Logs::MetricFilter", "errors", {"LogGroupName": "/app"}, "/app|errors"),
        ("AWS::CodeDeploy::DeploymentGroup", "blue", {"ApplicationName": "web"}, "web|blue"),
    ],
)
def test_id_that_holds_only_below_its_parent_is_completed_from_the_template(
    kind: str, physical: str, properties: dict[str, Any], key: str
) -> None:
    (claim,) = one(kind, physical, **properties).claims()
    assert claim.keys[0] == key
    assert not claim.inline


def test_id_whose_parent_nothing_tells_cannot_be_missing() -> None:
    far = {"Fn::ImportValue": "an-export-of-another-region"}
    (claim,) = one("AWS::ApiGateway::Stage", "prod", RestApiId=far).claims()
    assert (claim.keys, claim.inline) == (("prod",), True)


def test_template_that_may_not_be_read_leaves_the_listed_claims() -> None:
    sources, claims = Stacks(
        stack("app"),
        resources={
            "app": [held("S", "AWS::ApiGateway::Stage", "prod"), held("R", "AWS::IAM::Role", "r")]
        },
    ).read()
    assert sources[0].outcome == "read"
    assert "its template could not be read" in str(sources[0].message)
    assert [(claim.keys, claim.inline) for claim in claims] == [(("prod",), True), (("r",), False)]


def test_composite_id_is_tried_in_every_order_and_by_its_arn() -> None:
    service = "arn:aws:ecs:eu-west-1:111111111111:service/app/web"
    (claim,) = one("AWS::ECS::Service", f"{service}|app").claims()
    assert claim.keys == (f"{service}|app", service, f"app|{service}")


def test_rule_of_a_bus_is_known_by_both() -> None:
    (claim,) = one("AWS::Events::Rule", "orders|made").claims()
    assert claim.keys[0] == "orders|made"


@pytest.mark.parametrize(
    ("kind", "physical", "properties", "key"),
    [
        (
            "AWS::SNS::Topic", "arn:aws:sns:eu-west-1:1:t",
            {"Subscription": [{"Protocol": "email", "Endpoint": "a@example.org"}]},
            "arn:aws:sns:eu-west-1:1:t|email|a@example.org",
        ),
        (
            "AWS::DynamoDB::GlobalTable", "orders",
            {"Replicas": [{"Region": "eu-west-1"}, {"Region": "us-east-1"}]},
            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders",
        ),
        (
            "AWS::SecretsManager::Secret", "arn:aws:secretsmanager:eu-west-1:1:secret:db-a1b2c3",
            {"ReplicaRegions": [{"Region": "us-east-1"}]},
            "arn:aws:secretsmanager:us-east-1:1:secret:db-a1b2c3",
        ),
        (
            "AWS::ApiGatewayV2::Api", "a1b2",
            {"Body": {"openapi": "3.0.1", "paths": {"/orders": {"post": {}}}}},
            "a1b2|POST /orders",
        ),
    ],
)  # fmt: skip
def test_what_a_property_makes_besides_is_claimed_weakly(
    kind: str, physical: str, properties: dict[str, Any], key: str
) -> None:
    claims = one(kind, physical, **properties).claims()
    assert [claim.keys for claim in claims[1:]] == [(key,)]
    assert claims[1].inline


@pytest.mark.parametrize(
    "properties",
    [
        {"Policies": {"Fn::If": "x"}}, {"Policies": [{"Fn::Select": []}]}, {"Policies": "text"},
        {"ManagedPolicyArns": {"Fn::Join": 7}}, {"Policies": {"Fn::Sub": [1]}}, {"Policies": [[]]},
        {"ManagedPolicyArns": [{"Fn::GetAtt": None}]}, {"Policies": {"Fn::FindInMap": 1}},
    ],
)  # fmt: skip
def test_malformed_functions_tell_nothing(properties: dict[str, Any]) -> None:
    assert len(one("AWS::IAM::Role", "r", **properties).claims()) == 1


@pytest.mark.parametrize(
    "body", [{"Resources": []}, {"Resources": {"R": "x"}}, {}, {"Parameters": 1}]
)
def test_odd_template_leaves_the_listed_claim(body: dict[str, Any]) -> None:
    stacks = Stacks(
        stack("app"), resources={"app": [held("R", "AWS::IAM::Role", "r")]}, templates={"app": body}
    )
    assert [claim.keys for claim in stacks.claims()] == [("r",)]
