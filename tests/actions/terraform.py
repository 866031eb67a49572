"""Runs the machine's own Terraform on a folder of files, against the emulator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.estate.clients import Clients

OVERRIDDEN = "Provider development overrides are in effect"
"""What Terraform warns of where it is given the provider's folder, so that nothing needs `init`."""
MIRROR = Path(os.environ.get("STRAYS_TF_PLUGINS", "/opt/tf-plugins"))


@dataclass(frozen=True)
class Terraform:
    """Terraform with a mirror of the AWS provider, and the emulator's address."""

    binary: str
    endpoint: str
    rc: Path

    def run(
        self, folder: Path, *args: str, account: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder, with the credentials of an account where it needs some."""
        given = Clients(self.endpoint).credentials(account) if account else {}
        env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
            **{name.upper(): value for name, value in given.items()},
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_EC2_METADATA_DISABLED": "true",
            "TF_CLI_CONFIG_FILE": str(self.rc),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
        }
        return subprocess.run(
            [self.binary, *args], cwd=folder, env=env, capture_output=True, text=True, check=False
        )

    def validate(self, folder: Path) -> list[dict[str, Any]]:
        """Return what `terraform validate` has to say."""
        said = json.loads(self.run(folder, "validate", "-json").stdout)["diagnostics"]
        return [one for one in said if one["summary"] != OVERRIDDEN]

    def plan(self, folder: Path, account: str, *more: str) -> list[dict[str, Any]]:
        """Return the messages of a plan, one by one; the plan itself is `tf.plan` there."""
        options = ("-input=false", "-lock=false", "-json", "-out=tf.plan", *more)
        done = self.run(folder, "plan", *options, account=account)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def find_terraform(endpoint: str, folder: Path) -> Terraform:
    """Return Terraform; skips, saying what is lacking, where the machine has none."""
    binary = shutil.which("terraform")
    provider = next(MIRROR.glob("*/hashicorp/aws/*/*/terraform-provider-aws*"), None)
    if binary is None or provider is None:
        pytest.skip(
            f"NO TERRAFORM, NOT RUN: needs it on PATH ({binary or 'absent'}) and the AWS provider"
            f" in {MIRROR} ({'there' if provider else 'absent'}; STRAYS_TF_PLUGINS: another)"
        )
    rc = folder / "terraformrc"
    override = f'dev_overrides {{\n    "hashicorp/aws" = "{provider.parent}"\n  }}'
    rc.write_text(f"provider_installation {{\n  {override}\n}}\n")
    return Terraform(binary, endpoint, rc)
