"""Runs the Terraform roots of this folder against one endpoint and collects their states."""

import io
import os
import shutil
import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parent / "terraform"
MIRROR = Path(os.environ.get("STRAYS_TF_PLUGINS", "/opt/tf-plugins"))


@dataclass(frozen=True)
class Root:
    """A Terraform root and the workspaces to apply."""

    name: str
    workspaces: tuple[str, ...] = ("default",)


# Groups run one after the other (later ones read what earlier ones made), roots of one in parallel.
GROUPS = (
    (Root("network"), Root("iam"), Root("jobs", ("default", "staging"))),
    (Root("app"), Root("data"), Root("edge")),
)


class TerraformError(Exception):
    """Terraform is not there, or a root did not apply."""


def find_terraform() -> str:
    """The binary's path; TerraformError where it or the provider mirror is absent."""
    binary = shutil.which("terraform")
    if binary is None or not MIRROR.is_dir():
        raise TerraformError(
            f"recording needs terraform on PATH ({binary or 'absent'}) and a provider mirror at "
            f"{MIRROR} ({'there' if MIRROR.is_dir() else 'absent'}; STRAYS_TF_PLUGINS names another)"
        )
    return binary


def apply_all(endpoint: str, work: Path) -> None:
    """Apply every root in a copy under `work`; logs stay there as ROOT.log."""
    binary = find_terraform()
    shutil.copytree(SOURCE, work, dirs_exist_ok=True)
    (work / "app" / "code.zip").write_bytes(lambda_code())
    (work / "terraformrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n'
    )
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "recorder",
        "AWS_SECRET_ACCESS_KEY": "recorder",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TF_CLI_CONFIG_FILE": str(work / "terraformrc"),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }
    with ThreadPoolExecutor(3) as pool:
        for group in GROUPS:
            runs = [pool.submit(apply_root, binary, work, root, env) for root in group]
            for run in runs:
                run.result()


def apply_root(binary: str, work: Path, root: Root, env: dict[str, str]) -> None:
    """Init and apply one root, a workspace at a time."""
    log = work / f"{root.name}.log"
    started = time.monotonic()

    def terraform(*args: str) -> None:
        with log.open("a") as out:
            done = subprocess.run(
                [binary, *args], cwd=work / root.name, env=env, stdout=out, stderr=out
            )
        if done.returncode:
            raise TerraformError(f"terraform {args[0]} failed in {root.name}:\n{log.read_text()[-4000:]}")

    terraform("init", "-input=false", "-no-color")
    for workspace in root.workspaces:
        if workspace != "default":
            terraform("workspace", "new", workspace)
        terraform("apply", "-auto-approve", "-input=false", "-no-color")
    with log.open("a") as out:
        out.write(f"\ntook {time.monotonic() - started:.0f} s\n")


def lambda_code() -> bytes:
    """A zip with one Python file, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("handler.py", date_time=(2026, 1, 1, 0, 0, 0))
        archive.writestr(entry, "def handler(event, context):\n    return event\n")
    return buffer.getvalue()
