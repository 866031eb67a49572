"""Runs `terraform` or `tofu plan -refresh-only`: nothing is locked, asked or applied."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from scanner.errors import SourceError

log = logging.getLogger(__name__)
SECONDS = 1800
"""How long one folder's plan may take."""


def run_plan(folder: Path, binary: str | None = None, seconds: float = SECONDS) -> dict[str, Any]:
    """Return the refresh-only plan of a Terraform root that was initialised.

    Raises `SourceError` where there is no binary, or where it fails or takes too long; what it said
    is logged.
    """
    program = binary or shutil.which("terraform") or shutil.which("tofu")
    if program is None:
        raise SourceError("neither terraform nor tofu is on PATH")
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder")
    with tempfile.TemporaryDirectory() as scratch:
        plan = str(Path(scratch) / "plan")
        options = ["-refresh-only", "-lock=false", "-input=false", "-no-color", f"-out={plan}"]
        _run([program, "plan", *options], folder, seconds)
        found: dict[str, Any] = json.loads(_run([program, "show", "-json", plan], folder, seconds))
    return found


def _run(command: list[str], folder: Path, seconds: float) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{command[1]} in {folder} took more than {seconds:.0f} s") from error
    except OSError as error:
        raise SourceError(f"{command[0]} cannot be run: {error.strerror}") from error
    log.info("%s in %s: %s", command[1], folder, done.stderr.strip()[-2000:])
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SourceError(f"{command[1]} in {folder} failed (--verbose tells all): {last[:300]}")
    return done.stdout
