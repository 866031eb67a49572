"""cfn-lint over templates, all in one run: it is slow to start."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def cfn_lint(templates: Sequence[Path], *ignored: str) -> list[str]:
    """Return what it has against templates, less what is ignored (its ids or their beginnings)."""
    options = ["--ignore-checks", *ignored] if ignored else []
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(
        [linter, "--format", "json", *options, "--", *templates],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [f"{one['Location']['Path']}: {one['Message']}" for one in json.loads(done.stdout)]
