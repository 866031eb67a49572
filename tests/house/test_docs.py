"""The docs say what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_pages_made_from_the_code_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_command_has_help_and_every_flag_its_sentence() -> None:
    page = (ROOT / "docs/commands.md").read_text("utf-8")
    for line in page.splitlines():
        flag = re.match(r"^\s{2}(?:-\w, )?(--[\w-]+)(?:\s+\S+)?\s*$", line)
        assert flag is None, f"{line!r} has no sentence"


def test_readme_names_the_two_commands_and_links_that_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
