"""Plans: drift and pending changes told apart, sensitive values hidden, stale ones told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scanner.drift.plan import plan_drift
from scanner.drift.run import run_plan
from scanner.errors import SourceError
from scanner.model import Source
from scanner.store import Store
from tests.resolve.build import SCAN, claim, resolved, resource


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


def test_a_value_that_may_hold_a_secret_is_not_kept() -> None:
    task = '[{"name": "web", "environment": [{"name": "TOKEN", "value": "%s"}]}]'
    for name, values in {
        "environment": ([{"variables": {"TOKEN": "a"}}], [{"variables": {"TOKEN": "b"}}]),
        "user_data": ("a", "b"),
        "container_definitions": (task % "a", task % "b"),
    }.items():
        told = change(before={name: values[0]}, after={name: values[1]})
        assert rows({"resource_drift": [told]}) == [("drifted", name, None, None)]


def test_what_no_configuration_can_set_or_only_looks_different_is_no_drift() -> None:
    told = change(
        before={"url": "a", "tags": None, "redrive_policy": '{"a": 1, "b": 2}', "fifo_queue": None},
        after={"url": "b", "tags": {}, "redrive_policy": '{"b":2,"a":1}', "fifo_queue": False},
    )
    assert rows({"resource_drift": [told]}) == []


def test_what_another_resource_of_the_code_did_is_no_drift_and_what_a_hand_did_is() -> None:
    policy = '{"Statement":[{"Effect":"Allow"}]}'
    own = {"address": "aws_sqs_queue_policy.jobs", "type": "aws_sqs_queue_policy",
           "values": {"queue_url": "https://q", "policy": policy}}  # fmt: skip
    rule = {
        "address": "r",
        "type": "aws_vpc_security_group_ingress_rule",
        "values": {"security_group_id": "sg-1", "cidr_ipv4": "10.0.0.0/8", "from_port": 443},
    }
    group = {**change("g", before={"id": "sg-1", "ingress": []}), "type": "aws_security_group"}
    by_code = {"cidr_blocks": ["10.0.0.0/8"], "from_port": 443}
    by_hand = {"cidr_blocks": ["0.0.0.0/0"], "from_port": 443}

    queue = change(before={"id": "https://q"}, after={"id": "https://q", "policy": policy})

    def told(*rules: dict[str, Any]) -> list[Any]:
        after = {"id": "sg-1", "ingress": list(rules)}
        changed = {**group, "change": {**group["change"], "after": after}}
        state = {"values": {"root_module": {"child_modules": [{"resources": [own, rule]}]}}}
        return rows({"resource_drift": [queue, changed], "prior_state": state})

    assert [row[1] for row in told(by_code)] == []
    assert [row[1] for row in told(by_code, by_hand)] == ["ingress"]


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


def test_a_folder_that_cannot_be_planned_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is no folder"):
        run_plan(tmp_path / "none", binary="terraform")
    with pytest.raises(SourceError, match="cannot be run"):
        run_plan(tmp_path, binary="no-such-terraform")
