"""Rows recognised by what they say, and what rows imply beyond themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.claims.pieces import CONTENT, EXPANSIONS
from scanner.model import Claim
from tests.claims.shelf import AWS, STATES, claims_of, held, keys, read, row, state

TABLE, ACL = {"route_table_id": "rtb-1"}, {"network_acl_id": "acl-1"}
GROUP = "arn:aws:ec2:us-east-1:111111111111:security-group/sg-1"


def implied(*rows: dict[str, Any]) -> list[Claim]:
    return [claim for claim in claims_of(*rows) if claim.inline]


def rule(**more: Any) -> dict[str, Any]:
    return {"from_port": 443, "to_port": 443, "protocol": "tcp", **more}


def test_one_security_group_rule_row_claims_a_rule_for_each_peer() -> None:
    one = held(
        security_group_id="sg-1", type="ingress", self=True, source_security_group_id="1/sg-2",
        cidr_blocks=["10.0.0.1/8"], ipv6_cidr_blocks=["::/0"], prefix_list_ids=["pl-1"],
        id="sgrule-1", **rule(),
    )  # fmt: skip
    claims = claims_of(row("aws_security_group_rule", one))
    start = "rule|sg-1|ingress|tcp|443|443|"
    peers = ("10.0.0.0/8", "::/0", "pl-1", "sg-2", "sg-1")
    assert [claim.keys for claim in claims] == [(start + peer,) for peer in peers]
    assert {claim.address for claim in claims} == {"aws_security_group_rule.x"}
    assert len({claim.claim_id for claim in claims}) == 5


def test_a_rule_with_an_id_of_aws_is_claimed_by_it_and_by_content() -> None:
    one = held(
        arn="arn:aws:ec2:us-east-1:111111111111:security-group-rule/sgr-1", id="sgr-1",
        security_group_id="sg-1", cidr_ipv4="0.0.0.0/0", ip_protocol="-1",
    )  # fmt: skip
    (claim,) = claims_of(row("aws_vpc_security_group_egress_rule", one))
    assert claim.keys == (
        "arn:aws:ec2:us-east-1:111111111111:security-group-rule/sgr-1",
        "sgr-1",
        "rule|sg-1|egress|-1|-1|-1|0.0.0.0/0",
    )


@pytest.mark.parametrize(
    ("kind", "attributes", "key"),
    [
        ("aws_route", {**TABLE, "destination_cidr_block": "10.1.2.3/8"}, "rtb-1|10.0.0.0/8"),
        ("aws_route", {**TABLE, "destination_ipv6_cidr_block": "::/0"}, "rtb-1|::/0"),
        ("aws_route", {**TABLE, "destination_prefix_list_id": "pl-1"}, "rtb-1|pl-1"),
        ("aws_network_acl_rule", {**ACL, "egress": True, "rule_number": 7}, "acl-1|egress|7"),
        ("aws_network_acl_rule", {**ACL, "rule_number": 7}, "acl-1|ingress|7"),
        ("aws_iam_role_policy", {"role": "r", "name": "p"}, "r:p"),
        ("aws_iam_user_policy", {"user": "u", "name": "p"}, "u:p"),
        (
            "aws_iam_role_policy_attachment",
            {"role": "r", "policy_arn": "arn:aws:iam::aws:policy/P", "id": "r-2020"},
            "r|arn:aws:iam::aws:policy/P",
        ),
        (
            "aws_route53_record",
            {"zone_id": "/hostedzone/Z", "fqdn": "WWW.Example.com", "type": "A"},
            "Z|www.example.com|A|",
        ),
        (
            "aws_route53_record",
            {"zone_id": "Z", "fqdn": r"\052.example.com.", "type": "CNAME", "set_identifier": "eu"},
            "Z|*.example.com|CNAME|eu",
        ),
    ],
)  # fmt: skip
def test_content_is_the_key(kind: str, attributes: dict[str, Any], key: str) -> None:
    (claim,) = claims_of(row(kind, held(**attributes)))
    assert key in claim.keys


def test_one_policy_attachment_row_claims_every_principal() -> None:
    many = held(policy_arn="arn:p", roles=["a", "b"], users=["u"], groups=["g"], id="n", name="n")
    claims = claims_of(row("aws_iam_policy_attachment", many))
    assert [(claim.resource_type, claim.keys) for claim in claims] == [
        ("Ext::IAM::RolePolicyAttachment", ("a|arn:p",)),
        ("Ext::IAM::RolePolicyAttachment", ("b|arn:p",)),
        ("Ext::IAM::UserPolicyAttachment", ("u|arn:p",)),
        ("Ext::IAM::GroupPolicyAttachment", ("g|arn:p",)),
    ]


@pytest.mark.parametrize("kind", ["aws_security_group", "aws_default_security_group"])
def test_rules_written_in_a_group_are_claimed_weakly(kind: str) -> None:
    inside = held(
        arn=GROUP, id="sg-1", ingress=[rule(cidr_blocks=["10.0.0.0/8"], self=True)],
        egress=[rule(protocol="-1", security_groups=["sg-2"])],
    )  # fmt: skip
    found = implied(row(kind, inside))
    assert [(claim.address, claim.keys) for claim in found] == [
        (f"{kind}.x.ingress[0]", ("rule|sg-1|ingress|tcp|443|443|10.0.0.0/8",)),
        (f"{kind}.x.ingress[0]", ("rule|sg-1|ingress|tcp|443|443|sg-1",)),
        (f"{kind}.x.egress[0]", ("rule|sg-1|egress|-1|-1|-1|sg-2",)),
    ]
    assert {(claim.account_id, claim.region) for claim in found} == {("111111111111", "us-east-1")}
    assert found[0].evidence == f"serial 12, provider aws, listed only inside {kind}.x"


@pytest.mark.parametrize("kind", ["aws_route_table", "aws_default_route_table"])
def test_routes_written_in_a_table_are_claimed(kind: str) -> None:
    routes = [{"cidr_block": "0.0.0.0/0", "ipv6_cidr_block": ""}, {"ipv6_cidr_block": "::/0"}]
    found = implied(row(kind, held(id="rtb-1", route=routes)))
    assert [claim.keys for claim in found] == [("rtb-1|0.0.0.0/0",), ("rtb-1|::/0",)]


@pytest.mark.parametrize("kind", ["aws_network_acl", "aws_default_network_acl"])
def test_entries_written_in_a_network_acl_are_claimed(kind: str) -> None:
    one = held(id="acl-1", ingress=[{"rule_no": 100}], egress=[{"rule_no": 200}])
    assert keys(implied(row(kind, one))) == {"acl-1|ingress|100", "acl-1|egress|200"}


def test_policies_written_in_a_role_are_claimed() -> None:
    policies = [{"name": "read", "policy": "{}"}, {"name": "", "policy": ""}]
    one = held(
        name="r", id="r", inline_policy=policies, managed_policy_arns=["arn:aws:iam::aws:policy/P"]
    )
    assert keys(implied(row("aws_iam_role", one))) == {"r:read", "r|arn:aws:iam::aws:policy/P"}


def test_a_guard_attaches_what_it_lists_unless_attachments_stand_alone() -> None:
    guard = row(
        "aws_iam_role_policy_attachments_exclusive", held(role_name="r", policy_arns=["arn:p"])
    )
    alone = row("aws_iam_role_policy_attachment", held(role="r", policy_arn="arn:q"))
    inline = row("aws_iam_role_policy", held(role="r", name="own"))
    assert keys(implied(guard, inline)) == {"r|arn:p"}
    assert implied(guard, alone) == []


def test_the_table_that_was_a_vpcs_main_one_is_claimed() -> None:
    one = held(id="rtbassoc-1", vpc_id="vpc-1", original_route_table_id="rtb-1")
    (claim,) = implied(row("aws_main_route_table_association", one))
    assert (claim.address, claim.keys) == (
        "aws_main_route_table_association.x.original_route_table_id", ("rtb-1",),
    )  # fmt: skip


def test_what_an_openapi_definition_makes_is_claimed_by_the_apis_id_and_its_name() -> None:
    body = json.dumps(
        {
            "openapi": "3.0.1",
            "components": {
                "securitySchemes": {
                    "jwt": {"x-amazon-apigateway-authorizer": {"type": "jwt"}},
                    "key": {"type": "apiKey"},
                }
            },
            "x-amazon-apigateway-request-validators": {"all": {}},
            "paths": {
                "/a": {"get": {}, "parameters": []},
                "/b": {"x-amazon-apigateway-any-method": {}},
                "/$default": {"x-amazon-apigateway-any-method": {}},
            },
        }
    )
    rest = implied(row("aws_api_gateway_rest_api", held(id="r", body=body)))
    assert keys(rest) == {"r|jwt", "r|all"}
    http = implied(row("aws_apigatewayv2_api", held(id="h", body=body)))
    assert keys(http) == {"h|jwt", "h|GET /a", "h|ANY /b", "h|$default"}
    assert implied(row("aws_apigatewayv2_api", held(id="h", body="{not: [an api"))) == []


def test_volumes_and_interface_of_an_instance_are_claimed() -> None:
    one = held(
        id="i-1", root_block_device=[{"volume_id": "vol-1"}], primary_network_interface_id="eni-1",
        ebs_block_device=[{"volume_id": "vol-2", "delete_on_termination": True}],
    )  # fmt: skip
    found = implied(row("aws_instance", one))
    assert [(claim.address, claim.keys) for claim in found] == [
        ("aws_instance.x.root_block_device[0]", ("vol-1",)),
        ("aws_instance.x.ebs_block_device[0]", ("vol-2",)),
        ("aws_instance.x.primary_network_interface_id", ("eni-1",)),
    ]


def test_a_volume_attached_later_yields_to_separate_attachments_of_any_state() -> None:
    devices = [
        {"volume_id": "vol-own", "delete_on_termination": True},
        {"volume_id": "vol-later", "delete_on_termination": False},
    ]
    instance = state(row("aws_instance", held(id="i-1", ebs_block_device=devices)))
    attachment = state(row("aws_volume_attachment", held(instance_id="i-1", volume_id="vol-x")))
    assert keys(read(instance).claims) == {"i-1", "vol-own", "vol-later"}
    assert keys(read(instance, attachment).claims) == {"i-1", "vol-own"}


def test_a_child_with_a_row_of_its_own_in_another_state_is_claimed_there_only() -> None:
    instance = state(
        row("aws_instance", held(id="i-1", root_block_device=[{"volume_id": "vol-1"}]))
    )
    volume = state(row("aws_ebs_volume", held(id="vol-1")))
    claims = read(instance, volume).claims
    assert [(claim.address, claim.inline) for claim in claims if "vol-1" in claim.keys] == [
        ("aws_ebs_volume.x", False)
    ]


def test_replicas_live_in_regions_of_their_own() -> None:
    away = "arn:aws:dynamodb:eu-west-1:111111111111:table/t"
    table = held(
        arn="arn:aws:dynamodb:us-east-1:111111111111:table/t",
        replica=[{"region_name": "eu-west-1", "arn": away}],
    )
    secret = held(
        arn="arn:aws:secretsmanager:us-east-1:111111111111:secret:s-AbCdEf",
        replica=[{"region": "eu-west-2"}],
    )
    found = implied(row("aws_dynamodb_table", table), row("aws_secretsmanager_secret", secret))
    assert [(claim.region, claim.keys) for claim in found] == [
        ("eu-west-1", (away,)),
        ("eu-west-2", ("arn:aws:secretsmanager:eu-west-2:111111111111:secret:s-AbCdEf",)),
    ]


def test_member_clusters_and_root_volumes_are_claimed() -> None:
    group = held(id="cache", member_clusters=["cache-001", "cache-002"])
    system = held(id="fs-1", root_volume_id="fsvol-1")
    found = implied(
        row("aws_elasticache_replication_group", group), row("aws_fsx_openzfs_file_system", system)
    )
    assert keys(found) == {"cache-001", "cache-002", "fsvol-1"}


SEPARATE = [
    ("aws_security_group", {"id": "sg-1", "ingress": [rule(self=True)]},
     "aws_security_group_rule", {"security_group_id": "sg-1"}),
    ("aws_security_group", {"id": "sg-1", "ingress": [rule(self=True)]},
     "aws_vpc_security_group_egress_rule", {"security_group_id": "sg-1", "id": "sgr-1"}),
    ("aws_security_group", {"id": "sg-1", "egress": [rule(self=True)]},
     "aws_vpc_security_group_rules_exclusive", {"security_group_id": "sg-1"}),
    ("aws_route_table", {"id": "rtb-1", "route": [{"cidr_block": "0.0.0.0/0"}]},
     "aws_route", {"route_table_id": "rtb-1"}),
    ("aws_network_acl", {"id": "acl-1", "egress": [{"rule_no": 1}]},
     "aws_network_acl_rule", {"network_acl_id": "acl-1"}),
    ("aws_iam_role", {"name": "r", "inline_policy": [{"name": "p"}]},
     "aws_iam_role_policy", {"role": "r", "name": "q"}),
    ("aws_iam_role", {"name": "r", "managed_policy_arns": ["arn:p"]},
     "aws_iam_policy_attachment", {"roles": ["r"], "policy_arn": "arn:q"}),
]  # fmt: skip


@pytest.mark.parametrize(("parent", "inside", "child", "separate"), SEPARATE)
def test_where_any_state_holds_a_separate_child_the_parents_list_is_an_observation(
    parent: str, inside: dict[str, Any], child: str, separate: dict[str, Any]
) -> None:
    alone = state(row(parent, held(**inside)))
    beside = state(row(child, held(**separate)))
    assert [claim.inline for claim in read(alone).claims].count(True) == 1
    assert not any(claim.inline for claim in read(alone, beside).claims)
    assert not any(claim.inline for claim in read(beside, alone).claims)


def test_a_separate_child_of_another_parent_changes_nothing() -> None:
    group = row("aws_security_group", held(id="sg-1", ingress=[rule(self=True)]))
    other = row("aws_security_group_rule", held(security_group_id="sg-2"))
    assert len(implied(group, other)) == 1


def test_roles_of_the_same_name_in_two_accounts_are_told_apart() -> None:
    def role(account: str, alias: str) -> dict[str, Any]:
        arn = f"arn:aws:iam::{account}:role/r"
        inside = held(arn=arn, name="r", inline_policy=[{"name": "p"}])
        return row("aws_iam_role", inside, name=alias, provider=f"{AWS}.{alias}")

    separate = held(role="r", name="q")
    found = implied(
        role("111111111111", "one"),
        role("222222222222", "two"),
        row("aws_iam_role_policy", separate, provider=f"{AWS}.two"),
    )
    assert [claim.account_id for claim in found] == ["111111111111"]


def test_a_row_of_the_same_name_in_another_account_does_not_hide_an_inline_child() -> None:
    def in_account(account: str, alias: str, kind: str, **attributes: Any) -> dict[str, Any]:
        arn = f"arn:aws:elasticache:us-east-1:{account}:x:y"
        return row(kind, held(arn=arn, **attributes), name=alias, provider=f"{AWS}.{alias}")

    group = in_account(
        "111111111111", "one", "aws_elasticache_replication_group", member_clusters=["c-001"]
    )
    here = in_account("111111111111", "one", "aws_elasticache_cluster", id="c-001")
    there = in_account("222222222222", "two", "aws_elasticache_cluster", id="c-001")
    assert len(implied(group, there)) == 1
    assert implied(group, here) == []


def test_after_a_real_refresh_what_was_made_by_hand_is_not_claimed() -> None:
    before, after = ((STATES / f"{name}.tfstate").read_bytes() for name in ("applied", "refreshed"))
    assert b"203.0.113.66/32" in after, "the refresh copied the rule made by hand into the state"
    assert b"192.0.2.0/24" in after
    assert b"policy/by-hand" in after
    assert keys(read(before).claims) == keys(read(after).claims)


def test_a_real_state_claims_inline_rules_one_by_one() -> None:
    found = [
        claim for claim in read((STATES / "refreshed.tfstate").read_bytes()).claims if claim.inline
    ]
    assert len(found) == 3
    assert {claim.address for claim in found} == {"aws_security_group.inline.ingress[0]"}


@pytest.mark.parametrize("kind", sorted({*CONTENT, *EXPANSIONS}))
def test_a_row_without_its_attributes_is_no_error(kind: str) -> None:
    result = read(state(row(kind, held(), {"schema_version": 0})))
    assert result.sources[0].outcome == "read"
    assert not any(claim.inline for claim in result.claims)
