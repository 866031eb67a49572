"""`terraform://DIR` finds the backends that HCL, Terragrunt and `terraform init` name."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.claims.backends import Found
from scanner.claims.discovery import backends
from tests.claims.shelf import held, row, state
from tests.claims.test_terraform_sources import rows

STATE = state(row("aws_sqs_queue", held(id="q")))


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def found(folder: Path) -> list[str]:
    """The places that are found, those that are guesses with a question mark; troubles' words."""
    told = []
    for one in backends(folder):
        if isinstance(one, Found):
            told.append(one.source.from_ + ("?" if one.guess else ""))
        else:
            told.append(str(one.why))
    return [place.replace(str(folder), "DIR") for place in told]


@pytest.mark.parametrize(
    ("written", "places"),
    [
        (
            'backend "s3" {\n bucket = "acme"\n key = "shop/a.tfstate"\n region = "eu-west-1"\n}',
            ["tfstate+s3://acme/shop/a.tfstate", "tfstate+s3://acme/env:/*/shop/a.tfstate?"],
        ),
        (
            'backend "s3" {\n bucket = "acme"\n key = "a"\n workspace_key_prefix = "ws"\n}',
            ["tfstate+s3://acme/a", "tfstate+s3://acme/ws/*/a?"],
        ),
        (
            'backend "gcs" {\n bucket = "acme"\n prefix = "shop"\n}',
            ["tfstate+gs://acme/shop/*.tfstate"],
        ),
        (
            'backend "azurerm" {\n storage_account_name = "acme"\n'
            ' container_name = "tf"\n key = "a"\n}',
            [
                "tfstate+azurerm://acme.blob.core.windows.net/tf/a",
                "tfstate+azurerm://acme.blob.core.windows.net/tf/aenv:*?",
            ],
        ),
        (
            'backend "http" {\n address = "https://git.example/state/a"\n}',
            ["tfstate+https://git.example/state/a"],
        ),
        (
            'backend "local" {\n path = "kept/a.tfstate"\n}',
            ["tfstate://DIR/kept/a.tfstate", "tfstate://DIR/terraform.tfstate.d/*/a.tfstate?"],
        ),
        (
            'cloud {\n organization = "acme"\n workspaces {\n name = "shop"\n}\n}',
            ["tfstate+tfcloud://acme/shop"],
        ),
        (
            'cloud {\n organization = "acme"\n workspaces {\n project = "core"\n}\n}',
            ["tfstate+tfcloud://acme/core/*"],
        ),
        (
            'backend "remote" {\n hostname = "tfe.example.org"\n organization = "acme"\n'
            ' workspaces {\n prefix = "shop-"\n}\n}',
            ["tfstate+tfcloud://tfe.example.org/acme/shop-*"],
        ),
    ],
)  # fmt: skip
def test_backend_in_hcl_becomes_places(tmp_path: Path, written: str, places: list[str]) -> None:
    write(tmp_path / "main.tf", 'resource "aws_sqs_queue" "a" {}\n')
    write(tmp_path / "backend.tf", "terraform {\n" + written + "\n}\n")
    assert found(tmp_path) == places


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('backend "s3" {\n key = "a"\n}', "its backend does not say `bucket`"),
        ('backend "s3" {\n bucket = "acme-${var.stage}"\n key = "a"\n}', "it computes 'var.stage'"),
        ('backend "pg" {\n conn_str = "postgres://u:planted@h/d"\n}', "backend 'pg' is not read"),
        ('cloud {\n organization = "a"\n workspaces {\n tags = ["x"]\n}\n}', "chosen by tags"),
        ('backend "s3" {', "is not HCL that can be read"),
    ],
)
def test_backend_that_cannot_be_told_is_a_row_without_secrets(
    tmp_path: Path, written: str, told: str
) -> None:
    write(tmp_path / "shop" / "backend.tf", "terraform {\n" + written + "\n}\n")
    write(tmp_path / "good" / "b.tf", 'terraform {\n backend "local" {}\n}')
    write(tmp_path / "good" / "terraform.tfstate", STATE)
    got = {one.source_id.removeprefix("tfstate://"): one for one in rows(f"terraform://{tmp_path}")}
    shop = got[f"terraform://{tmp_path}/shop"]
    assert (shop.outcome, told in str(shop.message)) == ("failed", True), shop.message
    assert "planted" not in str(shop)
    assert got[f"{tmp_path}/good/terraform.tfstate"].outcome == "read"


def test_json_syntax_is_read(tmp_path: Path) -> None:
    backend = {"terraform": {"backend": {"s3": {"bucket": "acme", "key": "a"}}}}
    write(tmp_path / "backend.tf.json", json.dumps(backend))
    assert found(tmp_path)[0] == "tfstate+s3://acme/a"


def test_role_region_and_profile_come_along(tmp_path: Path) -> None:
    settings = (
        'bucket = "b"\nkey = "a"\nregion = "eu-west-1"\nprofile = "states"\n'
        'assume_role = {\n role_arn = "arn:aws:iam::222222222222:role/S"\n}'
    )
    write(tmp_path / "b.tf", 'terraform {\n backend "s3" {\n' + settings + "\n}\n}")
    first = next(backends(tmp_path))
    assert isinstance(first, Found)
    assert (first.source.region, first.source.profile) == ("eu-west-1", "states")
    assert first.source.role_arn == "arn:aws:iam::222222222222:role/S"


def test_what_init_worked_out_wins_over_the_hcl(tmp_path: Path) -> None:
    write(tmp_path / "b.tf", 'terraform {\n backend "s3" {\n bucket = var.bucket\n}\n}')
    config = {"bucket": "acme", "key": "k", "access_key": "planted"}
    kept = {"version": 3, "backend": {"type": "s3", "config": config}}
    write(tmp_path / ".terraform" / "terraform.tfstate", json.dumps(kept))
    assert found(tmp_path)[0] == "tfstate+s3://acme/k"


def test_folder_without_backend_has_a_local_state_or_is_a_module(tmp_path: Path) -> None:
    write(tmp_path / "module" / "main.tf", 'resource "aws_sqs_queue" "a" {}')
    write(tmp_path / "app" / "main.tf", 'resource "aws_sqs_queue" "a" {}')
    write(tmp_path / "app" / "terraform.tfstate", STATE)
    write(
        tmp_path / "app" / ".terraform" / "modules" / "x" / "b.tf", 'terraform { backend "s3" {} }'
    )
    (read,) = rows(f"terraform://{tmp_path}")
    assert (read.source_id, read.outcome) == (f"tfstate://{tmp_path}/app/terraform.tfstate", "read")


ROOT = """
locals {
  region = "eu-west-1"
}
remote_state {
  backend = "s3"
  generate = { path = "backend.tf", if_exists = "overwrite" }
  config = {
    bucket = "acme-${get_env("STAGE_OF_TEST", "prod")}"
    key    = "${path_relative_to_include()}/terraform.tfstate"
    region = local.region
  }
}
"""


@pytest.mark.parametrize("name", ["root.hcl", "terragrunt.hcl"])
def test_units_of_terragrunt_have_a_state_each_below_what_they_include(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path / name, ROOT)
    said = f'find_in_parent_folders("{name}")' if name == "root.hcl" else "find_in_parent_folders()"
    for unit in ("network", "apps/shop"):
        write(tmp_path / unit / "terragrunt.hcl", 'include "root" {\n path = ' + said + "\n}\n")
    assert [place for place in found(tmp_path) if not place.endswith("?")] == [
        "tfstate+s3://acme-prod/apps/shop/terraform.tfstate",
        "tfstate+s3://acme-prod/network/terraform.tfstate",
    ]


def test_nothing_found_is_said(tmp_path: Path) -> None:
    (empty,) = rows(f"terraform://{tmp_path}")
    (absent,) = rows(f"terraform://{tmp_path}/none")
    assert "nothing below it says where states are kept" in str(empty.message)
    assert "no such folder" in str(absent.message)


def test_missing_extra_is_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "b.tf", 'terraform {\n backend "local" {}\n}')
    kept = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "hcl2":
            raise ImportError(name)
        return kept(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    (row_,) = rows(f"terraform://{tmp_path}")
    assert "pip install 'strays[hcl]'" in str(row_.message)
