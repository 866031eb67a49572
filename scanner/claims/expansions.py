"""What a state implies beyond its own rows: children that only their parent's row lists.

Each function serves one kind of child and none depends on another. Whether its children are
claims, or no more than what a refresh saw, is decided once over all states, in `terraform.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner import identity
from scanner.claims import openapi
from scanner.claims.content import (
    ACL,
    ATTACHED,
    GROUP,
    INSTANCE,
    ROLE,
    TABLE,
    acl_key,
    attachment_key,
    destinations,
    rule_keys,
    rule_types,
)
from scanner.claims.pieces import Parent, Piece, blocks, expansion, text, texts, truth
from scanner.claims.state_objects import Attributes


@expansion("aws_security_group", "aws_default_security_group")
def group_rules(row: Attributes) -> Iterator[Piece]:
    """Rules in the `ingress` and `egress` blocks of a group, one for each peer."""
    group = text(row, "id")
    for name in ("ingress", "egress") if group else ():
        egress = name == "egress"
        for at, block in blocks(row, name):
            for key in rule_keys(group, egress, block):
                yield Piece(rule_types(egress), (key,), f".{name}[{at}]", Parent(GROUP, group))


@expansion("aws_route_table", "aws_default_route_table")
def table_routes(row: Attributes) -> Iterator[Piece]:
    """Routes in the `route` blocks of a table."""
    table = text(row, "id")
    for at, block in blocks(row, "route") if table else ():
        for destination in destinations(block):
            key = identity.route_key(table, destination)
            yield Piece(("aws_route",), (key,), f".route[{at}]", Parent(TABLE, table))


@expansion("aws_network_acl", "aws_default_network_acl")
def acl_entries(row: Attributes) -> Iterator[Piece]:
    """Entries in the `ingress` and `egress` blocks of a network ACL."""
    acl = text(row, "id")
    for name in ("ingress", "egress") if acl else ():
        for at, block in blocks(row, name):
            key = acl_key(acl, name == "egress", block.get("rule_no"))
            yield Piece(("aws_network_acl_rule",), (key,), f".{name}[{at}]", Parent(ACL, acl))


@expansion("aws_iam_role")
def role_policies(row: Attributes) -> Iterator[Piece]:
    """Policies in a role's `inline_policy` blocks (an empty block says: there are none)."""
    role = text(row, "name", "id")
    for at, block in blocks(row, "inline_policy") if role else ():
        for name in texts(block, "name"):
            keys = (f"{role}:{name}",)
            yield Piece(("aws_iam_role_policy",), keys, f".inline_policy[{at}]", Parent(ROLE, role))


@expansion("aws_iam_role")
def role_attachments(row: Attributes) -> Iterator[Piece]:
    """Policies that a role's `managed_policy_arns` attach."""
    role = text(row, "name", "id")
    for at, policy in enumerate(texts(row, "managed_policy_arns") if role else ()):
        keys, place = (attachment_key(role, policy),), f".managed_policy_arns[{at}]"
        yield Piece(("aws_iam_role_policy_attachment",), keys, place, Parent(ROLE, role))


@expansion("aws_iam_role_policy_attachments_exclusive")
def exclusive_attachments(row: Attributes) -> Iterator[Piece]:
    """Policies that a guard over a role's attachments attaches itself.

    Each refresh copies what it finds into the list, as for the role's own
    (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policy_attachments_exclusive).
    """
    role = text(row, "role_name")
    for at, policy in enumerate(texts(row, "policy_arns") if role else ()):
        keys, place = (attachment_key(role, policy),), f".policy_arns[{at}]"
        yield Piece(("aws_iam_role_policy_attachment",), keys, place, Parent(ATTACHED, role))


@expansion("aws_api_gateway_rest_api")
def rest_api_parts(row: Attributes) -> Iterator[Piece]:
    """Authorizers and validators that the definition in a REST API's `body` makes."""
    kinds = {
        "authorizer": "aws_api_gateway_authorizer",
        "validator": "aws_api_gateway_request_validator",
    }
    yield from _defined(row, kinds)


@expansion("aws_apigatewayv2_api")
def http_api_parts(row: Attributes) -> Iterator[Piece]:
    """Authorizers and routes that the definition in an HTTP API's `body` makes."""
    yield from _defined(
        row, {"authorizer": "aws_apigatewayv2_authorizer", "route": "aws_apigatewayv2_route"}
    )


def _defined(row: Attributes, kinds: Mapping[str, str]) -> Iterator[Piece]:
    api, body = text(row, "id"), text(row, "body")
    for kind, name in openapi.defined(body) if api and body else ():
        if kind in kinds and name:
            yield Piece((kinds[kind],), (f"{api}|{name}",), f".body[{kind} {name}]")


@expansion("aws_main_route_table_association")
def former_main_table(row: Attributes) -> Iterator[Piece]:
    """The table that AWS made with the VPC, which stays when another becomes the main one."""
    for table in texts(row, "original_route_table_id"):
        yield Piece(("aws_route_table",), (table,), ".original_route_table_id")


@expansion("aws_instance", "aws_spot_instance_request")
def instance_volumes(row: Attributes) -> Iterator[Piece]:
    """The volumes that an instance was launched with.

    A volume attached later is copied into `ebs_block_device` too, but does not go with the
    instance, so it yields to a separate `aws_volume_attachment`
    (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html).
    """
    parent = Parent(INSTANCE, text(row, "spot_instance_id", "id"))
    for name in ("root_block_device", "ebs_block_device"):
        for at, block in blocks(row, name):
            launched = name.startswith("root") or truth(block.get("delete_on_termination"))
            for volume in texts(block, "volume_id"):
                place = f".{name}[{at}]"
                yield Piece(("aws_ebs_volume",), (volume,), place, None if launched else parent)


@expansion("aws_instance", "aws_spot_instance_request")
def instance_interface(row: Attributes) -> Iterator[Piece]:
    """The primary interface, made with the instance unless it has a row of its own."""
    for interface in texts(row, "primary_network_interface_id"):
        yield Piece(("aws_network_interface",), (interface,), ".primary_network_interface_id")


@expansion("aws_dynamodb_table")
def table_replicas(row: Attributes) -> Iterator[Piece]:
    """The same table in other regions."""
    for at, block in blocks(row, "replica"):
        for region in texts(block, "region_name"):
            arn = text(block, "arn") or _elsewhere(text(row, "arn"), region)
            yield Piece(("aws_dynamodb_table",), (arn,), f".replica[{at}]")


@expansion("aws_secretsmanager_secret")
def secret_replicas(row: Attributes) -> Iterator[Piece]:
    """The same secret in other regions: AWS keeps its name and suffix."""
    for at, block in blocks(row, "replica"):
        for region in texts(block, "region"):
            arn = _elsewhere(text(row, "arn"), region)
            yield Piece(("aws_secretsmanager_secret",), (arn,), f".replica[{at}]")


def _elsewhere(arn: str, region: str) -> str:
    parsed = identity.parse_arn(arn)
    return ":".join(("arn", *parsed._replace(region=region))) if parsed else ""


@expansion("aws_elasticache_replication_group")
def member_clusters(row: Attributes) -> Iterator[Piece]:
    """The clusters that a replication group is made of."""
    for at, cluster in enumerate(texts(row, "member_clusters")):
        yield Piece(("aws_elasticache_cluster",), (cluster,), f".member_clusters[{at}]")


@expansion("aws_fsx_openzfs_file_system")
def root_volume(row: Attributes) -> Iterator[Piece]:
    """The volume that every OpenZFS file system begins with."""
    for volume in texts(row, "root_volume_id"):
        yield Piece(("aws_fsx_openzfs_volume",), (volume,), ".root_volume_id")
