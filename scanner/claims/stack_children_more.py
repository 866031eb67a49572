"""What templates make without listing it, beyond networks: policies, records, replicas."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.claims import openapi
from scanner.claims.stack_children import Child, Made, blocks, items, makes, text
from scanner.identity import canonical_arn, parse_arn, record_name


@makes("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
def _principal(made: Made) -> Iterator[Child]:
    noun = made.resource_type.rsplit("::", 1)[-1]
    for at, policy in enumerate(items(made.properties.get("Policies"))):
        name = text(policy.get("PolicyName")) if isinstance(policy, dict) else None
        if name:
            keys = (f"{made.physical_id}:{name}",)
            yield Child(f"{made.logical_id}.Policies[{at}]", f"AWS::IAM::{noun}Policy", keys)
    for at, arn in enumerate(items(made.properties.get("ManagedPolicyArns"))):
        if word := text(arn):
            keys = (f"{made.physical_id}|{canonical_arn(word)}",)
            address = f"{made.logical_id}.ManagedPolicyArns[{at}]"
            yield Child(address, f"Ext::IAM::{noun}PolicyAttachment", keys)


@makes("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
def _policy(made: Made) -> Iterator[Child]:
    managed = made.physical_id.startswith("arn:")
    name = text(made.properties.get("PolicyName"))
    for noun in ("Role", "User", "Group"):
        for principal in filter(None, map(text, items(made.properties.get(f"{noun}s")))):
            if managed:
                keys = (f"{principal}|{canonical_arn(made.physical_id)}",)
                yield Child(made.logical_id, f"Ext::IAM::{noun}PolicyAttachment", keys)
            elif name:
                keys = (f"{principal}:{name}",)
                yield Child(made.logical_id, f"AWS::IAM::{noun}Policy", keys, inline=False)


@makes("AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup")
def _records(made: Made) -> Iterator[Child]:
    for record in blocks(made.properties.get("RecordSets")) or [made.properties]:
        zone = text(record.get("HostedZoneId")) or text(made.properties.get("HostedZoneId"))
        name, kind = text(record.get("Name")), text(record.get("Type"))
        mark = text(record.get("SetIdentifier")) or ""
        if zone and name and kind:
            keys = (f"{zone}|{record_name(name)}|{kind}|{mark}",)
            yield Child(made.logical_id, "AWS::Route53::RecordSet", keys, inline=False)


@makes("AWS::SNS::Topic")
def _subscriptions(made: Made) -> Iterator[Child]:
    for at, subscription in enumerate(blocks(made.properties.get("Subscription"))):
        protocol, endpoint = (
            text(subscription.get("Protocol")),
            text(subscription.get("Endpoint")),
        )
        if protocol and endpoint:
            keys = (f"{made.physical_id}|{protocol}|{endpoint}",)
            yield Child(f"{made.logical_id}.Subscription[{at}]", "AWS::SNS::Subscription", keys)


@makes("AWS::DynamoDB::GlobalTable")
def _replicas(made: Made) -> Iterator[Child]:
    for at, replica in enumerate(blocks(made.properties.get("Replicas"))):
        region = text(replica.get("Region"))
        if region and region != made.pseudo["AWS::Region"]:
            partition, account = made.pseudo["AWS::Partition"], made.pseudo["AWS::AccountId"]
            arn = f"arn:{partition}:dynamodb:{region}:{account}:table/{made.physical_id}"
            yield Child(f"{made.logical_id}.Replicas[{at}]", made.resource_type, (arn,))


@makes("AWS::SecretsManager::Secret")
def _secret_replicas(made: Made) -> Iterator[Child]:
    arn = parse_arn(made.physical_id)
    for at, replica in enumerate(blocks(made.properties.get("ReplicaRegions"))):
        region = text(replica.get("Region"))
        if arn and region:  # AWS keeps the secret's name and suffix in each region
            keys = (":".join(("arn", *arn._replace(region=region))),)
            yield Child(f"{made.logical_id}.ReplicaRegions[{at}]", made.resource_type, keys)


_OF_DEFINITION = {
    "AWS::ApiGateway::RestApi": {
        "authorizer": "AWS::ApiGateway::Authorizer",
        "validator": "AWS::ApiGateway::RequestValidator",
    },
    "AWS::ApiGatewayV2::Api": {
        "authorizer": "AWS::ApiGatewayV2::Authorizer",
        "route": "AWS::ApiGatewayV2::Route",
    },
}


@makes(*_OF_DEFINITION)
def _api(made: Made) -> Iterator[Child]:
    kinds = _OF_DEFINITION[made.resource_type]
    for kind, name in openapi.defined(made.properties.get("Body")):
        if kind in kinds and name:
            address = f"{made.logical_id}.Body[{kind} {name}]"
            yield Child(address, kinds[kind], (f"{made.physical_id}|{name}",))
