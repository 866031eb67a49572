"""Where an object lives, when its own row does not say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.claims.shelf import AWS, claims_of, held, row

HERE, THERE = "111111111111", "222222222222"


def topic(region: str, account: str = HERE) -> dict[str, Any]:
    return held(arn=f"arn:aws:sns:{region}:{account}:t")


def home_of_nat(*rows: dict[str, Any], provider: str = AWS) -> tuple[str | None, str | None]:
    """The home of an object that says nothing of it."""
    silent = row("aws_nat_gateway", held(id="nat-1"), name="silent", provider=provider)
    found = [claim for claim in claims_of(silent, *rows) if "silent" in claim.address]
    return found[0].account_id, found[0].region


def test_the_provider_s_other_objects_tell() -> None:
    assert home_of_nat(row("aws_sns_topic", topic("eu-west-1"))) == (HERE, "eu-west-1")


def test_each_alias_tells_for_itself() -> None:
    rows = [
        row("aws_sns_topic", topic("eu-west-1")),
        row("aws_sns_topic", topic("us-west-2", THERE), provider=f"{AWS}.west"),
    ]
    assert home_of_nat(*rows) == (HERE, "eu-west-1")
    assert home_of_nat(*rows, provider=f"{AWS}.west") == (THERE, "us-west-2")
    assert home_of_nat(*rows, provider=f"module.x.{AWS}.west") == (None, None)


def test_where_they_disagree_nothing_is_inferred() -> None:
    regions = [row("aws_sns_topic", topic("eu-west-1"), topic("eu-west-2"))]
    accounts = [row("aws_sns_topic", topic("eu-west-1"), topic("eu-west-1", THERE))]
    assert home_of_nat(*regions) == (HERE, None)
    assert home_of_nat(*accounts) == (None, "eu-west-1")


def test_a_global_arn_tells_the_account_only() -> None:
    role = held(arn=f"arn:aws:iam::{HERE}:role/r", name="r")
    assert home_of_nat(row("aws_iam_role", role)) == (HERE, None)


def test_somebody_else_s_arn_tells_nothing() -> None:
    target = held(arn=f"arn:aws:sqs:eu-west-1:{THERE}:theirs")
    assert home_of_nat(row("aws_cloudwatch_event_target", target)) == (None, None)


def test_replicas_elsewhere_do_not_confuse_their_provider() -> None:
    replica = {"region_name": "eu-west-1", "arn": f"arn:aws:dynamodb:eu-west-1:{HERE}:table/t"}
    table = held(arn=f"arn:aws:dynamodb:us-east-1:{HERE}:table/t", replica=[replica])
    assert home_of_nat(row("aws_dynamodb_table", table)) == (HERE, "us-east-1")


@pytest.mark.parametrize(
    ("attributes", "home"),
    [
        ({"region": "eu-west-3"}, (None, "eu-west-3")),
        ({"owner_id": THERE}, (THERE, None)),
        ({"owner_id": "amazon"}, (None, None)),
        ({"availability_zone": "us-west-2-lax-1a"}, (None, "us-west-2")),
        ({"availability_zone": "us-gov-west-1a"}, (None, "us-gov-west-1")),
        ({"id": f"https://sqs.eu-west-1.amazonaws.com/{THERE}/q"}, (THERE, "eu-west-1")),
        ({"id": f"http://localhost:4566/{THERE}/q"}, (THERE, None)),
        ({"arn": f"arn:aws-cn:sqs:cn-north-1:{THERE}:q"}, (THERE, "cn-north-1")),
        ({"region": 3, "owner_id": [], "availability_zone": {}}, (None, None)),
    ],
)
def test_an_object_s_own_words(attributes: dict[str, Any], home: tuple[str, str]) -> None:
    (claim,) = claims_of(row("aws_sqs_queue", held(**{"name": "q", **attributes})))
    assert (claim.account_id, claim.region) == home


def test_its_own_arn_outweighs_its_provider() -> None:
    away = held(1, arn=f"arn:aws:sqs:us-west-1:{THERE}:q")
    (claim, *_) = claims_of(row("aws_sqs_queue", away), row("aws_sns_topic", topic("eu-west-1")))
    assert (claim.account_id, claim.region) == (THERE, "us-west-1")


def test_a_region_attribute_of_provider_6_outweighs_the_provider_s_region() -> None:
    nat = row("aws_nat_gateway", held(id="nat-1", region="ap-south-1"))
    (claim, *_) = claims_of(nat, row("aws_sns_topic", topic("eu-west-1")))
    assert (claim.account_id, claim.region) == (HERE, "ap-south-1")
