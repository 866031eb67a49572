"""A stack's resources belong to whom people know: CDK, SAM, StackSets, other services."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.stack_answers import ACCOUNT, REGION, UUID, Stacks, held, stack, stack_id

QUEUE = [held("Jobs1A2B", "AWS::SQS::Queue", "https://sqs.eu-west-1.amazonaws.com/1/jobs")]


@pytest.mark.parametrize(
    ("name", "tags", "owner"),
    [
        ("orders", {}, "orders"),
        (f"StackSet-baseline-network-{UUID}", {}, "StackSet/baseline-network"),
        (
            f"StackSet-AWSControlTowerBP-BASELINE-CONFIG-{UUID}", {},
            "ControlTower/AWSControlTowerBP-BASELINE-CONFIG",
        ),
        ("SC-111111111111-pp-abcdefgh12345", {}, "ServiceCatalog/pp-abcdefgh12345"),
        ("awseb-e-abcdefghij-stack", {}, "ElasticBeanstalk/e-abcdefghij"),
        (
            "awseb-e-abcdefghij-stack", {"elasticbeanstalk:environment-name": "shop-prod"},
            "ElasticBeanstalk/shop-prod",
        ),
        ("amplify-d1a2b3c4d5e6f7-main-branch-0123456789", {}, "Amplify/d1a2b3c4d5e6f7/main"),
        ("amplify-shop-prod-120935", {}, "Amplify/shop/prod"),
        ("aws-cloud9-bench-0123456789abcdef0123456789abcdef", {}, "Cloud9/bench"),
        ("StackSet-by-hand", {}, "StackSet-by-hand"),
        ("SC-lab", {}, "SC-lab"),
    ],
)  # fmt: skip
def test_stack_is_owned_by_the_name_that_people_know(
    name: str, tags: dict[str, str], owner: str
) -> None:
    claims = Stacks(stack(name, tags=tags), resources={name: QUEUE}).claims()
    assert [claim.owner for claim in claims] == [owner]
    assert [claim.source_id for claim in claims] == [stack_id(name)]


def test_role_of_a_stack_set_is_evidence() -> None:
    name = f"StackSet-baseline-{UUID}"
    role = f"arn:aws:iam::{ACCOUNT}:role/stacksets-exec-0123456789abcdef"
    (claim,) = Stacks(stack(name, RoleARN=role), resources={name: QUEUE}).claims()
    assert str(claim.evidence).startswith(
        "made by StackSet through role stacksets-exec-0123456789abcdef, stack resource Jobs1A2B"
    )


def test_construct_path_of_cdk_is_the_address() -> None:
    body = {
        "Resources": {
            "Jobs1A2B": {
                "Type": "AWS::SQS::Queue",
                "Metadata": {"aws:cdk:path": "Prod/Orders/Jobs/Resource"},
            }
        }
    }
    listed = [*QUEUE, held("CDKMetadata", "AWS::CDK::Metadata", "x")]
    claims = Stacks(
        stack("Prod-Orders"), resources={"Prod-Orders": listed}, templates={"Prod-Orders": body}
    ).claims()
    assert (claims[0].owner, claims[0].address) == ("Prod-Orders", "Prod/Orders/Jobs/Resource")
    assert str(claims[0].evidence).startswith("CDK, stack resource Jobs1A2B, physical id https://")
    assert claims[1].ignored is not None


def test_rule_inside_a_construct_is_addressed_below_its_path() -> None:
    group: dict[str, Any] = {
        "Type": "AWS::EC2::SecurityGroup",
        "Metadata": {"aws:cdk:path": "Orders/Web/Resource"},
        "Properties": {"SecurityGroupEgress": [{"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}]},
    }
    claims = Stacks(
        stack("Orders"),
        resources={"Orders": [held("Web9", "AWS::EC2::SecurityGroup", "sg-1")]},
        templates={"Orders": {"Resources": {"Web9": group}}},
    ).claims()
    assert [claim.address for claim in claims] == [
        "Orders/Web/Resource",
        "Orders/Web/Resource.SecurityGroupEgress[0]",
    ]


@pytest.mark.parametrize(
    "function",
    [
        {"Metadata": {"SamResourceId": "Api"}},
        {"Properties": {"Tags": [{"Key": "lambda:createdBy", "Value": "SAM"}]}},
    ],
)
def test_template_of_sam_is_recognised(function: dict[str, Any]) -> None:
    resources = [held("Api", "AWS::Lambda::Function", "api"), held("R", "AWS::IAM::Role", "r")]
    body = {"Resources": {"Api": function, "R": {"Type": "AWS::IAM::Role"}}}
    claims = Stacks(stack("api"), resources={"api": resources}, templates={"api": body}).claims()
    assert claims[0].owner == "api"
    assert str(claims[0].evidence).startswith("SAM, stack resource Api")


def test_serverless_framework_is_recognised_by_its_output() -> None:
    outputs = [{"OutputKey": "ServerlessDeploymentBucketName", "OutputValue": "b"}]
    (claim,) = Stacks(stack("api-dev", Outputs=outputs), resources={"api-dev": QUEUE}).claims()
    assert claim.owner == "api-dev"
    assert str(claim.evidence).startswith("Serverless Framework, ")


def test_nested_stack_is_owned_by_its_root_and_addressed_below_it() -> None:
    root, middle, leaf = "shop", "shop-Data-1ABCDEF", "shop-Data-1ABCDEF-Queues-XYZ123"
    claims = Stacks(
        stack(root),
        stack(middle, ParentId=stack_id(root), RootId=stack_id(root)),
        stack(leaf, ParentId=stack_id(middle), RootId=stack_id(root)),
        resources={leaf: QUEUE, middle: [held("T", "AWS::SNS::Topic", "arn:aws:sns:x:1:t")]},
    ).claims()
    assert [(claim.owner, claim.address) for claim in claims] == [
        ("shop", "Data/T"),
        ("shop", "Data/Queues/Jobs1A2B"),
    ]


def test_stack_set_claims_its_stacks_in_other_accounts() -> None:
    member = f"arn:aws:cloudformation:us-east-1:222222222222:stack/StackSet-baseline-{UUID}/{UUID}"
    instances = [
        {
            "StackSetId": f"baseline:{UUID}", "Account": "222222222222", "Region": "us-east-1",
            "StackId": member, "Status": "CURRENT",
        },
        {"StackSetId": f"baseline:{UUID}", "Account": "333333333333", "Region": "us-east-1"},
    ]  # fmt: skip
    (source,), (claim,) = Stacks(sets={"baseline": instances}).read()
    assert source.source_id == claim.source_id == f"stackset://{ACCOUNT}/{REGION}/baseline"
    assert (source.outcome, source.claims) == ("read", 1)
    assert (claim.owner, claim.address) == ("StackSet/baseline", "222222222222/us-east-1")
    assert (claim.resource_type, claim.keys) == ("AWS::CloudFormation::Stack", (member,))
    assert f"administered by account {ACCOUNT} in {REGION}" in str(claim.evidence)
