"""Every benchmark is run by the one command, without an argument, and told on one page."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from benchmarks import run
from benchmarks.run import HELPERS, Result
from tests.house.files import ROOT

PROGRAMS = sorted(
    path.stem
    for path in (ROOT / "benchmarks").glob("*.py")
    if '__name__ == "__main__"' in path.read_text("utf-8")
)


def test_make_bench_runs_every_program_that_measures() -> None:
    recipe = re.search(r"^bench:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    assert recipe[1] == "\t$(BIN)/python benchmarks/run.py\n"
    assert run.found() == [name for name in PROGRAMS if name not in HELPERS]


@pytest.mark.parametrize("name", run.found())
def test_a_benchmark_can_fail_and_is_told_of(name: str) -> None:
    text = (ROOT / "benchmarks" / f"{name}.py").read_text("utf-8")
    assert re.search(r"sys\.exit\((?!0\)|\))", text), "its exit code says nothing"
    assert f"\n## {name}.py\n" in (ROOT / "benchmarks" / "README.md").read_text("utf-8")


def test_the_page_names_the_machine_and_what_is_broken() -> None:
    results = [Result("calls", True, 1.0, 0.5, "a 1"), Result("page", False, 2.0, 0.5, "b 2")]
    page = run.page(results)
    assert "cores\n- memory: " in page
    assert "| [page](#page) | BROKEN | 2 s |" in page
    assert "## calls\n```\na 1\n```" in page


def test_a_benchmark_that_is_not_there_is_named() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "nothing"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such benchmark: nothing" in done.stdout
