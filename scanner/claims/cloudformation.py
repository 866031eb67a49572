"""CloudFormation stacks of one account and region -> claims.

Every resource that a stack lists is a claim by its physical id. What a template makes without
listing it (inline rules of a group, inline policies of a role) is claimed from the template
itself, in `scanner/claims/stack_children.py`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from typing import Any

from scanner.aws import Aws, Place
from scanner.catalog import Catalog
from scanner.claims.stack_claims import KIND, NEEDS_TEMPLATE, Owner, StackClaims
from scanner.claims.stack_makers import CDK, maker_of, written_by
from scanner.claims.stack_sets import OPERATIONS as STACK_SET_OPERATIONS
from scanner.claims.stack_sets import read_stack_sets
from scanner.claims.template import Values
from scanner.claims.template_text import parse
from scanner.errors import CallError
from scanner.model import Account, Claim, Outcome, Source

log = logging.getLogger(__name__)

OPERATIONS = STACK_SET_OPERATIONS | frozenset(
    ("cloudformation", name) for name in ("DescribeStacks", "ListStackResources", "GetTemplate")
)
"""What reading stacks calls."""

NO_STACK = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})


@dataclass
class _Region:
    """The stacks of one account and region, with the values they export to each other."""

    account: Account
    place: Place
    stacks: list[dict[str, Any]]
    exports: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_id = {stack["StackId"]: stack for stack in self.stacks}
        for stack in self.stacks:
            for output in stack.get("Outputs") or []:
                value = output.get("OutputValue", "")
                self.outputs.setdefault(stack["StackId"], {})[output["OutputKey"]] = value
                if output.get("ExportName"):
                    self.exports[output["ExportName"]] = value

    def owner(self, stack: dict[str, Any]) -> Owner:
        """Return a stack's owner: its root stack's, where it is nested."""
        root = self.by_id.get(stack.get("RootId") or "", stack)
        steps, inner = "", stack
        while inner is not root and (outer := self.by_id.get(inner.get("ParentId") or "")):
            steps, inner = f"{_logical_id(inner, outer)}/{steps}", outer
        place = self.place
        return Owner(stack["StackId"], self.account.account_id, place.region, maker_of(root), steps)


def _logical_id(nested: dict[str, Any], parent: dict[str, Any]) -> str:
    """Return the logical id in a nested stack's name, PARENT-LOGICALID-RANDOM, else that name.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
    """
    name: str = nested["StackName"]
    found = re.fullmatch(re.escape(parent["StackName"]) + r"-(.+)-[A-Z0-9]+", name)
    return found.group(1) if found else name


class StackReader:
    """Reads the stacks of an account and region; a `Reader` of `scanner/collect.py`."""

    name = "stacks"
    service = "cloudformation"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def __call__(self, aws: Aws, account: Account, place: Place) -> dict[str, list[Any]]:
        """Return claims, and a source row per stack, or one for a region that cannot be read."""
        try:
            stacks = [
                stack
                for page in aws.pages(place, "cloudformation", "DescribeStacks")
                for stack in page["Stacks"]
                if stack.get("StackStatus") not in NO_STACK
            ]
        except CallError as error:
            absent = error.outcome == Outcome.UNAVAILABLE
            return {"source": [] if absent else [_unread(account, place, error)]}
        region = _Region(account, place, stacks)
        sources, claims = read_stack_sets(aws, place)
        for stack in stacks:
            source, found = self._stack(aws, region, stack)
            sources.append(source)
            claims += found
        return {"source": sources, "claim": claims}

    def _stack(
        self, aws: Aws, region: _Region, stack: dict[str, Any]
    ) -> tuple[Source, list[Claim]]:
        resources: list[dict[str, Any]] = []
        outcome, message = "read", None
        named = {"StackName": stack["StackId"]}
        try:
            for page in aws.pages(region.place, "cloudformation", "ListStackResources", named):
                resources += page["StackResourceSummaries"]
        except CallError as error:
            outcome, message = _outcome(error), str(error)
        owner, values = region.owner(stack), None
        needed = any(item["ResourceType"] in NEEDS_TEMPLATE for item in resources)
        if needed or owner.maker.words == CDK:
            values, trouble = _values(aws, region, stack, resources)
            message = message or trouble
        if values and not owner.maker.words:
            owner = replace(owner, maker=replace(owner.maker, words=written_by(values.template)))
        maker = StackClaims(self._catalog, owner, values)
        claims = [claim for item in resources for claim in maker.of(item)]
        return _source(region, stack, outcome, message, len(resources), len(claims)), claims


def _values(
    aws: Aws, region: _Region, stack: dict[str, Any], resources: list[dict[str, Any]]
) -> tuple[Values | None, str | None]:
    """Return a stack's template with the stack's values, or why it could not be read."""
    named = {"StackName": stack["StackId"], "TemplateStage": "Processed"}
    try:
        body = parse(aws.call(region.place, "cloudformation", "GetTemplate", named)["TemplateBody"])
    except (CallError, ValueError) as error:
        return None, f"its template could not be read, inline children are not claimed: {error}"
    physical = {
        item["LogicalResourceId"]: item["PhysicalResourceId"]
        for item in resources
        if item.get("PhysicalResourceId")
    }
    given, pseudo = _parameters(stack, body), _pseudo(region, stack)
    return Values(body, given, physical, pseudo, region.exports, region.outputs), None


def _parameters(stack: dict[str, Any], body: dict[str, Any]) -> dict[str, str]:
    declared = body.get("Parameters")
    defaults = {
        name: str(given["Default"])
        for name, given in (declared.items() if isinstance(declared, dict) else ())
        if isinstance(given, dict) and "Default" in given
    }
    given = {
        item["ParameterKey"]: item.get("ResolvedValue") or item.get("ParameterValue", "")
        for item in stack.get("Parameters") or []
    }
    return {**defaults, **given}


def _pseudo(region: _Region, stack: dict[str, Any]) -> dict[str, str]:
    return {
        "AWS::AccountId": region.account.account_id,
        "AWS::Region": region.place.region,
        "AWS::Partition": region.account.partition,
        "AWS::StackName": stack["StackName"],
        "AWS::StackId": stack["StackId"],
    }


def _outcome(error: CallError) -> str:
    return "denied" if error.outcome == Outcome.DENIED else "failed"


def _source(
    region: _Region,
    stack: dict[str, Any],
    outcome: str,
    message: str | None,
    resources: int,
    claims: int,
) -> Source:
    changed = stack.get("LastUpdatedTime") or stack.get("CreationTime")
    return Source(
        source_id=stack["StackId"],
        kind=KIND,
        outcome=outcome,
        message=message,
        account_id=region.account.account_id,
        region=region.place.region,
        version=stack.get("StackStatus"),
        resources=resources,
        claims=claims,
        modified_at=changed.replace(tzinfo=None) if changed else None,
    )


def _unread(account: Account, place: Place, error: CallError) -> Source:
    return Source(
        source_id=f"cloudformation://{account.account_id}/{place.region}",
        kind=KIND,
        outcome=_outcome(error),
        message=str(error),
        account_id=account.account_id,
        region=place.region,
    )
