"""The import contracts of pyproject.toml: they hold, they see every module, and they bite."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.files import PACKAGES, ROOT, modules, pyproject

CONTRACTS: list[dict[str, Any]] = pyproject()["tool"]["importlinter"]["contracts"]
OFFENCES = {
    "imports run one way": ("scanner/errors.py", "import scanner.model"),
    "only the store knows DuckDB": ("scanner/walls.py", "import duckdb"),
    "only scanner.aws talks to AWS": ("scanner/claims/keys.py", "import botocore.session"),
    "only the graph knows networkx": ("rules/run.py", "import networkx"),
    "only the demo knows the emulator": ("scanner/collect.py", "import moto"),
    "only the command line knows typer": ("scanner/pipeline.py", "import typer"),
    "nothing imports tests": ("scanner/demo/run.py", "import tests.world"),
}


def test_every_module_stands_in_a_layer() -> None:
    [layers] = [contract["layers"] for contract in CONTRACTS if contract["type"] == "layers"]
    floors = {room.strip(" ()") for layer in layers for room in re.split("[|:]", layer)}
    rooms = {_room(path) for path in modules()} - {"scanner"}
    assert rooms <= floors


def _room(path: Path) -> str:
    """Return the package, or for `scanner` the module or subpackage in it."""
    parts = path.with_suffix("").parts
    depth = 2 if parts[0] == "scanner" else 1
    return ".".join(part for part in parts[:depth] if part != "__init__")


def test_every_contract_has_a_comment_with_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    heads = [at for at, line in enumerate(lines) if line == "[[tool.importlinter.contracts]]"]
    assert [lines[at + 2] for at in heads if not lines[at + 1].startswith("# ")] == []


def test_the_contracts_hold() -> None:
    ran = _lint_imports(ROOT)
    assert ran.returncode == 0, ran.stdout


def test_every_contract_is_broken_by_the_import_it_is_there_against(tmp_path: Path) -> None:
    assert set(OFFENCES) == {contract["name"] for contract in CONTRACTS}
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in OFFENCES.values():
        with (tmp_path / file).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    report = _lint_imports(tmp_path).stdout
    assert [name for name in OFFENCES if f"\n{name} BROKEN" not in report] == [], report


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["tests", *PACKAGES])
def test_every_folder_with_modules_is_a_package(name: str) -> None:
    folders = {path.parent for path in (ROOT / name).rglob("*.py")}
    assert sorted(str(f) for f in folders if not (f / "__init__.py").exists()) == []
