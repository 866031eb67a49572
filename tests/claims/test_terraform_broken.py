"""What is no readable state: one sentence that names the source and the way out, nothing else."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.claims.state_file import Limits
from scanner.claims.terraform import read_states
from tests.claims.shelf import CATALOG, STATES, held, message, read, row, source, state

GOOD = state(row("aws_sqs_queue", held(arn="arn:aws:sqs:us-east-1:111111111111:q", id="q")))
REAL = (STATES / "refreshed.tfstate").read_bytes()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (GOOD[:-40], "cut off"),
        (GOOD[: len(GOOD) // 2], "cut off"),
        (GOOD + GOOD, "joined"),
        (b"<!DOCTYPE html><html>", "sign-in"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (GOOD.decode().encode("utf-16"), "UTF-16"),
        (b"resource aws_vpc {}", "not JSON"),
        (b"[]", "not JSON"),
        (b"{}", "no `version`"),
        (b'{"version": 5, "resources": []}', "update Strays"),
        (b'{"version": 1, "modules": []}', "before 0.9"),
        (b'{"version": "4"}', "another shape"),
        (b'{"version": 4, "serial": 1e999}', "`serial`"),
        (b'{"version": 4, "resources": [{"mode": 1}]}', "another shape"),
        (b'{"version": 4, "resources": {"mode": 1}}', "another shape"),
        (b'{"version": 4, "resources": [{"mode": "data", "type": "a", "name": ,}]}', "damaged"),
        (b'{"version": 4, "lineage": }', "a value is missing near byte"),
        (b'{"serial": 1, "encrypted_data": "x", "encryption_version": "v0"}', "tofu state pull"),
        (b'{"ID": "1", "Operation": "OperationTypeApply", "Who": "a@b"}', "lock file"),
        (b'{"format_version": "1.0", "values": {}}', "terraform state pull"),
        (b'{"version": 3, "deployment": {"secrets_providers": {}}}', "Pulumi"),
        (b'{"version": 3, "backend": {"type": "s3"}, "modules": []}', "backend settings"),
        (b'{"AWSTemplateFormatVersion": "2010-09-09"}', "CloudFormation"),
    ],
)  # fmt: skip
def test_what_is_no_state_is_told_from_a_state(data: bytes, told: str) -> None:
    assert told in message(data)


def test_a_broken_state_does_not_stop_the_others() -> None:
    result = read(GOOD[:-9], GOOD, b"")
    assert [one.outcome for one in result.sources] == ["failed", "read", "failed"]
    assert [claim.source_id for claim in result.claims] == ["tfstate:///1.tfstate"]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Limits(max_bytes=100), "larger than 100 bytes"),
        (Limits(max_depth=3), "deeper than 3 levels"),
        (Limits(max_objects=1), "more than 1 objects"),
    ],
)
def test_limits_are_sentences_of_that_state_alone(limits: Limits, told: str) -> None:
    two = state(row("aws_sqs_queue", held(0, id="a"), held(1, id="b")))
    assert told in message(two, limits)


def test_a_bomb_of_brackets_ends_at_the_limit() -> None:
    assert "nested deeper" in message(b'{"version": 4, "resources": [' + b"[" * 1_000_000)


def test_a_bracket_inside_a_text_is_no_bracket() -> None:
    tricky = '}]{["\\" \\\\'
    result = read(state(row("aws_sqs_queue", held(tricky, id="q", note=tricky))), step=3)
    assert len(result.claims) == 1
    assert result.claims[0].keys == ("q",)


@given(cut=st.integers(0, len(REAL) - 2))
@settings(max_examples=60)
def test_a_cut_state_is_never_read_and_never_breaks(cut: int) -> None:
    (told,) = read_states([source(REAL[:cut])], CATALOG).sources
    assert told.outcome == "failed"


@given(seed=st.integers(0, 2**32), flips=st.integers(1, 8), step=st.sampled_from([0, 1000]))
@settings(max_examples=120)
def test_flipped_bits_break_one_state_at_most(seed: int, flips: int, step: int) -> None:
    dice, data = random.Random(seed), bytearray(REAL)
    for _ in range(flips):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    result = read_states([source(bytes(data), step=step), source(GOOD, "tfstate:///good")], CATALOG)
    assert result.sources[0].outcome == "read"
    assert result.sources[1].outcome in ("read", "failed")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)
TYPES = [name for one in CATALOG.entries.values() for name in one.terraform]
NAMES = [
    "id", "arn", "name", "ingress", "egress", "route", "cidr_blocks", "security_groups", "self",
    "from_port", "inline_policy", "role", "managed_policy_arns", "policy_arn", "roles", "zone_id",
    "fqdn", "type", "replica", "region", "root_block_device", "primary_network_interface_id",
    "security_group_id", "route_table_id", "destination_cidr_block",
]  # fmt: skip


@given(
    kind=st.sampled_from(TYPES),
    attributes=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8),
    identity=st.dictionaries(st.sampled_from(["id", "arn", "account_id", "region"]), JSON),
    sensitive=st.lists(JSON, max_size=3),
)
@settings(max_examples=300)
def test_attributes_of_any_shape_are_read_or_refused(
    kind: str, attributes: dict[str, object], identity: dict[str, object], sensitive: list[object]
) -> None:
    instance = {"attributes": attributes, "identity": identity, "sensitive_attributes": sensitive}
    text = json.dumps(json.loads(state(row(kind, instance))))
    (told,) = read_states([source(text.encode())], CATALOG).sources
    assert told.outcome in ("read", "failed")
