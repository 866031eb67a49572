"""No secret leaves the parser: not in claims, sources, messages or logs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.claims.shelf import CATALOG, held, keys, read, row, state

SECRET = "hunter2-Correct-Horse"
ARN = "arn:aws:rds:us-east-1:111111111111:db:shop"


def marked(*path: str | int) -> list[dict[str, Any]]:
    return [
        {"type": "get_attr", "value": step}
        if isinstance(step, str)
        else {"type": "index", "value": {"value": step, "type": "number"}}
        for step in path
    ]


def test_no_attribute_output_or_private_part_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    kinds = [name for one in CATALOG.entries.values() for name in one.terraform]
    attributes = {
        "arn": ARN, "id": "shop", "password": SECRET, "user_data": SECRET, "policy": SECRET,
        "environment": [{"variables": {"TOKEN": SECRET}}], "tags": {"k": SECRET},
        "inline_policy": [{"name": "p", "policy": SECRET}], "description": SECRET,
        "ingress": [{"description": SECRET, "cidr_blocks": ["10.0.0.0/8"]}],
    }  # fmt: skip
    rows = [
        row(kind, {**held(**attributes), "private": SECRET, "dependencies": [SECRET]})
        for kind in [*kinds, "aws_unknown_thing", "aws_cloudwatch_event_target"]
    ]
    outputs = {"password": {"value": SECRET, "type": "string", "sensitive": True}}
    result = read(state(*rows, outputs=outputs, check_results=[SECRET]))
    assert len(result.claims) > len(kinds)
    assert SECRET not in repr(result)
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "path",
    [marked("id"), marked("name"), marked("ingress", 0, "protocol"), marked("ingress", 0)],
)
def test_what_the_state_marks_as_sensitive_is_kept_in_no_key(path: list[dict[str, Any]]) -> None:
    inside = held(
        id=SECRET if path == marked("id") else "q", name=SECRET if path == marked("name") else "q",
        ingress=[{"protocol": SECRET, "self": True}],
    )  # fmt: skip
    instance = {**inside, "sensitive_attributes": [path]}
    result = read(state(row("aws_sqs_queue", instance), row("aws_security_group", instance)))
    assert SECRET not in repr(result)


def test_an_arn_or_network_marked_as_sensitive_still_claims() -> None:
    instance = held(
        arn=ARN, id="x", security_group_id="sg-0123456789abcdef0", type="ingress",
        protocol="-1", cidr_blocks=["10.0.0.0/8"],
    )  # fmt: skip
    instance["sensitive_attributes"] = [marked("arn"), marked("cidr_blocks")]
    claims = read(
        state(row("aws_db_instance", instance), row("aws_security_group_rule", instance))
    ).claims
    assert {ARN, "rule|sg-0123456789abcdef0|ingress|-1|-1|-1|10.0.0.0/8"} <= keys(claims)


def test_a_block_where_a_name_belongs_is_no_key() -> None:
    (claim,) = read(state(row("aws_sqs_queue", held(id={"a": SECRET}, name=[SECRET])))).claims
    assert claim.keys == ()


@pytest.mark.parametrize(
    "broken",
    [
        state(row("aws_vpc", {"attributes": SECRET})),
        state(row("aws_vpc", {"index_key": {"k": SECRET}})),
        state(row("aws_vpc", held(id="v")))[:-20] + SECRET.encode(),
        b'{"version": 4, "lineage": ' + SECRET.encode() + b"}",
        json.dumps({"version": SECRET}).encode(),
        b'{"version": 4, "resources": [{"mode": "managed", ' + SECRET.encode() + b"}]}",
    ],
)
def test_messages_quote_nothing_of_the_file(
    broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    result = read(broken)
    assert result.sources[0].outcome == "failed"
    assert SECRET not in repr(result)
    assert SECRET not in caplog.text
