"""Lists the world with boto3 alone, independent of the scanner: ids per resource type."""

from typing import Any

import jmespath

from .clients import HOME, Clients
from .listing_tables import EC2, GLOBAL, REGIONAL


def listed(clients: Clients, account: str, region: str) -> dict[str, set[str]]:
    """ARNs by resource type; region ``global`` lists the global services."""
    if region == "global":
        return {
            kind: {route53(one) for one in ask(clients(account, row[0]), row[1], row[2])}
            for kind, row in GLOBAL.items()
        }
    found: dict[str, set[str]] = {}
    for noun, (operation, path, word) in EC2.items():
        ids = ask(clients(account, "ec2", region), operation, path)
        vendor = "Ext" if noun == "SecurityGroupRule" else "AWS"  # CloudFormation has two types
        found[f"{vendor}::EC2::{noun}"] = {
            f"arn:aws:ec2:{region}:{account}:{word}/{one}" for one in ids
        }
    for kind, row in REGIONAL.items():
        ids = ask(clients(account, row[0], region), row[1], row[2])
        found[kind] = {regional_arn(row, one, account, region) for one in ids}
    if region == HOME:
        found["AWS::S3::Bucket"] = {
            f"arn:aws:s3:::{one}"
            for one in ask(clients(account, "s3"), "list_buckets", "Buckets[].Name")
        }
    return found


def listed_children(clients: Clients, account: str, region: str) -> dict[str, set[str]]:
    """The ids (as `Expectation.resource_id`) of things without an ARN, by resource type."""
    if region == "global":
        return {**policies(clients(account, "iam")), **records(clients(account, "route53"))}
    ec2 = clients(account, "ec2", region)
    return {
        "AWS::EC2::Route": {
            f"{table['RouteTableId']}|"
            f"{route.get('DestinationCidrBlock') or route['DestinationPrefixListId']}"
            for table in ec2.describe_route_tables()["RouteTables"]
            for route in table["Routes"]
        },
        "AWS::EC2::PrefixList": set(
            ask(ec2, "describe_managed_prefix_lists", "PrefixLists[].PrefixListId")
        ),
        "AWS::EC2::NetworkAclEntry": {
            f"{acl['NetworkAclId']}|{'egress' if entry['Egress'] else 'ingress'}|"
            f"{entry['RuleNumber']}"
            for acl in ec2.describe_network_acls()["NetworkAcls"]
            for entry in acl["Entries"]
        },
    }


def policies(iam: Any) -> dict[str, set[str]]:
    """Inline policies as ``principal:policy`` and access keys."""
    found: dict[str, set[str]] = {"AWS::IAM::AccessKey": set()}
    for noun in ("Role", "User", "Group"):
        names = ask(iam, f"list_{noun.lower()}s", f"{noun}s[].{noun}Name")
        found[f"AWS::IAM::{noun}Policy"] = {
            f"{name}:{policy}"
            for name in names
            for policy in getattr(iam, f"list_{noun.lower()}_policies")(**{f"{noun}Name": name})[
                "PolicyNames"
            ]
        }
    for name in ask(iam, "list_users", "Users[].UserName"):
        keys = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
        found["AWS::IAM::AccessKey"].update(key["AccessKeyId"] for key in keys)
    return found


def records(client: Any) -> dict[str, set[str]]:
    """Records as ``zone|name.|type`` and the set identifier where there is one."""
    rows = (
        (zone.rpartition("/")[2], row)
        for zone in ask(client, "list_hosted_zones", "HostedZones[].Id")
        for row in client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    )
    return {
        "AWS::Route53::RecordSet": {
            "|".join(
                [zone, row["Name"].replace(r"\052", "*"), row["Type"], row.get("SetIdentifier", "")]
            ).rstrip("|")
            for zone, row in rows
        }
    }


def ask(client: Any, operation: str, path: str) -> list[str]:
    pages = client.get_paginator(operation).paginate() if client.can_paginate(operation) else None
    answers = list(pages) if pages is not None else [getattr(client, operation)()]
    return [one for answer in answers for one in jmespath.search(path, answer) or []]


def regional_arn(row: tuple[str, ...], one: str, account: str, region: str) -> str:
    """The ARN as Terraform writes it: log groups without ``:*``, a queue's from its URL."""
    if len(row) == 3:
        return one.removesuffix(":*")
    service, last = row[0], one.rpartition("/")[2] if row[0] == "sqs" else one
    if service.startswith("apigateway"):
        return f"arn:aws:apigateway:{region}::{row[3].format(last)}"
    name = row[3].format(last).removeprefix(":")
    return f"arn:aws:{service}:{region}:{account}:{name}"


def route53(one: str) -> str:
    """A hosted zone is listed as ``/hostedzone/Z…``; the others are ARNs already."""
    return f"arn:aws:route53:::{one[1:]}" if one.startswith("/") else one
