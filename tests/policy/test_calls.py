"""`strays types --calls` and the counts of `strays types`."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner

from scanner import catalog
from scanner.calls import least_calls
from scanner.catalog.proof import STATES
from scanner.cli import app
from scanner.config import ScanConfig
from scanner.directory import counted, types


def calls(*names: str, **scan: Any) -> dict[str, Any]:
    entries = catalog.load().matching(names)
    return least_calls(entries, ScanConfig(**{"bulk_tags": False, **scan}))[-1]


def test_a_root_is_listed_once_in_each_account_and_region() -> None:
    two = ["111111111111", "222222222222"]
    assert calls("AWS::SQS::Queue", regions=["us-*-1"], accounts=two)["calls"] == 2 * 2


def test_a_global_type_is_listed_once_and_a_child_only_where_there_are_parents() -> None:
    assert calls("AWS::IAM::Role", regions=["us-east-1", "eu-west-1"])["calls"] == 1
    both = calls("AWS::EKS::Nodegroup", regions=["us-east-1"])
    assert (both["types"], both["calls"]) == (2, 1)


def test_a_choice_that_answers_in_one_region_only_is_counted_there() -> None:
    found = [calls("AWS::WAFv2::IPSet", regions=[r])["calls"] for r in ("us-east-1", "eu-west-1")]
    assert found == [2, 1]


def test_a_region_without_the_service_is_not_counted() -> None:
    regions = ["us-east-1", "ca-west-1"]
    assert calls("AWS::AppRunner::Service", regions=regions)["calls"] == 1


def test_the_command_counts_for_the_chosen_types() -> None:
    flags = ["--calls", "--type", "AWS::SQS::Queue", "--region", "us-east-1", "--format", "json"]
    ran = CliRunner().invoke(app, ["types", *flags])
    assert json.loads(ran.stdout) == [
        {"service": "resourcegroupstaggingapi", "types": 0, "regions": 1, "calls": 1},
        {"service": "sqs", "types": 1, "regions": 1, "calls": 1},
        {"service": "total", "regions": 1, "types": 1, "calls": 2},
    ]


def test_tags_hints_and_cross_checks_are_asked_once_in_each_region() -> None:
    where: dict[str, Any] = {"regions": ["us-east-1", "eu-west-1"]}
    plain = calls("AWS::SQS::Queue", **where)["calls"]
    options: list[dict[str, Any]] = [
        {"bulk_tags": True}, {"hints": True}, {"cross_check": ["config"]},
    ]  # fmt: skip
    assert [calls("AWS::SQS::Queue", **where, **one)["calls"] - plain for one in options] == [2] * 3


def test_types_whose_lists_hold_their_tags_ask_for_none() -> None:
    assert calls("AWS::EC2::Instance", regions=["us-east-1"], bulk_tags=True)["calls"] == 1


def test_types_come_in_four_states_and_all_types_brings_the_generated_ones() -> None:
    rows = types(catalog.load(all_types=True).entries.values())
    assert {row["state"] for row in rows} == set(STATES)
    assert {row["state"] for row in types(catalog.load().entries.values())} == {*STATES[1:]}


def test_types_are_counted_by_state() -> None:
    ran = CliRunner().invoke(app, ["types", "--type", "AWS::SQS::Queue"])
    assert counted(catalog.load().matching(["AWS::SQS::Queue"])) in ran.stderr
    assert "1 verified" in ran.stderr
