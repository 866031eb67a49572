"""API Gateway (REST), verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.world import World


@pytest.fixture
def api(world: World) -> str:
    made = world.client("apigateway").create_rest_api(name="legacy", tags={"team": "shop"})
    return str(made["id"])


def arn(path: str) -> str:
    return f"arn:aws:apigateway:us-east-1::{path}"


def test_rest_api(world: World, api: str) -> None:
    found = look(world, "AWS::ApiGateway::RestApi")
    assert found.row["arn"] == arn(f"/restapis/{api}")
    assert found.row["keys"] == [found.row["arn"], api]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None


def test_stage_is_one_of_its_api_and_keeps_no_variables(world: World, api: str) -> None:
    gateway = world.client("apigateway")
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    deployment = gateway.create_deployment(restApiId=api)["id"]
    gateway.create_stage(
        restApiId=api, stageName="live", deploymentId=deployment,
        variables={"token": "hunter2"}, tags={"team": "shop"},
    )  # fmt: skip
    found = look(world, "AWS::ApiGateway::Stage").named("live")
    assert found["arn"] == arn(f"/restapis/{api}/stages/live")
    assert found["keys"] == [found["arn"], f"ags-{api}-live", f"{api}|live"]
    assert found["tags"] == {"team": "shop"}
    assert "hunter2" not in str(found["properties"])


def test_authorizer(world: World, api: str) -> None:
    made = world.client("apigateway").create_authorizer(
        restApiId=api, name="tokens", type="TOKEN", identitySource="method.request.header.Auth"
    )["id"]
    found = look(world, "AWS::ApiGateway::Authorizer")
    assert found.row["arn"] == arn(f"/restapis/{api}/authorizers/{made}")
    assert found.row["keys"] == [found.row["arn"], made, f"{api}|{made}", f"{api}|tokens"]


def test_key_without_its_value(world: World) -> None:
    made = world.client("apigateway").create_api_key(name="partner", value="hunter2hunter2hunter2")
    found = look(world, "AWS::ApiGateway::ApiKey")
    assert found.row["arn"] == arn(f"/apikeys/{made['id']}")
    assert found.row["keys"] == [found.row["arn"], made["id"]]
    assert "hunter2" not in str(found.row["properties"])


def test_usage_plan(world: World) -> None:
    made = world.client("apigateway").create_usage_plan(name="partners", tags={"team": "shop"})
    found = look(world, "AWS::ApiGateway::UsagePlan")
    assert found.row["arn"] == arn(f"/usageplans/{made['id']}")
    assert found.row["tags"] == {"team": "shop"}


def test_domain_name(world: World) -> None:
    world.client("apigateway").create_domain_name(domainName="api.shop.example")
    found = look(world, "AWS::ApiGateway::DomainName")
    assert found.row["arn"] == arn("/domainnames/api.shop.example")
    assert found.row["keys"] == [found.row["arn"], "api.shop.example"]


def test_vpc_link(world: World) -> None:
    target = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/a/b"
    made = world.client("apigateway").create_vpc_link(name="inner", targetArns=[target])
    found = look(world, "AWS::ApiGateway::VpcLink")
    assert found.row["resource_id"] == made["id"]
    balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    assert found.links == {("attached_to", balancer, target, None)}
