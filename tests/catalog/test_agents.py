"""Bedrock AgentCore, verified on the emulator, and what it makes for itself."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import network, role
from tests.catalog.reading import owned
from tests.world import World

CLIENT = "bedrock-agentcore-control"
ARTIFACT = {"containerConfiguration": {"containerUri": "111111111111.dkr.ecr/x:1"}}


def runtime(world: World) -> str:
    """Make a runtime; returns its id."""
    place = network(world)
    made = world.client(CLIENT).create_agent_runtime(
        agentRuntimeName="helper",
        agentRuntimeArtifact=ARTIFACT,
        roleArn=role(world),
        networkConfiguration={
            "networkMode": "VPC",
            "networkModeConfig": {"subnets": place.subnets, "securityGroups": [place.group]},
        },
        environmentVariables={"TOKEN": "hunter2"},
        tags={"team": "ai"},
    )
    return str(made["agentRuntimeId"])


def test_runtime_with_its_role_and_network_and_without_its_environment(world: World) -> None:
    known = runtime(world)
    found = look(world, "AWS::BedrockAgentCore::Runtime")
    assert found.row["keys"] == [found.row["arn"], known]
    assert (found.row["name"], found.row["tags"]) == ("helper", {"team": "ai"})
    assert found.row["created_at"] is not None
    assert "hunter2" not in str(found.row["properties"])
    kinds = {(kind, target) for kind, target, _, _ in found.links}
    assert {
        ("assumes", "AWS::IAM::Role"),
        ("attached_to", "AWS::EC2::Subnet"),
        ("attached_to", "AWS::EC2::SecurityGroup"),
    } <= kinds


def test_runtime_owns_the_identity_that_came_with_it(world: World) -> None:
    known = runtime(world)
    store = world.collect("AWS::BedrockAgentCore::Runtime")
    arn = store.value("SELECT arn FROM current_resource WHERE resource_id = ?", [known])
    told = world.client(CLIENT).get_agent_runtime(agentRuntimeId=known)
    identity = told["workloadIdentityDetails"]["workloadIdentityArn"]
    assert owned(store, arn) == {
        ("A43", "target", "AWS::BedrockAgentCore::WorkloadIdentity", identity)
    }


def test_endpoint_is_named_by_its_runtime(world: World) -> None:
    known = runtime(world)
    world.client(CLIENT).create_agent_runtime_endpoint(agentRuntimeId=known, name="live")
    found = look(world, "AWS::BedrockAgentCore::RuntimeEndpoint").named("live")
    assert found["keys"] == [found["arn"], f"{known},live"]
    assert found["created_at"] is not None


def test_gateway_and_its_target(world: World) -> None:
    client = world.client(CLIENT)
    made = client.create_gateway(
        name="tools", roleArn=role(world), protocolType="MCP", authorizerType="NONE",
        tags={"team": "ai"},
    )  # fmt: skip
    schema = {
        "inlinePayload": [{"name": "t", "description": "t", "inputSchema": {"type": "object"}}]
    }
    function = "arn:aws:lambda:us-east-1:111111111111:function:tool"
    target = client.create_gateway_target(
        gatewayIdentifier=made["gatewayId"],
        name="tool",
        targetConfiguration={"mcp": {"lambda": {"lambdaArn": function, "toolSchema": schema}}},
    )
    found = look(world, "AWS::BedrockAgentCore::Gateway").row
    assert found["keys"] == [made["gatewayArn"], made["gatewayId"]]
    assert (found["name"], found["tags"]) == ("tools", {"team": "ai"})
    assert found["properties"]["authorizerType"] == "NONE"
    known = (made["gatewayId"], target["targetId"])
    child = look(world, "AWS::BedrockAgentCore::GatewayTarget").row
    arn = f"{made['gatewayArn']}/target/{target['targetId']}"
    assert child["keys"] == [arn, ",".join(known), target["targetId"], "|".join(known)]


def test_memory(world: World) -> None:
    made = world.client(CLIENT).create_memory(
        name="notes", eventExpiryDuration=30, tags={"team": "ai"}
    )["memory"]
    found = look(world, "AWS::BedrockAgentCore::Memory").row
    assert found["keys"] == [made["arn"], made["id"]]
    assert (found["name"], found["tags"]) == ("notes", {"team": "ai"})
