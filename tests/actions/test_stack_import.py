"""CloudFormation import files: everything is retained, identified, and passes cfn-lint."""

from __future__ import annotations

from pathlib import Path

from scanner.actions.stack_import import plan_stack_import, stack_types, write_stack_import
from tests.actions.conftest import Scanned
from tests.actions.linting import cfn_lint

OLD_ENGINES = ("E3691", "E3690")


def test_everything_is_retained_and_identified_in_full(scanned: Scanned) -> None:
    imports = plan_stack_import(scanned.things("status <> 'default'"))
    assert sum(len(listed) for _, listed in imports.stacks.values()) > 150
    for template, listed in imports.stacks.values():
        for one in listed:
            resource = template["Resources"][one["LogicalResourceId"]]
            assert resource["DeletionPolicy"] == "Retain"
            kind = stack_types()[one["ResourceType"]]
            assert set(one["ResourceIdentifier"]) == set(kind.identifier)
            assert all(one["ResourceIdentifier"].values())
            assert set(kind.required) <= set(resource["Properties"])


def test_what_cannot_be_imported_says_why(scanned: Scanned) -> None:
    things = scanned.things(
        "resource_type IN ('AWS::Lambda::Function', 'Ext::EC2::SecurityGroupRule')"
    )
    told = {stray.resource_type: why for stray, why in plan_stack_import(things).left_out}
    assert told == {
        "AWS::Lambda::Function": "AWS does not tell its Code",
        "Ext::EC2::SecurityGroupRule": "CloudFormation has no such type",
    }


def test_the_templates_pass_cfn_lint(scanned: Scanned, tmp_path: Path) -> None:
    things = scanned.things(
        "status <> 'default' AND resource_id NOT LIKE 'rds:%' "
        " AND resource_type NOT LIKE '%KMS::Alias'"
        " AND terraform_type <> 'aws_secretsmanager_secret'"
    )
    written = write_stack_import(plan_stack_import(things), tmp_path)
    wrong = cfn_lint([path for path in written if path.name == "template.json"], "W", *OLD_ENGINES)
    assert [text for text in wrong if "default_kms_key_id" not in text] == []
