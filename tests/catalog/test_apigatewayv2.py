"""API Gateway (HTTP and WebSocket), verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import network
from tests.world import World


@pytest.fixture
def api(world: World) -> str:
    made = world.client("apigatewayv2").create_api(
        Name="shop", ProtocolType="HTTP", Tags={"team": "shop"}
    )
    return str(made["ApiId"])


def arn(path: str) -> str:
    return f"arn:aws:apigateway:us-east-1::{path}"


def test_api(world: World, api: str) -> None:
    found = look(world, "AWS::ApiGatewayV2::Api")
    assert found.row["arn"] == arn(f"/apis/{api}")
    assert found.row["keys"] == [found.row["arn"], api]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None


def test_stage_is_one_of_its_api_and_keeps_no_variables(world: World, api: str) -> None:
    world.client("apigatewayv2").create_stage(
        ApiId=api, StageName="$default", StageVariables={"token": "hunter2"}
    )
    found = look(world, "AWS::ApiGatewayV2::Stage")
    assert found.row["arn"] == arn(f"/apis/{api}/stages/$default")
    assert found.row["keys"] == [found.row["arn"], "$default", f"{api}|$default"]
    assert "hunter2" not in str(found.row["properties"])


def test_route_and_its_integration(world: World, api: str) -> None:
    gateway = world.client("apigatewayv2")
    function = f"arn:aws:lambda:us-east-1:{world.account_id}:function:shop"
    integration = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function
    )["IntegrationId"]
    route = gateway.create_route(ApiId=api, RouteKey="GET /", Target=f"integrations/{integration}")[
        "RouteId"
    ]
    made = look(world, "AWS::ApiGatewayV2::Integration")
    assert made.row["arn"] == arn(f"/apis/{api}/integrations/{integration}")
    assert made.row["keys"] == [made.row["arn"], integration, f"{api}|{integration}"]
    assert ("invokes", "AWS::Lambda::Function", function, None) in made.links
    found = look(world, "AWS::ApiGatewayV2::Route")
    assert found.row["keys"] == [found.row["arn"], route, f"{api}|{route}", f"{api}|GET /"]
    assert found.row["name"] == "GET /"
    target = f"{api}|{integration}"
    assert ("uses", "AWS::ApiGatewayV2::Integration", target, None) in found.links


def test_vpc_link(world: World) -> None:
    place = network(world)
    made = world.client("apigatewayv2").create_vpc_link(
        Name="inner", SubnetIds=place.subnets, SecurityGroupIds=[place.group], Tags={"a": "b"}
    )["VpcLinkId"]
    found = look(world, "AWS::ApiGatewayV2::VpcLink")
    assert found.row["arn"] == arn(f"/vpclinks/{made}")
    assert found.row["tags"] == {"a": "b"}
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links
