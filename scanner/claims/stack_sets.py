"""Stack sets of their administrator's account -> claims on their stacks in all accounts."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

from scanner.aws import Aws, Place
from scanner.claims.stack_claims import KIND
from scanner.errors import CallError
from scanner.identity import parse_arn
from scanner.model import Claim, Source

log = logging.getLogger(__name__)

OPERATIONS = frozenset(
    {("cloudformation", "ListStackSets"), ("cloudformation", "ListStackInstances")}
)
_STACK = "AWS::CloudFormation::Stack"


def read_stack_sets(aws: Aws, place: Place) -> tuple[list[Source], list[Claim]]:
    """Return a source for each stack set of this account and region, and a claim on its stacks.

    They tell a stack's administrator and nothing else: its resources are claimed by the stack. So
    stack sets that may not be read leave no verdict open, and are no row.
    """
    sources: list[Source] = []
    claims: list[Claim] = []
    try:
        for page in aws.pages(place, "cloudformation", "ListStackSets", {"Status": "ACTIVE"}):
            for one in page["Summaries"]:
                kept = list(_instances(aws, place, one["StackSetName"]))
                sources.append(_source(place, one["StackSetName"], len(kept)))
                claims += kept
    except CallError as error:
        log.info("stack sets of %s in %s: %s", place.account_id, place.region, error)
    return sources, claims


def _source_id(place: Place, name: str) -> str:
    return f"stackset://{place.account_id}/{place.region}/{name}"


def _source(place: Place, name: str, stacks: int) -> Source:
    return Source(
        _source_id(place, name), KIND, "read", account_id=place.account_id, region=place.region,
        resources=stacks, claims=stacks,
    )  # fmt: skip


def _instances(aws: Aws, place: Place, name: str) -> Iterator[Claim]:
    for page in aws.pages(place, "cloudformation", "ListStackInstances", {"StackSetName": name}):
        for instance in page["Summaries"]:
            stack = parse_arn(instance.get("StackId") or "")
            if stack:
                yield _claim(place, name, instance, stack.account)


def _claim(place: Place, name: str, instance: dict[str, Any], account: str) -> Claim:
    administrator = f"administered by account {place.account_id} in {place.region}"
    told = f"{instance['StackSetId']}|{instance['StackId']}"
    return Claim(
        claim_id=hashlib.sha256(told.encode()).hexdigest()[:20],
        source_kind=KIND,
        source_id=_source_id(place, name),
        owner=f"StackSet/{name}",
        address=f"{account}/{instance['Region']}",
        claimed_type=_STACK,
        resource_type=_STACK,
        account_id=account,
        region=instance["Region"],
        keys=(instance["StackId"],),
        inline=True,
        evidence=f"instance of stack set {name}, {administrator}",
    )
