"""WAF, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import tags
from tests.world import World

VISIBLE = {
    "SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"
}  # fmt: skip


@pytest.mark.parametrize("scope", ["REGIONAL", "CLOUDFRONT"])
def test_web_acls_of_both_scopes(world: World, scope: str) -> None:
    made = world.client("wafv2").create_web_acl(
        Name="main", Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE,
        Tags=tags(team="shop"),
    )["Summary"]  # fmt: skip
    found = look(world, "AWS::WAFv2::WebACL")
    assert found.row["arn"] == made["ARN"]
    assert found.row["keys"] == [made["ARN"], made["Id"], f"main|{made['Id']}|{scope}"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["default_rule"] is None


def test_cloudfront_scope_is_not_asked_for_elsewhere(world: World) -> None:
    world.client("wafv2").create_web_acl(
        Name="main", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE
    )
    assert look(world, "AWS::WAFv2::WebACL", "eu-west-1").rows == []


def test_ip_set(world: World) -> None:
    made = world.client("wafv2").create_ip_set(
        Name="offices", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["192.0.2.0/24"],
        Tags=tags(team="shop"),
    )["Summary"]  # fmt: skip
    found = look(world, "AWS::WAFv2::IPSet")
    assert found.row["keys"] == [made["ARN"], made["Id"], f"offices|{made['Id']}|REGIONAL"]
    assert found.row["tags"] == {"team": "shop"}


def test_rule_group(world: World) -> None:
    made = world.client("wafv2").create_rule_group(
        Name="common", Scope="REGIONAL", Capacity=10, VisibilityConfig=VISIBLE
    )["Summary"]
    assert look(world, "AWS::WAFv2::RuleGroup").row["arn"] == made["ARN"]


def test_regex_pattern_set(world: World) -> None:
    made = world.client("wafv2").create_regex_pattern_set(
        Name="paths", Scope="REGIONAL", RegularExpressionList=[{"RegexString": "^/admin"}]
    )["Summary"]
    assert look(world, "AWS::WAFv2::RegexPatternSet").row["arn"] == made["ARN"]
