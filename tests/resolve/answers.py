"""Resources and links as the collector makes them of AWS's answers, by the catalog's rules."""

from __future__ import annotations

from typing import Any

from scanner import catalog
from scanner.documents import apply_rules, as_resource, identify, links_of
from scanner.model import Account, Link, Resource
from tests.resolve.build import ACCOUNT, NOW, REGION

WHO = Account(ACCOUNT, "aws", (REGION,))


def listed(resource_type: str, members: dict[str, Any]) -> tuple[Resource, list[Link]]:
    """Return the row and the links of one item of AWS's answer; it must be a row at all."""
    full = catalog.load()
    entry, rules = full.entries[resource_type], full.rules.get(resource_type, ())
    region = "global" if entry.scope == "global" else REGION
    own = {"_account": ACCOUNT, "_region": region, "_partition": "aws"}
    document = {**members, **own}
    identify(entry, document)
    assert apply_rules(rules, document), "no row"
    return (
        as_resource(entry, document, WHO, region, NOW),
        links_of(entry, rules, document, WHO, region),
    )


def tags(**named: str) -> list[dict[str, str]]:
    """Return tags in EC2's form; `__` in a name stands for a colon, `_` for a hyphen."""
    return [
        {"Key": name.replace("__", ":").replace("_", "-"), "Value": value}
        for name, value in named.items()
    ]
