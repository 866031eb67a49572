"""What `strays adopt` writes: hostile names, references, secrets, safety, what is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scanner import catalog
from scanner.actions.adopt import plan_adoption, write_adoption
from scanner.actions.chosen import Stray, choose
from scanner.actions.hcl import label, quoted
from scanner.errors import UsageError
from scanner.store import Store
from tests.actions.conftest import Scanned
from tests.actions.terraform import find_terraform
from tests.estate import PLANTED

ACCOUNT = "333333333333"


def files(things: list[Stray], folder: Path) -> str:
    return "\n".join(
        path.read_text("utf-8") for path in write_adoption(plan_adoption(things), folder)
    )


def test_a_name_cannot_leave_its_quotes() -> None:
    assert quoted('a"b\\c\n${jsonencode(1)} %{if}') == '"a\\"b\\\\c\\n$${jsonencode(1)} %%{if}"'


def test_labels_are_made_of_plain_letters_and_differ() -> None:
    taken: set[str] = set()
    names = ["<img src=x>", "IMG src x", "9 lives", "…"]
    assert [label(name, taken) for name in names] == [
        "img_src_x",
        "img_src_x_2",
        "_9_lives",
        "adopted",
    ]


def test_hostile_names_and_references_pass_validation_as_they_are(
    scanned: Scanned, tmp_path: Path
) -> None:
    things = scanned.things(
        f"account_id = '{ACCOUNT}' AND region IN ('us-east-1', 'global') AND (name IN ("
        "'hostile', '=cmd|''/c calc''!A0', '<img src=x onerror=alert(1)>') OR status = 'managed'"
        " AND terraform_type IN ('aws_vpc', 'aws_subnet', 'aws_route_table'))"
    )
    terraform = find_terraform(scanned.endpoint, tmp_path)
    text = files(things, tmp_path)
    assert "onerror=alert(1)" in text
    assert "= aws_vpc." in text
    assert terraform.validate(tmp_path / ACCOUNT / "us-east-1") == []


def test_every_resource_refuses_to_be_destroyed_and_every_root_other_accounts(
    scanned: Scanned, tmp_path: Path
) -> None:
    text = files(scanned.things("status = 'unmanaged'"), tmp_path)
    assert text.count("prevent_destroy = true") == text.count('\nresource "')
    assert text.count("allowed_account_ids") == text.count('provider "aws"')


def test_no_secret_is_written_and_what_is_not_stored_is_left_alone(
    scanned: Scanned, tmp_path: Path
) -> None:
    text = files(scanned.things("status <> 'default'"), tmp_path)
    assert PLANTED not in text
    function = text[text.index('resource "aws_lambda_function" "api"') :].split("\nresource ")[0]
    assert "environment" in function[function.index("ignore_changes") :]


def test_what_no_provider_can_import_is_left_out_with_its_reason(scanned: Scanned) -> None:
    [copy] = scanned.things("terraform_type = 'aws_db_instance_automated_backups_replication'")
    [(left, why)] = plan_adoption([copy]).left_out
    assert (left.arn, why) == (copy.arn, "it is a copy, made by its instance")


def test_a_stray_is_chosen_with_its_dependents_and_nothing_owned_is(scanned: Scanned) -> None:
    with Store.open(scanned.database, read_only=True) as store:
        root = store.value("SELECT root FROM inventory WHERE root IS NOT NULL ORDER BY arn")
        count = store.value("SELECT count(*) FROM inventory WHERE root = ?", [root])
        chosen = choose(store, catalog.load(), [root], everything=False)
        assert chosen[0].arn == root
        assert len(chosen) == count + 1
        with pytest.raises(UsageError, match="is managed"):
            choose(store, catalog.load(), [_managed(store)], everything=False)
        with pytest.raises(UsageError, match="not in the inventory"):
            choose(store, catalog.load(), ["nothing-is-called-so"], everything=False)


def _managed(store: Store) -> str:
    return str(store.value("SELECT arn FROM inventory WHERE status = 'managed' ORDER BY arn"))


def test_the_command_writes_both_forms(scanned: Scanned, tmp_path: Path) -> None:
    for form, name in (("terraform", "imports.tf"), ("cloudformation", "template.json")):
        command = [
            sys.executable, "-m", "scanner.cli", "adopt", "--all", "--format", form,
            "--out", str(tmp_path / form), "--db", str(scanned.database),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert list((tmp_path / form).glob(f"*/*/{name}"))
