"""Resources of the types that rules speak of, as their documents are kept."""

from __future__ import annotations

from typing import Any

import rules
from rules.run import check
from scanner.config import Config, RulesConfig
from scanner.model import Resource
from scanner.store import Store
from tests.resolve.build import ACCOUNT, NOW, REGION, SCAN, claim, resource

Found = list[tuple[str, str]]


def thing(kind: str, name: str, properties: dict[str, Any] | None = None, **more: Any) -> Resource:
    """A resource of a CloudFormation type in the usual place; `properties` as AWS gives them."""
    service = kind.split("::")[1].lower()
    arn = more.pop("arn", f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}")
    return resource(
        name,
        resource_type=kind,
        terraform_type=None,
        properties=properties or {},
        arn=arn,
        keys=(arn, name),
        **more,
    )


def iam(kind: str, name: str, properties: dict[str, Any] | None = None, **more: Any) -> Resource:
    """A thing of IAM: in no region."""
    arn = more.pop("arn", f"arn:aws:iam::{ACCOUNT}:{kind.lower()}/{name}")
    full = kind if "::" in kind else f"AWS::IAM::{kind}"
    return thing(full, name, properties, arn=arn, region="global", cell_region="global", **more)


def found(store: Store, rule: str, **params: Any) -> Found:
    """Run one rule; return (severity, message) of what it found."""
    check(store, only(rule, **params), SCAN, now=NOW)
    rows = store.rows(
        "SELECT severity, message FROM findings WHERE rule_id = ? ORDER BY ALL", [rule]
    )
    return [(row["severity"], row["message"]) for row in rows]


def only(rule: str, **params: Any) -> Config:
    """A configuration with one rule on."""
    off = [other.rule_id for other in rules.load() if other.rule_id != rule]
    settings = {rule: {"params": params}} if params else {}
    return Config(rules=RulesConfig.model_validate({"disable": off, **settings}))


def managed(*things: Resource) -> list[Any]:
    return [
        claim(f"c{n}", item.arn, resource_type=item.resource_type) for n, item in enumerate(things)
    ]
