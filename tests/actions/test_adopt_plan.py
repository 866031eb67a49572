"""Real Terraform on the emulator: what exists is imported, and nothing is added or destroyed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.actions.adopt import Adoption, plan_adoption, write_adoption
from scanner.actions.chosen import Stray
from tests.actions.conftest import Scanned
from tests.actions.terraform import Terraform, find_terraform

ACCOUNT, REGION = "333333333333", "us-east-1"
UNREADABLE = {
    "aws_elasticache_cluster": "the emulator gives an empty engine version",
    "aws_redshift_cluster": "the emulator gives no AvailabilityZoneRelocationStatus",
}
"""Types that the provider cannot read from the emulator at all."""
CHANGED_ON_PAPER = {
    "aws_autoscaling_group": "arguments of Terraform only (force_delete)",
    "aws_autoscaling_policy": "the emulator says that it is not enabled",
    "aws_instance": "an argument of Terraform only (user_data_replace_on_change)",
    "aws_rds_cluster": "the emulator gives an empty ScalingConfigurationInfo",
    "aws_secretsmanager_secret": "arguments of Terraform only (recovery_window_in_days)",
    "aws_sns_topic_subscription": "arguments of Terraform only (endpoint_auto_confirms)",
}
"""Types whose import also plans an update in place, and why."""


@pytest.fixture(scope="module")
def adoption(scanned: Scanned) -> Adoption:
    """One resource of each Terraform type that has a configuration, whoever owns it."""
    things = scanned.things(
        f"account_id = '{ACCOUNT}' AND region IN ('{REGION}', 'global') AND status <> 'default'"
        " AND resource_id NOT LIKE 'rds:%' AND name NOT IN ('billing', 'billing-nested')"
    )
    first: dict[str, Stray] = {}
    for thing in things:
        if thing.terraform_type not in UNREADABLE and _is_own(thing):
            first.setdefault(str(thing.terraform_type), thing)
    return plan_adoption(list(first.values()))


def _is_own(thing: Stray) -> bool:
    """Whether it is none of the parts that AWS makes with something, and keeps for itself."""
    document = thing.document
    return not (
        document.get("IsDefault") is True
        or document.get("Origin") in ("CreateRouteTable",)
        or str(document.get("GatewayId", "")).startswith("vpce-")
        or document.get("RuleNumber") == 32767
        or document.get("Type") in ("NS", "SOA")
    )


@pytest.fixture(scope="module")
def plan(
    scanned: Scanned, adoption: Adoption, tmp_path_factory: pytest.TempPathFactory
) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("adopt")
    terraform: Terraform = find_terraform(scanned.endpoint, folder)
    write_adoption(adoption, folder)
    return terraform.plan(folder / ACCOUNT / REGION, ACCOUNT)


def planned(plan: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        line["change"]["resource"]["addr"]: line["change"]
        for line in plan
        if line["type"] == "planned_change"
    }


def test_terraform_has_nothing_against_the_files(plan: list[dict[str, Any]]) -> None:
    assert [line["@message"] for line in plan if line["@level"] == "error"] == []


def test_everything_written_is_imported(plan: list[dict[str, Any]], adoption: Adoption) -> None:
    [root] = adoption.roots.values()
    imported = {address for address, change in planned(plan).items() if "importing" in change}
    assert imported == {one.address for one in root.written.values()}


def test_sixty_types_or_more_are_imported(plan: list[dict[str, Any]]) -> None:
    types = {change["resource"]["resource_type"] for change in planned(plan).values()}
    assert len(types) >= 60, sorted(types)


def test_nothing_is_added_or_destroyed(plan: list[dict[str, Any]]) -> None:
    [summary] = [line["changes"] for line in plan if line["type"] == "change_summary"]
    assert (summary["add"], summary["remove"]) == (0, 0)


def test_only_what_is_known_is_changed(plan: list[dict[str, Any]]) -> None:
    changed = {
        change["resource"]["resource_type"]: address
        for address, change in planned(plan).items()
        if change["action"] == "update"
    }
    assert set(changed) <= set(CHANGED_ON_PAPER), changed


def test_terraform_writes_what_strays_cannot(scanned: Scanned, tmp_path: Path) -> None:
    [dashboard] = scanned.things("terraform_type = 'aws_cloudwatch_dashboard'")
    terraform = find_terraform(scanned.endpoint, tmp_path)
    write_adoption(plan_adoption([dashboard]), tmp_path)
    folder = tmp_path / ACCOUNT / REGION / "generate"
    messages = terraform.plan(folder, ACCOUNT, "-generate-config-out=generated.tf")
    assert 'resource "aws_cloudwatch_dashboard" "ops"' in (folder / "generated.tf").read_text()
    [change] = planned(messages).values()
    assert "importing" in change
