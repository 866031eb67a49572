"""What a template makes without listing it as a stack resource, or lists by no useful id.

One function per CloudFormation type; each gives the keys that the catalog's entries carry for
the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.claims.template import Values
from scanner.identity import group_rule_key, route_key


@dataclass(frozen=True)
class Child:
    """A resource that a template's resource brings along."""

    address: str
    resource_type: str
    keys: tuple[str, ...]
    inline: bool = True


@dataclass(frozen=True)
class Made:
    """A resource of the stack: its type, logical and physical id, and what its template says.

    `pseudo` holds the stack's pseudo parameters (`AWS::Region` ...).
    """

    resource_type: str
    logical_id: str
    physical_id: str
    properties: dict[str, Any]
    pseudo: Mapping[str, str]


Maker = Callable[[Made], Iterator[Child]]
MAKERS: dict[str, Maker] = {}

_PEERS = (
    "CidrIp",
    "CidrIpv6",
    "SourcePrefixListId",
    "DestinationPrefixListId",
    "SourceSecurityGroupId",
    "DestinationSecurityGroupId",
)


def makes(*types: str) -> Callable[[Maker], Maker]:
    """Register a function as the maker of the children of these types."""

    def register(maker: Maker) -> Maker:
        MAKERS.update(dict.fromkeys(types, maker))
        return maker

    return register


def children_of(resource_type: str, logical_id: str, values: Values) -> list[Child]:
    """Return the children of one resource of the stack: those whose keys are wholly known."""
    maker = MAKERS.get(resource_type)
    if maker is None:
        return []
    physical = values.physical_ids[logical_id]
    properties = values.properties(logical_id)
    found = maker(Made(resource_type, logical_id, physical, properties, values.pseudo))
    return [child for child in found if child.keys]


def text(value: Any) -> str | None:
    """Return a text or a number as text, None for anything else (what is not known, too)."""
    return str(value) if isinstance(value, (str, int)) and value != "" else None


def items(value: Any) -> list[Any]:
    """Return a list; one thing that stands alone as a list of one."""
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []


def blocks(value: Any) -> list[dict[str, Any]]:
    """Return the mappings in a list."""
    return [item for item in items(value) if isinstance(item, dict)]


def _rule(group: str, egress: bool, rule: dict[str, Any]) -> tuple[str, ...]:
    peer = next((word for name in _PEERS if (word := text(rule.get(name)))), None)
    proto = text(rule.get("IpProtocol"))
    if peer is None or proto is None:
        return ()
    ports = (text(rule.get("FromPort")), text(rule.get("ToPort")))
    return (group_rule_key(group, egress, proto, ports, peer),)


@makes("AWS::EC2::SecurityGroup")
def _group_rules(made: Made) -> Iterator[Child]:
    for member, egress in (("SecurityGroupIngress", False), ("SecurityGroupEgress", True)):
        kind = "AWS::EC2::SecurityGroupEgress" if egress else "AWS::EC2::SecurityGroupIngress"
        for at, rule in enumerate(items(made.properties.get(member))):
            if isinstance(rule, dict):
                yield Child(
                    f"{made.logical_id}.{member}[{at}]", kind, _rule(made.physical_id, egress, rule)
                )


@makes("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
def _own_rule(made: Made) -> Iterator[Child]:
    group = text(made.properties.get("GroupId"))
    egress = made.resource_type.endswith("Egress")
    if group:
        keys = _rule(group, egress, made.properties)
        yield Child(made.logical_id, made.resource_type, keys, inline=False)


@makes("AWS::EC2::Route")
def _route(made: Made) -> Iterator[Child]:
    table = text(made.properties.get("RouteTableId"))
    names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    where = next((word for name in names if (word := text(made.properties.get(name)))), None)
    if table and where:
        yield Child(made.logical_id, "AWS::EC2::Route", (route_key(table, where),), inline=False)


@makes("AWS::EC2::NetworkAclEntry")
def _acl_entry(made: Made) -> Iterator[Child]:
    acl, number = (
        text(made.properties.get("NetworkAclId")),
        text(made.properties.get("RuleNumber")),
    )
    way = "egress" if str(made.properties.get("Egress", "")).lower() == "true" else "ingress"
    if acl and number:
        keys = (f"{acl}|{way}|{number}",)
        yield Child(made.logical_id, made.resource_type, keys, inline=False)
