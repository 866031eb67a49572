"""CloudFormation stacks of one account and region -> claims.

Every resource that a stack lists is a claim by its physical id. What a template makes without
listing it (inline rules of a group, inline policies of a role) is claimed from the template
itself, in `scanner/claims/stack_children.py`.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from typing import Any

from scanner import identity
from scanner.aws import Aws, Place
from scanner.catalog import Catalog
from scanner.claims.stack_children import MAKERS, Child, children_of
from scanner.claims.template import UNKNOWN, Values, parse
from scanner.errors import CallError
from scanner.model import Account, Claim, Source

log = logging.getLogger(__name__)

OPERATIONS = frozenset(
    ("cloudformation", name) for name in ("DescribeStacks", "ListStackResources", "GetTemplate")
)
"""What reading stacks calls."""

NO_STACK = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})
NOT_THERE = frozenset({"DELETE_COMPLETE", "DELETE_SKIPPED"})
"""Resource states in which the stack no longer says "I manage this": DELETE_SKIPPED is retained."""

_OUTCOMES = {"denied": "denied"}


@dataclass
class _Region:
    """The stacks of one account and region, with the values they export to each other."""

    account: Account
    place: Place
    stacks: list[dict[str, Any]]
    exports: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stack in self.stacks:
            for output in stack.get("Outputs") or []:
                value = output.get("OutputValue", "")
                self.outputs.setdefault(stack["StackId"], {})[output["OutputKey"]] = value
                if output.get("ExportName"):
                    self.exports[output["ExportName"]] = value


class StackReader:
    """Reads the stacks of an account and region; a `Reader` of `scanner/collect.py`."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def __call__(self, aws: Aws, account: Account, place: Place) -> dict[str, list[Any]]:
        """Return claims, and one source row per stack (one for the region where none can be read)."""
        try:
            stacks = [
                stack
                for page in aws.pages(place, "cloudformation", "DescribeStacks")
                for stack in page["Stacks"]
                if stack.get("StackStatus") not in NO_STACK
            ]
        except CallError as error:
            return {
                "source": [_unread(account, place, error)] if error.outcome != "unavailable" else []
            }
        region = _Region(account, place, stacks)
        sources: list[Source] = []
        claims: list[Claim] = []
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
            outcome, message = _OUTCOMES.get(error.outcome, "failed"), str(error)
        there = [
            item
            for item in resources
            if item.get("PhysicalResourceId") and item.get("ResourceStatus") not in NOT_THERE
        ]
        claims = [self._claim(region, stack, item) for item in there]
        if any(item["ResourceType"] in MAKERS for item in there):
            children, trouble = self._children(aws, region, stack, there)
            claims += children
            message = message or trouble
        return _source(region, stack, outcome, message, len(there), len(claims)), claims

    def _claim(self, region: _Region, stack: dict[str, Any], item: dict[str, Any]) -> Claim:
        physical = item["PhysicalResourceId"]
        keys = (identity.canonical_arn(physical),)
        return self._make(
            region, stack, item["LogicalResourceId"], item["ResourceType"], keys,
            f"stack resource {item['LogicalResourceId']}, physical id {physical}",
        )  # fmt: skip

    def _children(
        self, aws: Aws, region: _Region, stack: dict[str, Any], there: list[dict[str, Any]]
    ) -> tuple[list[Claim], str | None]:
        """Return the claims of what the template makes inline, or why it could not be read."""
        named = {"StackName": stack["StackId"], "TemplateStage": "Processed"}
        try:
            body = aws.call(region.place, "cloudformation", "GetTemplate", named)["TemplateBody"]
            values = _values(region, stack, there, parse(body))
        except (CallError, ValueError) as error:
            return [], f"its template could not be read, inline children are not claimed: {error}"
        claims = []
        for item in there:
            for child in children_of(item["ResourceType"], item["LogicalResourceId"], values):
                claims.append(self._child_claim(region, stack, child))
        return claims, None

    def _child_claim(self, region: _Region, stack: dict[str, Any], child: Child) -> Claim:
        return self._make(
            region, stack, child.address, child.resource_type, child.keys,
            "written in the stack's template", inline=child.inline,
        )  # fmt: skip

    def _make(
        self,
        region: _Region,
        stack: dict[str, Any],
        address: str,
        claimed_type: str,
        keys: tuple[str, ...],
        evidence: str,
        inline: bool = False,
    ) -> Claim:
        entry = self._catalog.cloudformation.get(claimed_type)
        text = "|".join((stack["StackId"], address, claimed_type, *keys))
        return Claim(
            claim_id=hashlib.sha256(text.encode()).hexdigest()[:20],
            source_kind="cloudformation",
            source_id=stack["StackId"],
            owner=stack["StackName"],
            address=address,
            claimed_type=claimed_type,
            resource_type=entry.type if entry else None,
            account_id=region.account.account_id,
            region=region.place.region,
            keys=keys,
            inline=inline,
            ignored=None if entry else self._not_inventory(claimed_type),
            evidence=evidence,
        )

    def _not_inventory(self, claimed_type: str) -> str | None:
        if claimed_type.startswith("Custom::"):
            return "a custom resource: what it makes, only its function knows"
        return self._catalog.not_inventory.get(claimed_type)


def _values(
    region: _Region, stack: dict[str, Any], there: list[dict[str, Any]], body: dict[str, Any]
) -> Values:
    defaults = {
        name: str(given["Default"])
        for name, given in (body.get("Parameters") or {}).items()
        if isinstance(given, dict) and "Default" in given
    }
    given = {
        item["ParameterKey"]: item.get("ResolvedValue") or item.get("ParameterValue", "")
        for item in stack.get("Parameters") or []
    }
    pseudo = {
        "AWS::AccountId": region.account.account_id,
        "AWS::Region": region.place.region,
        "AWS::Partition": region.account.partition,
        "AWS::StackName": stack["StackName"],
        "AWS::StackId": stack["StackId"],
    }
    physical = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in there}
    return Values(body, {**defaults, **given}, physical, pseudo, region.exports, region.outputs)


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
        kind="cloudformation",
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
        kind="cloudformation",
        outcome=_OUTCOMES.get(error.outcome, "failed"),
        message=str(error),
        account_id=account.account_id,
        region=place.region,
    )


__all__ = ["OPERATIONS", "UNKNOWN", "StackReader"]
