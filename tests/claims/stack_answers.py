"""CloudFormation's answers made by hand from the API reference, for what the emulator cannot do.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html. Nested stacks
with their parents, odd resource states, stack sets' instances and other services' tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from scanner import catalog
from scanner.aws import Aws
from scanner.claims.cloudformation import OPERATIONS, StackReader
from scanner.errors import CallError
from scanner.model import Account, Claim, Outcome, Source
from scanner.places import Grant, Place

ACCOUNT, REGION = "111111111111", "eu-west-1"
UUID = "6f1d4c5e-0b1a-4c3d-8e2f-0123456789ab"
Answer = dict[str, Any]


def stack_id(name: str) -> str:
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/{UUID}"


def stack(name: str, **more: Any) -> Answer:
    """One entry of DescribeStacks; `tags` is a map."""
    tags = [{"Key": key, "Value": value} for key, value in more.pop("tags", {}).items()]
    return {
        "StackId": stack_id(name), "StackName": name, "StackStatus": "CREATE_COMPLETE",
        "Tags": tags, **more,
    }  # fmt: skip


def held(logical: str, kind: str, physical: str, status: str = "CREATE_COMPLETE") -> Answer:
    """One entry of ListStackResources."""
    return {
        "LogicalResourceId": logical, "ResourceType": kind, "PhysicalResourceId": physical,
        "ResourceStatus": status,
    }  # fmt: skip


class Stacks:
    """Stands for AWS: stacks, their resources and templates by stack name, and stack sets."""

    def __init__(
        self,
        *stacks: Answer,
        resources: Mapping[str, list[Answer]] | None = None,
        templates: Mapping[str, Answer] | None = None,
        sets: Mapping[str, list[Answer]] | None = None,
    ) -> None:
        self._stacks = stacks
        self._resources = {stack_id(name): rows for name, rows in (resources or {}).items()}
        self._templates = {stack_id(name): body for name, body in (templates or {}).items()}
        self._sets = sets or {}

    def pages(
        self, place: Place, service: str, operation: str, params: Answer | None = None
    ) -> Iterator[Answer]:
        given = params or {}
        if operation == "DescribeStacks":
            yield {"Stacks": list(self._stacks)}
        elif operation == "ListStackResources":
            yield {"StackResourceSummaries": self._resources.get(given["StackName"], [])}
        elif operation == "ListStackSets":
            yield {"Summaries": [{"StackSetName": name} for name in self._sets]}
        else:
            yield {"Summaries": self._sets[given["StackSetName"]]}

    def call(self, place: Place, service: str, operation: str, params: Answer) -> Answer:
        if params["StackName"] not in self._templates:
            raise CallError("not authorized to perform GetTemplate", Outcome.DENIED, "AccessDenied")
        return {"TemplateBody": self._templates[params["StackName"]]}

    def read(self) -> tuple[list[Source], list[Claim]]:
        """Return the source rows and claims that the reader makes of it."""
        place = Place(ACCOUNT, REGION, cast(Any, None), Grant("scan", OPERATIONS))
        rows = StackReader(catalog.load())(cast(Aws, self), Account(ACCOUNT, "aws"), place)
        return rows["source"], rows["claim"]

    def claims(self) -> list[Claim]:
        return self.read()[1]
