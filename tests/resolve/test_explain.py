"""`strays explain` reads like a good colleague's answer. WRITE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.explain import explain
from scanner.model import Link, Outcome, Resource, Trust
from scanner.store import Store
from tests.resolve.build import ACCOUNT, REGION, cell, claim, resolved, resource

GOLDEN = Path(__file__).parent / "golden"
STATE = {
    "source_id": "tfstate://prod.tfstate",
    "owner": "tfstate://prod.tfstate",
    "evidence": "serial 12",
}


def thing(
    kind: str, terraform: str, key: str, name: str | None = None, **changes: object
) -> Resource:
    service = {"AutoScaling": "autoscaling", "EC2": "ec2", "IAM": "iam"}[kind.split("::")[1]]
    arn = f"arn:aws:{service}:{REGION}:{ACCOUNT}:{key}"
    own_id = key.rpartition("/")[2]
    plain = resource(
        own_id, arn=arn, resource_type=kind, terraform_type=terraform, keys=(arn, own_id), **changes
    )
    return replace(plain, name=name)


def link(at: Resource, kind: str, to: Resource, owns: str | None = None, **changes: object) -> Link:
    told = {"rule": None, "trust": Trust.API_FIELD, "evidence": "a field"} | changes
    return Link(ACCOUNT, REGION, at.arn, kind, to.resource_type, to.arn, owns, **told)  # type: ignore[arg-type]


STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/old-cache/1"
OF_GROUP = {"resource_type": "AWS::AutoScaling::AutoScalingGroup"}
LISTED = {"rule": "C1", "trust": Trust.PARENT_LIST, "evidence": "the group lists the instance"}
DISK = {"rule": "C19", "trust": Trust.PARENT_LIST, "evidence": "deleted with its instance"}


@pytest.fixture(scope="module")
def store() -> Store:
    group = thing("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group", "group/web", "web")
    instance = thing("AWS::EC2::Instance", "aws_instance", "instance/i-1")
    volume = thing("AWS::EC2::Volume", "aws_ebs_volume", "volume/vol-1")
    vpc = replace(
        thing("AWS::EC2::VPC", "aws_vpc", "vpc/vpc-1"),
        default_rule="N1", default_evidence="the default VPC of its region",
    )  # fmt: skip
    extra = replace(
        thing("AWS::EC2::Volume", "aws_ebs_volume", "volume/vol-2", "scratch"),
        tags={"aws:cloudformation:stack-id": STACK},
    )
    by_hand = thing("AWS::EC2::Instance", "aws_instance", "instance/i-2", "jump\nbox")
    disk = thing("AWS::EC2::Volume", "aws_ebs_volume", "volume/vol-3")
    orphan = thing("AWS::EC2::Instance", "aws_instance", "instance/i-3")
    twin, other = (resource("jobs", account_id=f"{n}" * 12) for n in (1, 2))
    fleet = thing("AWS::EC2::SpotFleet", "aws_spot_fleet_request", "fleet/sfr-1")
    links = [
        link(group, "owns", instance, "target", **LISTED),
        link(instance, "owns", volume, "target", **DISK),
        link(by_hand, "owns", disk, "target", **DISK),
        link(instance, "in_vpc", vpc), link(by_hand, "in_vpc", vpc),
        link(extra, "attached_to", instance),
        replace(link(orphan, "owns", fleet, "self", rule="C2"), target_key="sfr-1"),
    ]  # fmt: skip
    unseen = {"resource_type": "AWS::Lambda::Function", "claimed_type": "aws_lambda_function"}
    claims = [
        claim("module.web.aws_autoscaling_group.web", group.arn, **OF_GROUP, **STATE),
        claim("aws_sqs_queue.jobs", "jobs", account_id=None, region=None, **STATE),
        claim("aws_sqs_queue.gone", f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone", "gone", **STATE),
        claim("aws_lambda_function.unseen", "unseen", **unseen, **STATE),
    ]
    denied = {"service": "lambda", "message": "AccessDenied: not allowed"}
    cells = [
        cell(),
        cell(Outcome.DENIED, resource_type="AWS::EC2::SpotFleet", service="ec2"),
        cell(Outcome.DENIED, resource_type="AWS::Lambda::Function", **denied),
    ]
    things = [group, instance, volume, vpc, extra, by_hand, disk, orphan, twin, other]
    return resolved(things, claims, links, cells)


@pytest.mark.parametrize(
    ("name", "wanted"),
    {
        "managed": "web",
        "derived": "vol-1",
        "default": "vpc-1",
        "unmanaged": "scratch",
        "dependent": "vol-3",
        "ambiguous": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs",
        "unknown": "i-3",
        "missing": f"arn:aws:sqs:{REGION}:{ACCOUNT}:gone",
        "unseen": "aws_lambda_function.unseen",
    }.items(),
)
def test_explanation_is_the_golden_one(store: Store, name: str, wanted: str) -> None:
    told = explain(store, wanted) + "\n"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(told)
    assert told == path.read_text()


def test_a_name_cannot_forge_a_line(store: Store) -> None:
    assert "jump\\nbox is unmanaged" in explain(store, "i-2")


def test_what_is_called_twice_is_asked_for_by_arn(store: Store) -> None:
    with pytest.raises(
        UsageError, match="2 resources are called 'jobs': name one by its ARN: arn:"
    ):
        explain(store, "jobs")


def test_what_nothing_is_called_is_an_error(store: Store) -> None:
    with pytest.raises(UsageError, match="nothing in the inventory is called 'nobody'"):
        explain(store, "nobody")


def test_an_arn_in_a_denied_cell_is_not_seen_and_not_absent(store: Store) -> None:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:who"
    with pytest.raises(
        UsageError, match=r"was not seen.*AWS::Lambda::Function in us-east-1 \(denied\)"
    ):
        explain(store, arn)
