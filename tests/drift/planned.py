"""Real plans over the estate: made by Terraform, and recorded for machines without it.

`python -m tests.drift.planned` records them again; it needs Terraform and a provider mirror.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scanner.drift.run import run_plan
from tests.actions.terraform import find_terraform
from tests.drift.hand import change_by_hand
from tests.estate import FIXTURES, replay
from tests.estate.clients import HOME, PRODUCTION, Clients
from tests.estate.server import moto
from tests.estate.tape import PLACE, readdress

PLANS = Path(__file__).parent / "plans"
STATES = ("network", "app", "data", "jobs", "iam")
KEPT = ("format_version", "terraform_version", "timestamp", "resource_drift", "prior_state")
ROOT = f"""
terraform {{
  required_providers {{
    aws = {{ source = "hashicorp/aws" }}
  }}
}}
provider "aws" {{
  region = "{HOME}"
}}
"""
OWN_STORY = {
    ("drifted", "aws_iam_role.inline", "inline_policy"),
    ("drifted", "aws_instance.web", "ebs_block_device"),
    ("drifted", "module.us.aws_route_table.public", "route"),
    ("drifted", "module.us.aws_security_group.inline", "ingress"),
    ("gone", 'aws_cloudwatch_log_group.jobs["runner/audit"]', ""),
    ("gone", "aws_ecr_repository.web", ""),
    ("gone", 'module.us.aws_vpc_security_group_ingress_rule.https["vpn"]', ""),
}
"""What the estate's own hands did to it (tests/estate/tamper.py): true drift of the untouched."""


def type_of(address: str) -> str:
    """Return the Terraform type in an address, below whatever modules."""
    return next(part for part in address.split(".") if part.startswith("aws_"))


def write_root(folder: Path, endpoint: str) -> None:
    """Write a root whose state is all that the estate's states hold of production's home region.

    A refresh needs no configuration but the provider's: what only the state knows is read too.
    """
    resources: list[dict[str, Any]] = []
    for name in STATES:
        content = (FIXTURES / f"{name}.tfstate").read_bytes()
        state = json.loads(readdress(content, PLACE, urlsplit(endpoint).netloc))
        resources += [
            one
            for one in state["resources"]
            if one["mode"] == "managed" and one["provider"].endswith('/aws"]')
        ]
    whole = {**state, "lineage": "merged", "outputs": {}, "resources": resources}
    (folder / "terraform.tfstate").write_text(json.dumps(whole))
    (folder / "main.tf").write_text(ROOT)


def real_plan(folder: Path, endpoint: str, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what `strays drift --run` reads; skips, saying so, where there is no Terraform."""
    terraform = find_terraform(endpoint, folder)
    write_root(folder, endpoint)
    for name, value in Clients(endpoint).credentials(PRODUCTION).items():
        patch.setenv(name.upper(), value)
    patch.setenv("AWS_ENDPOINT_URL", endpoint)
    patch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    patch.setenv("TF_CLI_CONFIG_FILE", str(terraform.rc))
    return run_plan(folder)


def recorded(name: str) -> dict[str, Any]:
    """Return a recorded plan: `untouched` or `changed`."""
    plan: dict[str, Any] = json.loads(gzip.decompress((PLANS / f"{name}.json.gz").read_bytes()))
    return plan


def _record() -> None:
    PLANS.mkdir(exist_ok=True)
    with (
        moto() as endpoint,
        tempfile.TemporaryDirectory() as scratch,
        pytest.MonkeyPatch.context() as patch,
    ):
        replay(endpoint, Path(scratch))
        for name in ("untouched", "changed"):
            if name == "changed":
                change_by_hand(endpoint)
            folder = Path(scratch) / name
            folder.mkdir()
            told = real_plan(folder, endpoint, patch)
            text = json.dumps({key: told[key] for key in KEPT}, separators=(",", ":"))
            text = readdress(text.encode(), urlsplit(endpoint).netloc, PLACE).decode()
            (PLANS / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    os.environ.pop("AWS_PROFILE", None)
    sys.exit(_record())
