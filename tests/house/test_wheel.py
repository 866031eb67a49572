"""The wheel: what is in it, and that it works where there is no checkout."""

from __future__ import annotations

import fnmatch
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.files import PACKAGES, ROOT, tracked

pytestmark = pytest.mark.xdist_group("wheel")  # built once


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made by the build backend that pip would call."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    [built] = folder.glob("strays-*.whl")
    return built


@pytest.fixture(scope="module")
def strays(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed in an environment of its own.

    What the wheel depends on is lent by the environment of the tests: its folder comes in by a
    `.pth` file, and the `.pth` files in that folder (our editable install) are not read then.
    """
    folder = tmp_path_factory.mktemp("environment")
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check")
    _run(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    [site] = folder.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "strays"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A user's folder with packages of the names that ours have, which break when imported."""
    for name in (*PACKAGES, "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise RuntimeError('the user\\'s {name}')\n")
    return tmp_path


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {Path(name) for name in archive.namelist() if ".dist-info/" not in name}
    assert held == set(tracked(*PACKAGES))


@pytest.mark.parametrize(
    "kind",
    [
        "scanner/schema.sql",
        "scanner/py.typed",
        "scanner/catalog/reviewed/*.yaml",
        "scanner/catalog/owned/*.yaml",
        "scanner/demo/*.py",
        "rules/*.sql",
        "reports/*.html*",
    ],
)
def test_the_wheel_holds_the_data_that_the_code_reads(wheel: Path, kind: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert fnmatch.filter(archive.namelist(), kind)


def test_the_wheel_says_its_license_and_what_its_extras_are(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [metadata] = [name for name in names if name.endswith(".dist-info/METADATA")]
        told = archive.read(metadata).decode()
        assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "\nLicense-Expression: Apache-2.0\n" in told
    assert "\nProvides-Extra: demo\n" in told


def test_the_installed_command_works_among_packages_of_the_same_names(
    strays: Path, elsewhere: Path
) -> None:
    assert _run(str(strays), "--version", cwd=elsewhere).startswith("strays ")
    types = json.loads(_run(str(strays), "types", "--format", "json", cwd=elsewhere))
    assert "AWS::SQS::Queue" in {row["resource_type"] for row in types}
    rules = json.loads(_run(str(strays), "rules", "--format", "json", cwd=elsewhere))
    assert "unmanaged_resource" in {row["rule_id"] for row in rules}


def test_the_installed_packages_are_the_wheels_own(strays: Path, elsewhere: Path) -> None:
    python = str(strays.with_name("python"))
    code = (
        "import scanner, rules, reports; print(scanner.__file__, rules.__file__, reports.__file__)"
    )
    for place in _run(python, "-P", "-c", code, cwd=elsewhere).split():
        assert Path(place).is_relative_to(strays.parents[1])


def _run(*command: str, cwd: Path | None = None) -> str:
    """Run a program without the variables that would lend it our checkout; return its output."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
