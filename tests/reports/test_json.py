"""The JSON report: its schema, driftctl's consumers, and a report kept word for word."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports import Context, summarize, write
from scanner.store import Store
from tests.reports.golden import same_as_golden
from tests.reports.sample import FORMULA, IMAGE, PRODUCTION, RTL, SCRIPT, STATE, estate

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"


@pytest.fixture
def report(tmp_path: Path) -> Callable[[Store], dict[str, Any]]:
    def make(store: Store) -> dict[str, Any]:
        write(f"json://{tmp_path}/out.json", store, Context.of(store))
        return json.loads((tmp_path / "out.json").read_bytes())

    return make


def test_the_report_fits_the_published_schema(report: Callable[..., Any]) -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for store in (estate(), Store.memory()):
        jsonschema.validate(
            report(store), schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )


def test_the_report_is_word_for_word_the_golden_one(tmp_path: Path) -> None:
    store = estate()
    write(f"json://{tmp_path}/out.json", store, Context.of(store))
    same_as_golden("report.json", (tmp_path / "out.json").read_text("utf-8"))


def test_a_driftctl_consumer_finds_its_keys_with_their_meanings(report: Callable[..., Any]) -> None:
    found = report(estate())
    summary = found["summary"]
    counted = ("managed", "unmanaged", "missing")
    assert [summary[f"total_{name}"] for name in counted] == [len(found[name]) for name in counted]
    assert summary["total_resources"] == sum(len(found[name]) for name in counted)
    assert summary["total_changed"] == len(found["differences"]) == 0
    assert summary["total_iac_source_count"] == 1
    assert found["coverage"] == 100 * len(found["managed"]) // summary["total_resources"]
    assert all(isinstance(item["id"], str) for name in counted for item in found[name])
    assert {m["message"] for messages in found["alerts"].values() for m in messages}
    assert found["scan_duration"] == 270
    assert found["date"] == "2026-11-22T02:00:00Z"
    assert found["provider_name"] == "aws+tf"


def test_items_speak_terraform_where_terraform_has_words(report: Callable[..., Any]) -> None:
    found = report(estate())
    items = {item["arn"]: item for item in found["managed"]}
    jobs = items[f"arn:aws:sqs:us-east-1:{PRODUCTION}:jobs"]
    assert (jobs["type"], jobs["id"]) == (
        "aws_sqs_queue",
        f"https://sqs.us-east-1.amazonaws.com/{PRODUCTION}/jobs",
    )
    assert jobs["source"] == {
        "source": STATE,
        "namespace": 'module.app["a.b"]',
        "internal_name": "jobs",
    }
    foreign = next(item for item in found["managed"] if item["owner_source"] == "cloudformation")
    assert (foreign["type"], foreign["id"]) == ("AWS::SQS::Queue", "nowords")


def test_strays_and_their_dependents_are_told_apart(report: Callable[..., Any]) -> None:
    found = report(estate())
    dependents = [item for item in found["unmanaged"] if item["root"]]
    assert found["summary"]["strays"] == len(found["unmanaged"]) - len(dependents) == 4
    assert [item["root"].rsplit("/")[-1] for item in dependents] == ["ghost"]


def test_a_missing_item_names_its_source_and_inline_claims_are_never_missing(
    report: Callable[..., Any],
) -> None:
    found = {item["id"]: item for item in report(estate())["missing"]}
    assert set(found) == {"gone", "just-an-id"}
    assert found["gone"]["type"] == "aws_sqs_queue"
    assert found["gone"]["source"] == {
        "source": STATE,
        "namespace": "module.app",
        "internal_name": "gone",
    }


def test_strangers_text_comes_through_unchanged(report: Callable[..., Any]) -> None:
    names = {item["name"] for item in report(estate())["unmanaged"]}
    assert {IMAGE, RTL, FORMULA} <= names
    assert SCRIPT in {item["name"] for item in report(estate())["unknown"]}


def test_an_empty_database_makes_a_whole_report(report: Callable[..., Any]) -> None:
    found = report(Store.memory())
    assert found["verdict"] == "INCOMPLETE"
    assert found["managed"] == found["unmanaged"] == found["missing"] == []
    assert found["coverage"] == 0


def test_the_report_and_the_summary_agree(report: Callable[..., Any]) -> None:
    store = estate()
    assert report(store)["verdict"] == summarize(store).verdict == "INCOMPLETE"
