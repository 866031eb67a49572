"""CloudFormation, verified on the emulator."""

from __future__ import annotations

import json

from tests.catalog.look import look
from tests.world import World

TAGS = [{"Key": "team", "Value": "core"}]
TEMPLATE = json.dumps(
    {
        "Parameters": {"Token": {"Type": "String"}},
        "Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"Token": {"Value": {"Ref": "Token"}}},
    }
)
PLANTED = [{"ParameterKey": "Token", "ParameterValue": "planted"}]


def test_stack_is_listed_without_parameters_and_outputs(world: World) -> None:
    client = world.client("cloudformation")
    arn = client.create_stack(
        StackName="jobs", TemplateBody=TEMPLATE, Parameters=PLANTED, Tags=TAGS
    )["StackId"]
    client.create_stack(StackName="old", TemplateBody=TEMPLATE, Parameters=PLANTED)
    client.delete_stack(StackName="old")
    row = look(world, "AWS::CloudFormation::Stack").row
    assert (row["keys"], row["tags"]) == ([arn, "jobs"], {"team": "core"})
    assert row["created_at"] is not None
    assert "planted" not in str(row)


def test_instance_of_a_stack_set_is_linked_to_it_by_name(world: World) -> None:
    name = "StackSet-base-line-12345678-1234-1234-1234-123456789012"
    world.client("cloudformation").create_stack(
        StackName=name, TemplateBody=TEMPLATE, Parameters=PLANTED
    )
    assert look(world, "AWS::CloudFormation::Stack").links == {
        ("owns", "AWS::CloudFormation::StackSet", "base-line", "self")
    }


def test_stack_set_is_listed_without_template_and_parameters(world: World) -> None:
    client = world.client("cloudformation")
    made = client.create_stack_set(
        StackSetName="base", TemplateBody=TEMPLATE, Parameters=PLANTED, Tags=TAGS
    )["StackSetId"]
    row = look(world, "AWS::CloudFormation::StackSet").row
    arn = f"arn:aws:cloudformation:us-east-1:{world.account_id}:stackset/{made}"
    assert (row["keys"], row["tags"]) == ([arn, "base", made], {"team": "core"})
    assert "planted" not in str(row)
    assert "AWS::SQS::Queue" not in str(row)
