"""CloudFormation's own drift detection: started, awaited within limits, read per resource.

What it cannot check is a row of its own, so that nobody believes it is clean: the answer leaves it
out, so it is what the stack has and the answer does not name
(https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResourceDrifts.html).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from scanner.aws import Grant, Place
from scanner.drift.compare import holds_secret, shown
from scanner.errors import SourceError
from scanner.store import Store

DETECT = Grant(
    "detect",
    frozenset(
        ("cloudformation", name)
        for name in (
            "DetectStackDrift", "DescribeStackDriftDetectionStatus", "DescribeStackResourceDrifts",
        )
    ),
)  # fmt: skip
POLL, MOST = 5.0, 600.0
"""Seconds between two questions, and until a detection is given up."""
_STATES = {
    "MODIFIED": "drifted",
    "DELETED": "gone",
    "NOT_CHECKED": "unchecked",
    "UNKNOWN": "unchecked",
}


class Caller(Protocol):
    """What of `scanner.aws.Aws` is used."""

    def call(
        self, place: Place, service: str, operation: str, params: Any = None
    ) -> dict[str, Any]:
        """Return an operation's answer."""


def stack_drift(
    store: Store, aws: Caller, place: Place, stack: str, scan_id: str,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield a row of `drift` per property that differs, and one per thing gone or not checked.

    Raises `CallError` and `SourceError` where the detection fails or takes too long.
    """
    detection = aws.call(place, "cloudformation", "DetectStackDrift", {"StackName": stack})
    _await(aws, place, detection["StackDriftDetectionId"], stack, sleep)
    claims = _claims(store, stack)
    for resource in _resources(aws, place, stack):
        claim = _claim_of(resource, claims)
        claims = [one for one in claims if one is not claim]
        state = _STATES.get(resource["StackResourceDriftStatus"])
        if state:
            yield from _rows(resource, claim or {}, state, stack, scan_id)
    for claim in claims:
        row = _row(stack, scan_id, "unchecked", claim, claim["claimed_type"])
        yield {**row, "note": "CloudFormation detects no drift of this type"}


def _await(
    aws: Caller, place: Place, detection: str, stack: str, sleep: Callable[[float], None]
) -> None:
    waited = 0.0
    params = {"StackDriftDetectionId": detection}
    while True:
        told = aws.call(place, "cloudformation", "DescribeStackDriftDetectionStatus", params)
        if told["DetectionStatus"] == "DETECTION_COMPLETE":
            return
        if told["DetectionStatus"] == "DETECTION_FAILED":
            why = told.get("DetectionStatusReason", "no reason given")
            raise SourceError(f"drift of {stack} could not be detected: {why}")
        if waited >= MOST:
            raise SourceError(f"drift of {stack} was not detected within {MOST:.0f} s")
        sleep(POLL)
        waited += POLL


def _resources(aws: Caller, place: Place, stack: str) -> Iterator[dict[str, Any]]:
    params: dict[str, Any] = {"StackName": stack}
    while True:
        page = aws.call(place, "cloudformation", "DescribeStackResourceDrifts", params)
        yield from page["StackResourceDrifts"]
        if not page.get("NextToken"):
            return
        params["NextToken"] = page["NextToken"]


def _claims(store: Store, stack: str) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT address, owner, evidence, keys, claimed_type,"
        " CASE state WHEN 'matched' THEN arn END AS arn FROM claims"
        " WHERE source_id = ? AND NOT inline AND claim_id NOT IN"
        " (SELECT claim_id FROM claim WHERE ignored IS NOT NULL) ORDER BY address",
        [stack],
    )


def _claim_of(resource: dict[str, Any], claims: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the claim that means a resource: CDK's have the construct path as their address."""
    logical, physical = resource["LogicalResourceId"], resource.get("PhysicalResourceId")
    for one in claims:
        if one["claimed_type"] == resource["ResourceType"] and (
            one["address"] == logical or physical in one["keys"]
        ):
            return one
    return None


def _rows(
    resource: dict[str, Any], claim: dict[str, Any], state: str, stack: str, scan_id: str
) -> Iterator[dict[str, Any]]:
    told = {"address": resource["LogicalResourceId"], **claim}
    row = _row(stack, scan_id, state, told, resource["ResourceType"])
    row["note"] = row["note"] or resource.get("DriftStatusReason")
    differences = resource.get("PropertyDifferences") if state == "drifted" else None
    for one in differences or [{"PropertyPath": ""}]:
        values = one.get("ExpectedValue"), one.get("ActualValue")
        expected, found = (None, None) if holds_secret(one["PropertyPath"], *values) else values
        yield {
            **row, "attribute": one["PropertyPath"].removeprefix("/"),
            "expected": shown(expected), "found": shown(found),
        }  # fmt: skip


def _row(
    stack: str, scan_id: str, state: str, claim: dict[str, Any], resource_type: str
) -> dict[str, Any]:
    """Return a row about a thing as a whole; of what CDK made, the note names the app."""
    address = claim["address"]
    by_cdk = str(claim.get("evidence") or "").startswith("CDK, ") and "/" in address
    return {
        "scan_id": scan_id, "source_id": stack, "how": "stack", "state": state,
        "arn": claim.get("arn"), "resource_type": resource_type, "address": address,
        "attribute": "", "expected": None, "found": None,
        "note": f"CDK app {address.partition('/')[0]}, stack {claim['owner']}" if by_cdk else None,
    }  # fmt: skip
