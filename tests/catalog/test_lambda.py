"""Lambda, verified on the emulator."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.catalog.look import look
from tests.world import World


def code() -> bytes:
    """A deployment package that does nothing."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("main.py", "")
    return target.getvalue()


@pytest.fixture
def role(world: World) -> str:
    """The ARN of a role that functions may assume."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }
    made = world.client("iam").create_role(
        RoleName="jobs", AssumeRolePolicyDocument=json.dumps(trust)
    )
    return str(made["Role"]["Arn"])


@pytest.fixture
def function(world: World, role: str) -> str:
    """The ARN of a function called jobs, with a version and a planted secret."""
    made: dict[str, Any] = world.client("lambda").create_function(
        FunctionName="jobs",
        Role=role,
        Runtime="python3.11",
        Handler="main.run",
        Code={"ZipFile": code()},
        Publish=True,
        Tags={"team": "core"},
        Environment={"Variables": {"TOKEN": "planted-secret"}},
    )
    return str(made["FunctionArn"].removesuffix(":1"))


def test_function_is_listed_without_its_environment(world: World, role: str, function: str) -> None:
    seen = look(world, "AWS::Lambda::Function")
    assert seen.row["keys"] == [function, "jobs"]
    assert seen.row["tags"] == {"team": "core"}
    assert "planted" not in str(seen.row)
    assert ("assumes", "AWS::IAM::Role", role, None) in seen.links


def test_function_owns_the_log_group_of_its_name(world: World, function: str) -> None:
    assert function.endswith(":jobs")
    owned = ("owns", "AWS::Logs::LogGroup", "/aws/lambda/jobs", "target")
    assert owned in look(world, "AWS::Lambda::Function").links


def test_alias_is_not_taken_for_its_function(world: World, function: str) -> None:
    world.client("lambda").create_alias(FunctionName="jobs", Name="live", FunctionVersion="1")
    seen = look(world, "AWS::Lambda::Alias")
    assert seen.row["arn"] == f"{function}:live"
    assert seen.row["terraform_id"] == "jobs/live"
    assert {f"{function}:live", "jobs|live"} <= set(seen.row["keys"])
    assert seen.links == {("contains", "AWS::Lambda::Function", function, "self")}


def test_mapping_hangs_on_its_function_and_names_its_queue(world: World, function: str) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    queue = f"arn:aws:sqs:us-east-1:{world.account_id}:jobs"
    made = world.client("lambda").create_event_source_mapping(
        EventSourceArn=queue, FunctionName="jobs", Tags={"team": "core"}
    )
    seen = look(world, "AWS::Lambda::EventSourceMapping")
    arn = f"arn:aws:lambda:us-east-1:{world.account_id}:event-source-mapping:{made['UUID']}"
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, made["UUID"]], {"team": "core"})
    assert seen.links == {
        ("contains", "AWS::Lambda::Function", function, "self"),
        ("reads_from", "AWS::SQS::Queue", queue, None),
    }


def test_layer_is_one_row_at_its_newest_version(world: World) -> None:
    client = world.client("lambda")
    made = [
        client.publish_layer_version(LayerName="tools", Content={"ZipFile": code()})
        for _ in range(2)
    ][-1]
    row = look(world, "AWS::Lambda::LayerVersion").row
    assert row["keys"] == [made["LayerVersionArn"], made["LayerArn"]]
    assert row["name"] == "tools"
    assert row["created_at"] is not None
