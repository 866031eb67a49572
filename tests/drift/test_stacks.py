"""CloudFormation's drift, replayed in the form that its API reference documents.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResourceDrifts.html
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.credentials import Credentials

from scanner.aws import Place
from scanner.drift.stacks import DETECT, stack_drift
from scanner.errors import SourceError
from tests.resolve.build import ACCOUNT, SCAN, claim, resolved, resource
from tests.rules.things import found

STACK = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/app/1"
PLACE = Place(ACCOUNT, "us-east-1", Credentials("a", "b"), DETECT)


class Answers:
    """A detection that takes one more question, then these drifts."""

    def __init__(self, drifts: list[dict[str, Any]], status: str = "DETECTION_COMPLETE") -> None:
        self.drifts, self.status, self.asked = drifts, status, 0

    def call(
        self, place: Place, service: str, operation: str, params: Any = None
    ) -> dict[str, Any]:
        assert (service, operation) in place.grant.allowed
        if operation == "DetectStackDrift":
            return {"StackDriftDetectionId": "d-1"}
        if operation == "DescribeStackDriftDetectionStatus":
            self.asked += 1
            done = self.status if self.asked > 1 else "DETECTION_IN_PROGRESS"
            return {"DetectionStatus": done, "DetectionStatusReason": "no rights"}
        return {"StackResourceDrifts": self.drifts}


def resource_drift(status: str, **more: Any) -> dict[str, Any]:
    return {
        "StackId": STACK, "LogicalResourceId": "Queue", "ResourceType": "AWS::SQS::Queue",
        "PhysicalResourceId": "jobs", "StackResourceDriftStatus": status, **more,
    }  # fmt: skip


def store() -> Any:
    owned = claim("Queue", "jobs", source_kind="cloudformation", source_id=STACK, owner="app",
                  claimed_type="AWS::SQS::Queue")  # fmt: skip
    return resolved([resource("jobs")], [owned])


def test_what_differs_is_drift_and_what_was_not_checked_is_told() -> None:
    difference = {"PropertyPath": "/DelaySeconds", "ExpectedValue": "0", "ActualValue": "9",
                  "DifferenceType": "NOT_EQUAL"}  # fmt: skip
    aws = Answers([
        resource_drift("MODIFIED", PropertyDifferences=[difference]), resource_drift("IN_SYNC"),
        resource_drift("NOT_CHECKED", LogicalResourceId="Odd", ResourceType="AWS::Odd::Thing"),
    ])  # fmt: skip
    world, waited = store(), []
    rows = list(stack_drift(world, aws, PLACE, STACK, SCAN, waited.append))
    assert waited == [5.0]
    assert [(row["state"], row["address"], row["attribute"], row["found"]) for row in rows] == [
        ("drifted", "Queue", "DelaySeconds", "9"), ("unchecked", "Odd", "", None),
    ]  # fmt: skip
    assert rows[0]["arn"].endswith(":jobs")
    world.table_from_rows("drift", rows)
    assert found(world, "drifted") == [("medium", "Queue differs from its code in DelaySeconds")]
    assert found(world, "drift_unchecked") == [
        ("info", "Odd (AWS::Odd::Thing) was not checked for drift")
    ]


def test_what_the_answer_leaves_out_is_named_as_unchecked() -> None:
    claims = [
        claim(name, name, claim_id=name, source_kind="cloudformation", source_id=STACK, owner="app",
              claimed_type=kind)
        for name, kind in (("Queue", "AWS::SQS::Queue"), ("Rule", "AWS::Odd::Thing"))
    ]  # fmt: skip
    world = resolved([resource("Queue")], claims)
    rows = list(stack_drift(world, Answers([resource_drift("IN_SYNC")]), PLACE, STACK, SCAN, print))
    world.table_from_rows("drift", rows)
    assert found(world, "drift_unchecked") == [
        ("info", "Rule (AWS::Odd::Thing) was not checked for drift:"
         " CloudFormation detects no drift of this type")
    ]  # fmt: skip


def test_what_cdk_made_is_shown_by_app_and_construct() -> None:
    owned = claim(
        "Orders/Jobs/Resource", "jobs", source_kind="cloudformation", source_id=STACK,
        owner="orders-prod", claimed_type="AWS::SQS::Queue",
        evidence="CDK, stack resource JobsA1B2, physical id jobs",
    )  # fmt: skip
    world = resolved([resource("jobs")], [owned])
    difference = {"PropertyPath": "/DelaySeconds", "ExpectedValue": "0", "ActualValue": "9"}
    told = resource_drift(
        "MODIFIED", LogicalResourceId="JobsA1B2", PropertyDifferences=[difference]
    )
    [row] = stack_drift(world, Answers([told]), PLACE, STACK, SCAN, print)
    assert row["arn"].endswith(":jobs")
    world.table_from_rows("drift", [row])
    assert found(world, "drifted") == [
        ("medium", "Orders/Jobs/Resource differs from its code in DelaySeconds"
         " (CDK app Orders, stack orders-prod)")
    ]  # fmt: skip


def test_a_value_that_may_be_secret_is_named_without_it() -> None:
    difference = {"PropertyPath": "/Environment/Variables/TOKEN", "ExpectedValue": "PLANTED-a",
                  "ActualValue": "PLANTED-b"}  # fmt: skip
    told = resource_drift("MODIFIED", PropertyDifferences=[difference])
    [row] = stack_drift(store(), Answers([told]), PLACE, STACK, SCAN, print)
    assert row["attribute"] == "Environment/Variables/TOKEN"
    assert "PLANTED" not in str(row)


def test_a_detection_that_fails_or_never_ends_says_so() -> None:
    with pytest.raises(SourceError, match="no rights"):
        list(
            stack_drift(
                store(), Answers([], "DETECTION_FAILED"), PLACE, STACK, SCAN, lambda _: None
            )
        )
    with pytest.raises(SourceError, match="within 600 s"):
        list(
            stack_drift(
                store(), Answers([], "DETECTION_IN_PROGRESS"), PLACE, STACK, SCAN, lambda _: None
            )
        )
