"""What a template makes without listing it as a stack resource, or lists by no useful id.

One function per CloudFormation type; each gives the keys that the catalog's entries carry for
the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.claims.template import Values
from scanner.identity import canonical_arn, group_rule_key, parse_arn, record_name, route_key


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


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and value != "" else None


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []


def _blocks(value: Any) -> list[dict[str, Any]]:
    return [item for item in _items(value) if isinstance(item, dict)]


def _rule(group: str, egress: bool, rule: dict[str, Any]) -> tuple[str, ...]:
    peer = next((text for name in _PEERS if (text := _text(rule.get(name)))), None)
    proto = _text(rule.get("IpProtocol"))
    if peer is None or proto is None:
        return ()
    ports = (_text(rule.get("FromPort")), _text(rule.get("ToPort")))
    return (group_rule_key(group, egress, proto, ports, peer),)


@makes("AWS::EC2::SecurityGroup")
def _group_rules(made: Made) -> Iterator[Child]:
    for member, egress in (("SecurityGroupIngress", False), ("SecurityGroupEgress", True)):
        kind = "AWS::EC2::SecurityGroupEgress" if egress else "AWS::EC2::SecurityGroupIngress"
        for at, rule in enumerate(_items(made.properties.get(member))):
            if isinstance(rule, dict):
                yield Child(
                    f"{made.logical_id}.{member}[{at}]", kind, _rule(made.physical_id, egress, rule)
                )


@makes("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
def _own_rule(made: Made) -> Iterator[Child]:
    group = _text(made.properties.get("GroupId"))
    egress = made.resource_type.endswith("Egress")
    if group:
        keys = _rule(group, egress, made.properties)
        yield Child(made.logical_id, made.resource_type, keys, inline=False)


@makes("AWS::EC2::Route")
def _route(made: Made) -> Iterator[Child]:
    table = _text(made.properties.get("RouteTableId"))
    names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    where = next((text for name in names if (text := _text(made.properties.get(name)))), None)
    if table and where:
        yield Child(made.logical_id, "AWS::EC2::Route", (route_key(table, where),), inline=False)


@makes("AWS::EC2::NetworkAclEntry")
def _acl_entry(made: Made) -> Iterator[Child]:
    acl, number = (
        _text(made.properties.get("NetworkAclId")),
        _text(made.properties.get("RuleNumber")),
    )
    way = "egress" if str(made.properties.get("Egress", "")).lower() == "true" else "ingress"
    if acl and number:
        keys = (f"{acl}|{way}|{number}",)
        yield Child(made.logical_id, made.resource_type, keys, inline=False)


@makes("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
def _principal(made: Made) -> Iterator[Child]:
    noun = made.resource_type.rsplit("::", 1)[-1]
    for at, policy in enumerate(_items(made.properties.get("Policies"))):
        name = _text(policy.get("PolicyName")) if isinstance(policy, dict) else None
        if name:
            keys = (f"{made.physical_id}:{name}",)
            yield Child(f"{made.logical_id}.Policies[{at}]", f"AWS::IAM::{noun}Policy", keys)
    for at, arn in enumerate(_items(made.properties.get("ManagedPolicyArns"))):
        if text := _text(arn):
            keys = (f"{made.physical_id}|{canonical_arn(text)}",)
            address = f"{made.logical_id}.ManagedPolicyArns[{at}]"
            yield Child(address, f"Ext::IAM::{noun}PolicyAttachment", keys)


@makes("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
def _policy(made: Made) -> Iterator[Child]:
    managed = made.physical_id.startswith("arn:")
    name = _text(made.properties.get("PolicyName"))
    for noun in ("Role", "User", "Group"):
        for principal in filter(None, map(_text, _items(made.properties.get(f"{noun}s")))):
            if managed:
                keys = (f"{principal}|{canonical_arn(made.physical_id)}",)
                yield Child(made.logical_id, f"Ext::IAM::{noun}PolicyAttachment", keys)
            elif name:
                keys = (f"{principal}:{name}",)
                yield Child(made.logical_id, f"AWS::IAM::{noun}Policy", keys, inline=False)


@makes("AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup")
def _records(made: Made) -> Iterator[Child]:
    for record in _blocks(made.properties.get("RecordSets")) or [made.properties]:
        zone = _text(record.get("HostedZoneId")) or _text(made.properties.get("HostedZoneId"))
        name, kind = _text(record.get("Name")), _text(record.get("Type"))
        mark = _text(record.get("SetIdentifier")) or ""
        if zone and name and kind:
            keys = (f"{zone}|{record_name(name)}|{kind}|{mark}",)
            yield Child(made.logical_id, "AWS::Route53::RecordSet", keys, inline=False)


@makes("AWS::SNS::Topic")
def _subscriptions(made: Made) -> Iterator[Child]:
    for at, subscription in enumerate(_blocks(made.properties.get("Subscription"))):
        protocol, endpoint = (
            _text(subscription.get("Protocol")),
            _text(subscription.get("Endpoint")),
        )
        if protocol and endpoint:
            keys = (f"{made.physical_id}|{protocol}|{endpoint}",)
            yield Child(f"{made.logical_id}.Subscription[{at}]", "AWS::SNS::Subscription", keys)


@makes("AWS::DynamoDB::GlobalTable")
def _replicas(made: Made) -> Iterator[Child]:
    for at, replica in enumerate(_blocks(made.properties.get("Replicas"))):
        region = _text(replica.get("Region"))
        if region and region != made.pseudo["AWS::Region"]:
            partition, account = made.pseudo["AWS::Partition"], made.pseudo["AWS::AccountId"]
            arn = f"arn:{partition}:dynamodb:{region}:{account}:table/{made.physical_id}"
            yield Child(f"{made.logical_id}.Replicas[{at}]", made.resource_type, (arn,))


@makes("AWS::SecretsManager::Secret")
def _secret_replicas(made: Made) -> Iterator[Child]:
    arn = parse_arn(made.physical_id)
    for at, replica in enumerate(_blocks(made.properties.get("ReplicaRegions"))):
        region = _text(replica.get("Region"))
        if arn and region:  # AWS keeps the secret's name and suffix in each region
            keys = (":".join(("arn", *arn._replace(region=region))),)
            yield Child(f"{made.logical_id}.ReplicaRegions[{at}]", made.resource_type, keys)
