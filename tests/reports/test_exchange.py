"""JSON lines, JUnit and SARIF: what the formats' specifications demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from reports import Context, write
from reports.sarif import MOST_RESULTS
from scanner.store import Store
from tests.reports.crowd import many
from tests.reports.sample import ANSI, FORMULA, IMAGE, estate

MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "maxItems": 20,
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name", "rules"],
                                "properties": {"rules": {"items": {"$ref": "#/$defs/rule"}}},
                            }
                        },
                    },
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                    "results": {"maxItems": 25_000, "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "rule": {
            "required": ["id", "shortDescription", "help", "defaultConfiguration", "properties"],
            "properties": {
                "id": {"maxLength": 255},
                "name": {"maxLength": 255},
                "shortDescription": {**MESSAGE, "properties": {"text": {"maxLength": 1024}}},
                "help": MESSAGE,
                "defaultConfiguration": {"properties": {"level": LEVEL}},
                "properties": {
                    "required": ["security-severity", "tags"],
                    "properties": {"tags": {"maxItems": 10}},
                },
            },
        },
        "result": {
            "required": ["ruleId", "ruleIndex", "message", "locations", "partialFingerprints"],
            "properties": {
                "level": LEVEL,
                "message": MESSAGE,
                "locations": {
                    "minItems": 1,
                    "maxItems": 100,
                    "items": {
                        "required": ["physicalLocation"],
                        "properties": {
                            "physicalLocation": {
                                "required": ["artifactLocation", "region"],
                                "properties": {
                                    "artifactLocation": {
                                        "properties": {"uri": {"pattern": "^[!-~]+$"}}
                                    }
                                },
                            }
                        },
                    },
                },
                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                "suppressions": {
                    "items": {"properties": {"kind": {"enum": ["inSource", "external"]}}}
                },
            },
        },
    },
}
"""The parts of SARIF 2.1.0 that code scanning reads, with its limits, re-stated from
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning"""


@pytest.fixture
def made(tmp_path: Path):
    def make(name: str, store: Store) -> str:
        write(f"{name}://{tmp_path}/out", store, Context.of(store))
        return (tmp_path / "out").read_text("utf-8")

    return make


def test_json_lines_are_the_findings_one_a_line(made) -> None:
    store = estate()
    rows = [json.loads(line) for line in made("jsonl", store).splitlines()]
    assert len(rows) == store.value("SELECT count(*) FROM findings")
    columns = {row["column_name"] for row in store.rows("DESCRIBE findings")}
    assert all(set(row) == columns for row in rows)
    assert rows[0]["severity"] == "critical"
    assert {IMAGE, FORMULA, ANSI} <= {row["name"] for row in rows}


def test_sarif_fits_what_code_scanning_reads(made) -> None:
    for store in (estate(), Store.memory(), many(MOST_RESULTS + 7)):
        jsonschema.validate(json.loads(made("sarif", store)), SARIF)


def test_sarif_results_point_at_their_rules_and_tell_severity(made) -> None:
    (run,) = json.loads(made("sarif", estate()))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    strays = next(rule for rule in rules if rule["id"] == "unmanaged_resource")
    assert strays["properties"]["security-severity"] == "9.5"
    assert run["results"][0]["level"] == "error"
    excepted = [result for result in run["results"] if "suppressions" in result]
    assert [result["ruleId"] for result in excepted] == ["tag_only"]


def test_sarif_says_what_was_not_seen(made) -> None:
    (run,) = json.loads(made("sarif", estate()))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    texts = [notice["message"]["text"] for notice in invocation["toolExecutionNotifications"]]
    assert len(texts) == 3
    assert any("broken.tfstate: failed" in text for text in texts)


def test_sarif_keeps_the_gravest_and_counts_the_rest(made) -> None:
    (run,) = json.loads(made("sarif", many(MOST_RESULTS + 7)))["runs"]
    assert len(run["results"]) == MOST_RESULTS
    assert run["properties"]["resultsLeftOut"] == 7
    grades = ["critical", "high", "medium", "low", "info"]
    order = [grades.index(result["properties"]["severity"]) for result in run["results"]]
    assert order == sorted(order)


def test_junit_counts_agree_with_its_cases(made) -> None:
    root = ElementTree.fromstring(made("junit", estate()))
    for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(root.get(kind, "")) == len(list(root.iter(tag)))
        for suite in root:
            assert int(suite.get(kind, "")) == len(list(suite.iter(tag)))
    assert int(root.get("tests", "")) == len(list(root.iter("testcase"))) == 9


def test_junit_fails_for_findings_and_errs_for_what_was_not_seen(made) -> None:
    root = ElementTree.fromstring(made("junit", estate()))
    suites = {suite.get("name"): suite for suite in root}
    assert len(list(suites["unmanaged_resource"].iter("failure"))) == 4
    assert len(list(suites["coverage"].iter("error"))) == 3
    assert "coverage_incomplete" not in suites


def test_junit_is_xml_whatever_a_resource_is_called(made) -> None:
    store = estate()
    store.run("UPDATE finding SET message = chr(1) || chr(11) || ']]>' || chr(65535) || message")
    root = ElementTree.fromstring(made("junit", store))
    assert any(r"\x01\x0b]]>\uffff" in (f.get("message") or "") for f in root.iter("failure"))


def test_a_clean_scan_passes_one_test(made) -> None:
    root = ElementTree.fromstring(made("junit", Store.memory()))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("1", "0", "0")
