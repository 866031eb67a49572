"""CloudFormation's own drift detection: started, awaited within limits, read per resource.

Types that it cannot check are rows of their own, so that nobody believes they are clean
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html).
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
    for resource in _resources(aws, place, stack):
        state = _STATES.get(resource["StackResourceDriftStatus"])
        if state:
            yield from _rows(store, resource, state, stack, scan_id)


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


def _rows(
    store: Store, resource: dict[str, Any], state: str, stack: str, scan_id: str
) -> Iterator[dict[str, Any]]:
    arn = store.value(
        "SELECT arn FROM claims WHERE source_id = ? AND address = ? AND state = 'matched'",
        [resource["StackId"], resource["LogicalResourceId"]],
    )
    differences = resource.get("PropertyDifferences") or [{"PropertyPath": ""}]
    for one in differences if state == "drifted" else [{"PropertyPath": ""}]:
        values = one.get("ExpectedValue"), one.get("ActualValue")
        expected, found = (None, None) if holds_secret(one["PropertyPath"], *values) else values
        yield {
            "scan_id": scan_id, "source_id": resource.get("StackId") or stack, "how": "stack",
            "state": state, "arn": arn, "resource_type": resource["ResourceType"],
            "address": resource["LogicalResourceId"],
            "attribute": one["PropertyPath"].removeprefix("/"),
            "expected": shown(expected), "found": shown(found),
            "note": resource.get("DriftStatusReason"),
        }  # fmt: skip
