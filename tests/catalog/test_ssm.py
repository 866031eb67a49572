"""Systems Manager, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.world import World

TAGS = [{"Key": "team", "Value": "core"}]


@pytest.mark.parametrize("name", ["/app/token", "token"])
def test_parameter_is_listed_without_its_value(world: World, name: str) -> None:
    world.client("ssm").put_parameter(
        Name=name, Value="planted-secret", Type="SecureString", Tags=TAGS
    )
    seen = look(world, "AWS::SSM::Parameter")
    slash = "" if name.startswith("/") else "/"
    arn = f"arn:aws:ssm:us-east-1:{world.account_id}:parameter{slash}{name}"
    assert seen.row["keys"] == [arn, name]
    assert seen.row["tags"] == {"team": "core"}
    assert "planted" not in str(seen.row)
    assert seen.links == {("encrypted_by", "AWS::KMS::Key", "alias/aws/ssm", None)}


def test_only_own_documents_are_listed(world: World) -> None:
    world.client("ssm").create_document(
        Name="patch",
        Content='{"schemaVersion": "2.2", "description": "x", "mainSteps": []}',
        DocumentType="Command",
        Tags=TAGS,
    )
    row = look(world, "AWS::SSM::Document").row
    arn = f"arn:aws:ssm:us-east-1:{world.account_id}:document/patch"
    assert (row["keys"], row["tags"]) == ([arn, "patch"], {"team": "core"})


def test_maintenance_window_is_listed_with_its_tags(world: World) -> None:
    made = world.client("ssm").create_maintenance_window(
        Name="nightly", Schedule="rate(1 day)", Duration=2, Cutoff=1,
        AllowUnassociatedTargets=True, Tags=TAGS,
    )  # fmt: skip
    row = look(world, "AWS::SSM::MaintenanceWindow").row
    arn = f"arn:aws:ssm:us-east-1:{world.account_id}:maintenancewindow/{made['WindowId']}"
    assert row["keys"] == [arn, made["WindowId"]]
    assert (row["name"], row["tags"]) == ("nightly", {"team": "core"})


def test_only_own_patch_baselines_are_listed(world: World) -> None:
    made = world.client("ssm").create_patch_baseline(Name="strict")
    row = look(world, "AWS::SSM::PatchBaseline").row
    arn = f"arn:aws:ssm:us-east-1:{world.account_id}:patchbaseline/{made['BaselineId']}"
    assert row["keys"] == [arn, made["BaselineId"]]
    assert row["name"] == "strict"
