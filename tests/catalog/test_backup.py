"""Backup, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn
from tests.world import World


def test_vault(world: World) -> None:
    world.client("backup").create_backup_vault(
        BackupVaultName="main", BackupVaultTags={"team": "ops"}
    )
    found = look(world, "AWS::Backup::BackupVault").named("main")
    assert found["arn"] == arn(world, "backup", "backup-vault:main")
    assert found["keys"] == [found["arn"], "main"]
    assert found["tags"] == {"team": "ops"}
    assert found["created_at"] is not None
    assert found["default_rule"] is None


def test_plan(world: World) -> None:
    rule = {"RuleName": "daily", "TargetBackupVaultName": "main"}
    made = world.client("backup").create_backup_plan(
        BackupPlan={"BackupPlanName": "daily", "Rules": [rule]}, BackupPlanTags={"team": "ops"}
    )
    found = look(world, "AWS::Backup::BackupPlan")
    assert found.row["keys"] == [made["BackupPlanArn"], made["BackupPlanId"]]
    assert found.row["name"] == "daily"
    assert found.row["tags"] == {"team": "ops"}


def test_plan_that_efs_makes_is_default(world: World) -> None:
    rule = {"RuleName": "daily", "TargetBackupVaultName": "main"}
    world.client("backup").create_backup_plan(
        BackupPlan={"BackupPlanName": "aws/efs/73d922fb-9312", "Rules": [rule]}
    )
    assert look(world, "AWS::Backup::BackupPlan").row["default_rule"] == "D35"


def test_report_plan(world: World) -> None:
    made = world.client("backup").create_report_plan(
        ReportPlanName="weekly", ReportDeliveryChannel={"S3BucketName": "reports"},
        ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"},
    )  # fmt: skip
    found = look(world, "AWS::Backup::ReportPlan")
    assert found.row["arn"] == made["ReportPlanArn"]
    assert found.links == {("writes_to", "AWS::S3::Bucket", "reports", None)}
