"""Stacks claim what they list, and what their templates make without listing it."""

from __future__ import annotations

import json
from typing import Any

from scanner import catalog
from scanner.aws import Aws
from scanner.claims.cloudformation import OPERATIONS, StackReader
from scanner.model import Account, Claim, Source
from scanner.places import Grant, Place
from tests.world import World


def read(world: World) -> tuple[list[Source], list[Claim]]:
    """Read the stacks of the world's us-east-1."""
    aws = Aws()
    place = Place(world.account_id, "us-east-1", aws.own_credentials(), Grant("scan", OPERATIONS))
    rows = StackReader(catalog.load())(aws, Account(world.account_id, "aws"), place)
    return rows["source"], rows["claim"]


def stack(world: World, resources: dict[str, Any], name: str = "app", **more: Any) -> None:
    body = {"Resources": resources, **more.pop("template", {})}
    world.client("cloudformation").create_stack(
        StackName=name, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_NAMED_IAM"], **more
    )


def keys(claims: list[Claim], claimed_type: str) -> list[str]:
    return [key for claim in claims if claim.claimed_type == claimed_type for key in claim.keys]


def test_stack_claims_its_resources_under_its_name(world: World) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}
    stack(world, {"Jobs": queue})
    sources, claims = read(world)
    assert [(s.kind, s.outcome, s.claims) for s in sources] == [("cloudformation", "read", 1)]
    claim = claims[0]
    assert (claim.owner, claim.address, claim.resource_type) == ("app", "Jobs", "AWS::SQS::Queue")
    assert (claim.account_id, claim.region) == (world.account_id, "us-east-1")
    assert claim.keys[0].endswith("/jobs")


def test_inline_rules_of_a_group_are_claimed_with_parameters_filled_in(world: World) -> None:
    vpc = world.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": "web",
            "VpcId": vpc,
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": {"Ref": "From"}}
            ],
        },
    }
    template = {"Parameters": {"From": {"Type": "String", "Default": "10.0.0.0/8"}}}
    stack(world, {"Web": group}, template=template)
    _, claims = read(world)
    (group_id,) = keys(claims, "AWS::EC2::SecurityGroup")
    assert keys(claims, "AWS::EC2::SecurityGroupIngress") == [
        f"rule|{group_id}|ingress|tcp|443|443|10.0.0.0/8"
    ]
    assert [c.inline for c in claims if "Ingress" in c.claimed_type] == [True]


def test_policies_of_a_role_are_claimed(world: World) -> None:
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "worker",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "Policies": [{"PolicyName": "inline", "PolicyDocument": {"Statement": []}}],
        },
    }
    stack(world, {"Worker": role})
    _, claims = read(world)
    assert keys(claims, "AWS::IAM::RolePolicy") == ["worker:inline"]
    assert keys(claims, "Ext::IAM::RolePolicyAttachment") == [
        "worker|arn:aws:iam::aws:policy/ReadOnlyAccess"
    ]


def test_deleted_stack_claims_nothing(world: World) -> None:
    stack(world, {"Jobs": {"Type": "AWS::SQS::Queue"}})
    world.client("cloudformation").delete_stack(StackName="app")
    assert read(world) == ([], [])


def test_stack_of_more_than_a_hundred_resources_is_read_whole(world: World) -> None:
    topics = {f"T{n}": {"Type": "AWS::SNS::Topic"} for n in range(120)}
    stack(world, topics)
    assert len(keys(read(world)[1], "AWS::SNS::Topic")) == 120
