"""Step Functions, verified on the emulator."""

from __future__ import annotations

import json

from tests.catalog.look import look
from tests.world import World

TAGS = [{"key": "team", "value": "core"}]


def test_state_machine_is_listed_without_its_definition(world: World) -> None:
    role = f"arn:aws:iam::{world.account_id}:role/jobs"
    step = {"Type": "Pass", "Result": "planted", "End": True}
    arn = world.client("stepfunctions").create_state_machine(
        name="jobs",
        definition=json.dumps({"StartAt": "A", "States": {"A": step}}),
        roleArn=role,
        tags=TAGS,
    )["stateMachineArn"]
    seen = look(world, "AWS::StepFunctions::StateMachine")
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "jobs"], {"team": "core"})
    assert seen.row["created_at"] is not None
    assert "planted" not in str(seen.row)
    assert seen.links == {("assumes", "AWS::IAM::Role", role, None)}


def test_activity_is_listed_with_its_tags(world: World) -> None:
    arn = world.client("stepfunctions").create_activity(name="jobs", tags=TAGS)["activityArn"]
    row = look(world, "AWS::StepFunctions::Activity").row
    assert (row["keys"], row["name"], row["tags"]) == ([arn], "jobs", {"team": "core"})
