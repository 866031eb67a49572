"""Plans: drift and pending changes told apart, sensitive values hidden, stale ones told."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scanner.drift.plan import plan_drift, plan_files, read_plan
from scanner.drift.run import run_plan
from scanner.errors import SourceError
from scanner.model import Source
from scanner.store import Store
from tests.actions.terraform import find_terraform
from tests.resolve.build import SCAN, claim, resolved, resource
from tests.world import World


def change(address: str = "a.jobs", **told: Any) -> dict[str, Any]:
    return {"address": address, "mode": "managed", "type": "aws_sqs_queue",
            "change": {"actions": ["update"], "before": {}, "after": {}, **told}}  # fmt: skip


def rows(
    plan: dict[str, Any], store: Store | None = None
) -> list[tuple[str, str, str | None, str | None]]:
    store = store or resolved([resource("jobs")], [claim("a.jobs", "jobs")])
    found = plan_drift(store, "plan://x", plan, SCAN)
    return [(row["state"], row["attribute"], row["expected"], row["found"]) for row in found]


def test_drift_and_what_is_pending_are_told_apart() -> None:
    plan = {
        "resource_drift": [change(before={"delay": 0}, after={"delay": 5})],
        "resource_changes": [
            change(before={"size": 1}, after={"size": 2}), change(actions=["no-op"]),
            change(actions=["read"]),
        ],
    }  # fmt: skip
    assert rows(plan) == [("drifted", "delay", "0", "5"), ("pending", "size", "2", "1")]


def test_what_is_gone_is_told_as_a_whole() -> None:
    assert rows(
        {"resource_drift": [change(actions=["delete"], before={"id": "x"}, after=None)]}
    ) == [("gone", "", None, None)]


def test_a_sensitive_value_is_not_kept() -> None:
    told = change(
        before={"password": "a"}, after={"password": "b"}, after_sensitive={"password": True}
    )
    assert rows({"resource_drift": [told]}) == [("drifted", "password", None, None)]


def test_the_same_address_in_two_states_is_told_by_the_id() -> None:
    store = resolved(
        [resource("one"), resource("two")],
        [claim("a.jobs", "one", claim_id="1", source_id="tfstate://1"),
         claim("a.jobs", "two", claim_id="2", source_id="tfstate://2")],
    )  # fmt: skip
    told = change(before={"id": "two", "d": 1}, after={"id": "two", "d": 2})
    [row] = plan_drift(store, "plan://x", {"resource_drift": [told]}, SCAN)
    assert row["arn"].endswith(":two")


def test_a_plan_older_than_its_state_is_stale() -> None:
    state = Source("tfstate://a", "terraform", "read", modified_at=datetime(2026, 11, 22))
    store = resolved([resource("jobs")], [claim("a.jobs", "jobs")], sources=[state])
    plan = {"timestamp": "2026-11-21T00:00:00Z",
            "resource_changes": [change(before={"d": 1}, after={"d": 2})]}  # fmt: skip
    [row] = plan_drift(store, "plan://x", plan, SCAN)
    assert row["note"].startswith("stale: planned at 2026-11-21")
    [fresh] = plan_drift(store, "plan://x", {**plan, "timestamp": "2026-11-23T00:00:00Z"}, SCAN)
    assert fresh["note"] == "update"


def test_a_nights_folder_holds_many_plans_and_what_is_none_says_so(tmp_path: Path) -> None:
    for name in ("a/one.json", "b/two.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(json.dumps({"resource_changes": []}))
    assert len(plan_files(tmp_path)) == 2
    (tmp_path / "no.json").write_text("[]")
    with pytest.raises(SourceError, match="is no plan"):
        read_plan(tmp_path / "no.json")


ROOT = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
}
resource "aws_cloudwatch_log_group" "jobs" {
  name              = "/jobs"
  retention_in_days = 7
}
resource "aws_ssm_parameter" "url" {
  name  = "/url"
  type  = "String"
  value = "https://example.com"
}
"""


def test_a_real_plan_finds_a_change_by_hand_and_an_untouched_root_gives_none(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terraform = find_terraform(world.endpoint, tmp_path)
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "main.tf").write_text(ROOT)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(terraform.rc))
    terraform.init(folder)
    done = terraform.run(folder, "apply", "-auto-approve", "-input=false", account=world.account_id)
    assert done.returncode == 0, done.stderr
    store = resolved([resource("x")])
    assert list(plan_drift(store, "plan://x", run_plan(folder), SCAN)) == []
    world.client("logs").put_retention_policy(logGroupName="/jobs", retentionInDays=3653)
    world.client("ssm").put_parameter(Name="/url", Value="https://evil.example", Overwrite=True)
    found = {
        (row["address"], row["attribute"], row["found"])
        for row in plan_drift(store, "plan://x", run_plan(folder), SCAN)
        if row["state"] == "drifted"
    }
    assert ("aws_cloudwatch_log_group.jobs", "retention_in_days", "3653") in found
    assert ("aws_ssm_parameter.url", "value", None) in found


def test_a_folder_that_cannot_be_planned_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        run_plan(tmp_path / "none", binary="terraform")
    with pytest.raises(SourceError, match="cannot be run"):
        run_plan(tmp_path, binary="no-such-terraform")
