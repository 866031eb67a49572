"""From the states: everything that must be managed (or missing), with its owner."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .clients import EUROPE, HOME, PRODUCTION, STAGING, Clients
from .expectation import Expectation
from .kinds import KINDS
from .states import Stored

INLINE_WHY = "written inline in its parent's configuration, no separate child resources there"


def provider_scope(state: str, provider: str) -> tuple[str, str]:
    """The account and region that a provider address of one of our roots stands for."""
    account = STAGING if provider.endswith(".staging") or state == "jobs-staging" else PRODUCTION
    return account, EUROPE if provider.endswith(".eu") else HOME


def from_state(stored: Stored, state: dict[str, Any]) -> Iterator[Expectation]:
    """One expectation for each managed instance that is a resource of its own."""
    for row in state["resources"]:
        if row["mode"] != "managed":
            continue
        account, region = provider_scope(stored.name, row["provider"])
        for instance in row["instances"]:
            base = Expectation(
                "", account, region, "", "managed", "in the state",
                owner_address=address(row, instance), source=stored.uri,
                terraform_type=row["type"],
            )  # fmt: skip
            yield from from_instance(base, instance["attributes"])


def address(row: dict[str, Any], instance: dict[str, Any]) -> str:
    """Terraform's own words: ``module.a["k"].aws_sqs_queue.jobs[0]``."""
    key = instance.get("index_key")
    suffix = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
    module = f"{row['module']}." if row.get("module") else ""
    return f"{module}{row['type']}.{row['name']}{suffix}"


def from_instance(base: Expectation, attributes: dict[str, Any]) -> Iterator[Expectation]:
    """The thing itself and the children that only its own attributes list."""
    terraform_type = base.terraform_type or ""
    if kind := KINDS.get(terraform_type):
        resource_id, arn = kind.name(attributes, base.account_id, base.region)
        yield replace(
            base,
            resource_type=kind.resource_type,
            resource_id=resource_id.removesuffix("|None").removesuffix("|"),
            region="global" if kind.is_global else base.region,
            arn=arn,
        )
    if terraform_type == "aws_instance":
        yield from instance_children(base, attributes)
    if terraform_type == "aws_iam_role" and attributes["name"] == "reader-inline":
        for policy in attributes["inline_policy"]:
            yield replace(
                base, resource_type="AWS::IAM::RolePolicy", region="global", why=INLINE_WHY,
                resource_id=f"{attributes['name']}:{policy['name']}",
            )  # fmt: skip


def instance_children(base: Expectation, attributes: dict[str, Any]) -> Iterator[Expectation]:
    """Volumes and the primary interface, which have no rows of their own."""
    prefix = f"arn:aws:ec2:{base.region}:{base.account_id}"
    devices = attributes["root_block_device"] + attributes["ebs_block_device"]
    attached = {device["volume_id"]: device["device_name"] for device in devices}
    for volume, device in attached.items():
        # A volume attached with aws_volume_attachment is copied in here too; it has its own row.
        if device != "/dev/sdh":
            yield replace(
                base, resource_type="AWS::EC2::Volume", resource_id=volume, also="derived",
                arn=f"{prefix}:volume/{volume}", why="a block device that the instance's row lists",
            )  # fmt: skip
    if interface := attributes.get("primary_network_interface_id"):
        yield replace(
            base, resource_type="AWS::EC2::NetworkInterface", resource_id=interface,
            arn=f"{prefix}:network-interface/{interface}", also="derived",
            why="the primary interface that the instance's row lists",
        )  # fmt: skip


def inline_in_network(clients: Clients, known: list[Expectation]) -> Iterator[Expectation]:
    """Rules and routes of the network root, as AWS lists them before anything by hand.

    Rules of group legacy are claimed by aws_security_group_rule rows (one row, several rules).
    """
    for one in known:
        ec2 = clients(one.account_id, "ec2", HOME if one.region == "global" else one.region)
        parent = {"source": one.source, "owner_address": one.owner_address}
        if one.terraform_type == "aws_security_group":
            wanted = [{"Name": "group-id", "Values": [one.resource_id]}]
            for rule in ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]:
                yield rule_expectation(one, rule)
        if one.terraform_type == "aws_route_table":
            table = ec2.describe_route_tables(RouteTableIds=[one.resource_id])["RouteTables"][0]
            for route in table["Routes"]:
                if route.get("GatewayId", "").startswith("igw-"):
                    resource_id = f"{one.resource_id}|{route['DestinationCidrBlock']}"
                    yield Expectation("AWS::EC2::Route", one.account_id, one.region, resource_id,
                                      "managed", INLINE_WHY, **parent)  # fmt: skip
        if one.terraform_type == "aws_network_acl" and "inline" in (one.owner_address or ""):
            yield Expectation("AWS::EC2::NetworkAclEntry", one.account_id, one.region,
                              f"{one.resource_id}|ingress|100", "managed", INLINE_WHY,
                              **parent)  # fmt: skip


def rule_expectation(group: Expectation, rule: dict[str, Any]) -> Expectation:
    """A rule as listed before anything by hand, under the row that claims it."""
    found = rule["SecurityGroupRuleId"]
    row, why = group.owner_address or "", INLINE_WHY
    if row.endswith(".legacy"):
        name = "from_group" if "ReferencedGroupInfo" in rule else "legacy"
        row = row.replace("aws_security_group.legacy", f"aws_security_group_rule.{name}")
        why = "one of the rules that an aws_security_group_rule row stands for: match by content"
    return Expectation(
        "Ext::EC2::SecurityGroupRule", group.account_id, group.region, found,
        "managed", why, owner_address=row, source=group.source,
        arn=f"arn:aws:ec2:{group.region}:{group.account_id}:security-group-rule/{found}",
    )  # fmt: skip
