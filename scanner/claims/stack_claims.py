"""One stack's resources and template -> claims, owned by whom people know."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scanner.catalog import Catalog
from scanner.claims import stack_children_more as _more  # noqa: F401 (fills MAKERS)
from scanner.claims.stack_children import MAKERS, Child, children_of
from scanner.claims.stack_keys import BELOW_PARENT, half_named, physical_keys
from scanner.claims.stack_makers import Maker, construct_path
from scanner.claims.template import Values
from scanner.model import Claim

KIND = "cloudformation"

GONE = "DELETE_COMPLETE"
LET_GO = {
    "DELETE_SKIPPED": "retained: the stack no longer manages it",
    "IMPORT_FAILED": "its import failed: the stack does not manage it",
    "IMPORT_ROLLBACK_COMPLETE": "its import was undone: the stack does not manage it",
}
"""States of a resource in which the stack no longer says "I manage this"."""

UNSETTLED = frozenset({
    "CREATE_IN_PROGRESS", "CREATE_FAILED", "DELETE_IN_PROGRESS", "DELETE_FAILED",
    "IMPORT_IN_PROGRESS", "IMPORT_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_FAILED",
})  # fmt: skip
"""States in which the thing may be there or not: managed where it is, never missing.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceSummary.html
"""

_PARTS = {
    "AWS::IAM::Policy": "it stands for the inline policies of its principals, claimed one by one",
    "AWS::Route53::RecordSetGroup": "it stands for its records, claimed one by one",
}
_CUSTOM = "a custom resource: what it makes, only its function knows"

NEEDS_TEMPLATE = frozenset((*MAKERS, *BELOW_PARENT, "AWS::CDK::Metadata"))
"""Types of which a template tells what the list of the stack's resources does not."""


@dataclass(frozen=True)
class Owner:
    """A stack as its claims tell of it; `address` leads to it where it is nested in another."""

    stack_id: str
    account_id: str
    region: str
    maker: Maker
    address: str = ""


class StackClaims:
    """Makes the claims of one stack; `values` is None where its template is not known."""

    def __init__(self, catalog: Catalog, owner: Owner, values: Values | None) -> None:
        self._catalog = catalog
        self._owner = owner
        self._values = values

    def of(self, item: dict[str, Any]) -> Iterator[Claim]:
        """Yield what one entry of ListStackResources claims: itself and what it brings along."""
        physical, status = item.get("PhysicalResourceId"), item.get("ResourceStatus")
        if not physical or status == GONE:
            return
        kind, logical = item["ResourceType"], item["LogicalResourceId"]
        weak = status in UNSETTLED
        children = [] if status in LET_GO else self._children(kind, logical)
        itself = (logical, kind)
        own = [child for child in children if (child.address, child.resource_type) == itself]
        keys = self._keys(kind, logical, physical, own)
        words = f"stack resource {logical}, physical id {physical}"
        yield self._claim(
            logical, kind, keys, words + (f", {status}" if weak or status in LET_GO else ""),
            inline=weak or half_named(kind, keys), ignored=LET_GO.get(str(status)),
        )  # fmt: skip
        for child in children:
            if child not in own:
                yield self._claim(
                    child.address, child.resource_type, child.keys,
                    "written in the stack's template", inline=weak or child.inline,
                )  # fmt: skip

    def _children(self, kind: str, logical: str) -> list[Child]:
        return children_of(kind, logical, self._values) if self._values else []

    def _keys(self, kind: str, logical: str, physical: str, own: list[Child]) -> tuple[str, ...]:
        """Return the keys; a record set's name alone also fits its siblings of other types."""
        told = tuple(key for child in own for key in child.keys)
        if told and kind == "AWS::Route53::RecordSet":
            return told
        properties = self._values.properties(logical) if self._values else None
        return tuple(dict.fromkeys((*physical_keys(kind, physical, properties), *told)))

    def _claim(
        self, logical: str, kind: str, keys: tuple[str, ...], words: str, *,
        inline: bool, ignored: str | None = None,
    ) -> Claim:  # fmt: skip
        entry = self._catalog.cloudformation.get(kind)
        owner = self._owner
        told = "|".join((owner.stack_id, logical, kind, *keys))
        made = f"{owner.maker.words}, " if owner.maker.words else ""
        return Claim(
            claim_id=hashlib.sha256(told.encode()).hexdigest()[:20],
            source_kind=KIND,
            source_id=owner.stack_id,
            owner=owner.maker.owner,
            address=self._address(logical),
            claimed_type=kind,
            resource_type=entry.type if entry else None,
            account_id=owner.account_id,
            region=owner.region,
            keys=keys,
            inline=inline,
            ignored=ignored or (None if entry else self._no_inventory(kind)),
            evidence=made + words,
        )

    def _address(self, logical: str) -> str:
        """Return the CDK construct path, or the logical id below the stacks it is nested in."""
        name, mark, rest = logical.partition(".")
        path = construct_path(self._values.resource(name)) if self._values else None
        return f"{path}{mark}{rest}" if path else f"{self._owner.address}{logical}"

    def _no_inventory(self, kind: str) -> str | None:
        if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
            return _CUSTOM
        return _PARTS.get(kind) or self._catalog.not_inventory.get(kind)
