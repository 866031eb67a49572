"""What the repository holds: its files, and the modules of its packages."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("scanner", "rules", "reports")


def tracked(*under: str) -> list[Path]:
    """Return the files that git tracks, or would with `git add`, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    names = {Path(name) for name in answer.stdout.split("\0") if name}
    return sorted(name for name in names if (ROOT / name).is_file())


def modules() -> list[Path]:
    """Return the Python files of our packages, relative to the root."""
    return [path for path in tracked(*PACKAGES) if path.suffix == ".py"]


def pyproject() -> dict[str, Any]:
    """Return pyproject.toml as data."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
