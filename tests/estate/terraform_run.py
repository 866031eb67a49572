"""Runs the Terraform roots of this folder against one endpoint and collects their states."""

import io
import logging
import os
import shutil
import subprocess
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)
SOURCE = Path(__file__).parent / "terraform"
MIRROR = Path(os.environ.get("STRAYS_TF_PLUGINS", "/opt/tf-plugins"))


@dataclass(frozen=True)
class Root:
    """A Terraform root in one workspace; each workspace runs in a folder of its own."""

    name: str
    workspace: str = "default"

    @property
    def folder(self) -> str:
        return self.name if self.workspace == "default" else f"{self.name}-{self.workspace}"


# Groups run one after the other (later ones read what earlier ones made), roots of one in parallel.
GROUPS = (
    (Root("network"), Root("iam"), Root("jobs"), Root("jobs", "staging")),
    (Root("app"), Root("data"), Root("edge")),
)


APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")


class TerraformError(Exception):
    """Terraform is not there, or a root did not apply."""


def find_terraform() -> str:
    """The binary's path; TerraformError where it or the provider mirror is absent."""
    binary = shutil.which("terraform")
    if binary is None or not MIRROR.is_dir():
        raise TerraformError(
            f"recording needs terraform on PATH ({binary or 'absent'}) and a provider mirror at "
            f"{MIRROR} ({'there' if MIRROR.is_dir() else 'absent'}); "
            "STRAYS_TF_PLUGINS names another mirror"
        )
    return binary


def apply_all(endpoint: str, work: Path) -> None:
    """Apply every root in a copy under `work`; logs stay there as ROOT.log."""
    binary = find_terraform()
    shutil.copytree(SOURCE, work, dirs_exist_ok=True)
    for root in (one for group in GROUPS for one in group if one.folder != one.name):
        shutil.copytree(work / root.name, work / root.folder, dirs_exist_ok=True)
    (work / "app" / "code.zip").write_bytes(lambda_code())
    (work / "terraformrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n'
    )
    env = environment(endpoint, work)
    with ThreadPoolExecutor(4) as pool:
        for group in GROUPS:
            runs = [pool.submit(apply_root, binary, work, root, env) for root in group]
            for run in runs:
                run.result()


def environment(endpoint: str, work: Path) -> dict[str, str]:
    """The caller's variables without its AWS ones, everything pointing at the emulator."""
    return {
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


def refresh(endpoint: str, work: Path, root: Root) -> None:
    """`terraform apply -refresh-only`: the state takes over what AWS says now."""
    run(find_terraform(), work, root, environment(endpoint, work), *APPLY, "-refresh-only")


def apply_root(binary: str, work: Path, root: Root, env: dict[str, str]) -> None:
    """Init and apply one root."""
    started = time.monotonic()
    run(binary, work, root, env, "init", "-input=false", "-no-color")
    if root.workspace != "default":
        run(binary, work, root, env, "workspace", "new", root.workspace)
    run(binary, work, root, env, *APPLY)
    log.info("%s: applied in %.0f s", root.folder, time.monotonic() - started)


def run(binary: str, work: Path, root: Root, env: dict[str, str], *args: str) -> None:
    """One terraform command in a root; its output goes to ROOT.log."""
    log = work / f"{root.folder}.log"
    with log.open("a") as out:
        done = subprocess.run(
            [binary, *args], cwd=work / root.folder, env=env, stdout=out, stderr=out, check=False
        )
    if done.returncode:
        tail = log.read_text()[-4000:]
        raise TerraformError(f"terraform {' '.join(args)} failed in {root.folder}:\n{tail}")


def lambda_code() -> bytes:
    """A zip with one Python file, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("handler.py", date_time=(2026, 1, 1, 0, 0, 0))
        archive.writestr(entry, "def handler(event, context):\n    return event\n")
    return buffer.getvalue()
