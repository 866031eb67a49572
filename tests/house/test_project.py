"""What a newcomer is told works: make's targets, the pinned versions, CI."""

from __future__ import annotations

import os
import re
import subprocess
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.files import ROOT, pyproject

PIN = re.compile(r"([A-Za-z0-9][\w.-]*)==([\w.+!-]+)( ; .+)?")


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    assert None not in found, "constraints.txt holds names and exact versions only"
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def test_every_dependency_has_a_pinned_version_that_it_allows() -> None:
    project = pyproject()["project"]
    named = chain(project["dependencies"], *project["optional-dependencies"].values())
    pins = _pins()
    for requirement in map(Requirement, named):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_every_dependency_tells_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = text.partition("\ndependencies = [\n")[2].partition("\n]")[0]
    assert [line for line in listed.splitlines() if "  # " not in line] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_in_the_docs_is_a_target(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(
        re.findall(r"\bmake ([a-z]+)\b(?=`| *$)", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    )
    assert told <= targets


def test_make_lists_its_targets() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {"demo", "test", "check", "bench", "clean"} <= set(
        re.findall(r"^\w+", listed, re.MULTILINE)
    )


def test_make_says_what_to_install_where_no_python_fits(tmp_path: Path) -> None:
    command = ["make", "-f", str(ROOT / "Makefile"), "test", "CANDIDATES=python2.7 nothing"]
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "constraints.txt").touch()
    ran = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode != 0
    assert "no Python 3.11 or newer" in ran.stderr
    assert "make PYTHON=" in ran.stderr


def test_ci_runs_what_the_docs_name() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in text
    assert re.search(r"^make test$", text, re.MULTILINE)
