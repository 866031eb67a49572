"""Rows that are recognised by what they say, since their `id` is Terraform's own invention.

`aws_security_group_rule.id` is a hash, `aws_route.id` too, an attachment's id may end in a time.
AWS lists these things by content, and so do `scanner/identity.py` and the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner import identity
from scanner.claims.pieces import Parent, Piece, content, text, texts, truth
from scanner.claims.state_objects import Attributes

GROUP, TABLE, ACL, ROLE, INSTANCE = "group", "table", "acl", "role", "instance"
ATTACHED = "what is attached to a role"

SEPARATE_CHILDREN = {
    "aws_security_group_rule": ((GROUP,), "security_group_id"),
    "aws_vpc_security_group_ingress_rule": ((GROUP,), "security_group_id"),
    "aws_vpc_security_group_egress_rule": ((GROUP,), "security_group_id"),
    "aws_vpc_security_group_rules_exclusive": ((GROUP,), "security_group_id"),
    "aws_route": ((TABLE,), "route_table_id"),
    "aws_network_acl_rule": ((ACL,), "network_acl_id"),
    "aws_iam_role_policy": ((ROLE,), "role"),
    "aws_iam_role_policy_attachment": ((ROLE, ATTACHED), "role"),
    "aws_iam_policy_attachment": ((ROLE, ATTACHED), "roles"),
    "aws_iam_role_policies_exclusive": ((ROLE,), "role_name"),
    "aws_iam_role_policy_attachments_exclusive": ((ROLE,), "role_name"),
    "aws_volume_attachment": ((INSTANCE,), "instance_id"),
    "awscc_ec2_security_group_ingress": ((GROUP,), "group_id"),
    "awscc_ec2_security_group_egress": ((GROUP,), "group_id"),
    "awscc_iam_role_policy": ((ROLE,), "role_name"),
}
"""Types that are children of their own: of which families, and the attribute with the parent.

Where one stands in any state, what the parent's row lists inside itself is an observation, since
the provider declares those collections optional and computed: a refresh copies hand-made children
into them (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group).
"""

_PEERS = (
    "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups",
    "source_security_group_id", "cidr_ipv4", "cidr_ipv6", "prefix_list_id",
    "referenced_security_group_id",
)  # fmt: skip
_DESTINATIONS = (
    "destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id",
    "cidr_block", "ipv6_cidr_block",
)  # fmt: skip


def separate_parents(kind: str, attributes: Attributes) -> list[Parent]:
    """Return the parents of which a row is a separate child."""
    if kind not in SEPARATE_CHILDREN:
        return []
    families, attribute = SEPARATE_CHILDREN[kind]
    return [Parent(family, key) for key in texts(attributes, attribute) for family in families]


def rule_types(egress: bool) -> tuple[str, ...]:
    """Return the Terraform types that describe one security-group rule."""
    way = "egress" if egress else "ingress"
    return (f"aws_vpc_security_group_{way}_rule", "aws_security_group_rule")


def rule_keys(group: str, egress: bool, rule: Attributes) -> list[str]:
    """Return a key for each peer of a rule: AWS keeps one rule per peer."""
    peers = texts(rule, *_PEERS) + ([group] if truth(rule.get("self")) else [])
    proto = rule.get("ip_protocol", rule.get("protocol"))
    ports = (rule.get("from_port"), rule.get("to_port"))
    return [identity.group_rule_key(group, egress, proto, ports, peer) for peer in peers]


@content("aws_security_group_rule")
def group_rule(row: Attributes) -> Iterator[Piece]:
    """One row is as many rules in AWS as it has peers."""
    egress = text(row, "type") == "egress"
    own = texts(row, "security_group_rule_id")  # only where there is one peer (provider 5)
    group = text(row, "security_group_id")
    for key in rule_keys(group, egress, row) if group else ():
        yield Piece(rule_types(egress), (*own, key))


@content("aws_vpc_security_group_ingress_rule")
def ingress_rule(row: Attributes) -> Iterator[Piece]:
    """One rule with AWS's own id; by content too, for a state that lost it."""
    yield from _one_rule(row, egress=False)


@content("aws_vpc_security_group_egress_rule")
def egress_rule(row: Attributes) -> Iterator[Piece]:
    """As `ingress_rule`."""
    yield from _one_rule(row, egress=True)


def _one_rule(row: Attributes, egress: bool) -> Iterator[Piece]:
    own = texts(row, "security_group_rule_id", "id")
    group = text(row, "security_group_id")
    yield Piece(rule_types(egress), (*own, *(rule_keys(group, egress, row) if group else ())))


@content("aws_route")
def route(row: Attributes) -> Iterator[Piece]:
    """A route is its table and its destination."""
    table = text(row, "route_table_id")
    for destination in destinations(row) if table else ():
        yield Piece(("aws_route",), (identity.route_key(table, destination),))


@content("aws_network_acl_rule")
def acl_rule(row: Attributes) -> Iterator[Piece]:
    """An entry of a network ACL is its direction and its number."""
    acl = text(row, "network_acl_id")
    if acl:
        key = acl_key(acl, truth(row.get("egress")), row.get("rule_number"))
        yield Piece(("aws_network_acl_rule",), (key,))


def acl_key(acl: str, egress: bool, number: object) -> str:
    """Return the key of one entry of a network ACL."""
    return f"{acl}|{'egress' if egress else 'ingress'}|{number}"


def destinations(block: Attributes) -> list[str]:
    """Return where a route leads: a network or a prefix list."""
    return texts(block, *_DESTINATIONS)[:1]


@content("aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy")
def inline_policy(row: Attributes) -> Iterator[Piece]:
    """An inline policy is its principal and its name; so is its `id`."""
    for kind in ("role", "user", "group"):
        principal, name = text(row, kind), text(row, "name")
        if principal and name:
            yield Piece((f"aws_iam_{kind}_policy",), (f"{principal}:{name}",))


@content(
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
)
def policy_attachment(row: Attributes) -> Iterator[Piece]:
    """An attachment is its principal and the policy's ARN; `aws_iam_policy_attachment` has many."""
    policy = text(row, "policy_arn")
    for kind in ("role", "user", "group") if policy else ():
        for principal in texts(row, kind, f"{kind}s"):
            key = attachment_key(principal, policy)
            yield Piece((f"aws_iam_{kind}_policy_attachment",), (key,))


def attachment_key(principal: str, policy: str) -> str:
    """Return the key of a managed policy on a principal."""
    return f"{principal}|{identity.canonical_arn(policy)}"


@content("aws_route53_record")
def record(row: Attributes) -> Iterator[Piece]:
    """A record set is its zone, full name, type and set identifier."""
    zone, name = text(row, "zone_id").rpartition("/")[2], text(row, "fqdn", "name")
    if zone and name:
        parts = (zone, identity.record_name(name), text(row, "type"), text(row, "set_identifier"))
        yield Piece(("aws_route53_record",), ("|".join(parts),))
