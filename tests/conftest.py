"""Fixtures: one emulator per test process, one account of its own per test, one scanned estate."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from scanner.store import Store
from tests.estate.server import moto
from tests.estate.shared import ScannedEstate, scanned_estate
from tests.world import IMAGES, World, make_world

TOGETHER = {
    "estate": ("tests/estate/", "tests/actions/", "tests/drift/", "tests/collect/test_kills.py"),
    "demo": ("tests/demo/", "tests/graph/test_demo.py"),
}
"""What looks at the scanned estate, and what looks at the demo: each on one worker."""
SLOW = ("estate", "demo", "tests/cli/", "tests/generated/", "tests/collect/", "tests/judge/")
"""What takes long, with few tests, begins first, and then whatever has most tests: so that no
worker is left alone with much."""


# A loaded machine is slow at any moment, and what chance finds is no failure of the change at hand.
settings.register_profile(
    "strays", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("strays")


class OneEstate(LoadFileScheduling):
    """A file stays on one worker, and so does what is made once for several of them."""

    def _split_scope(self, nodeid: str) -> str:
        for scope, near in TOGETHER.items():
            if nodeid.startswith(near):
                return scope
        return str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        slow = (scope for start in SLOW for scope in self.workqueue if scope.startswith(start))
        first = next(slow, None) or max(self.workqueue, key=lambda each: len(self.workqueue[each]))
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneEstate:
    """Give the scheduler of a run with `-n`; the option `--dist` is not asked."""
    return OneEstate(config, log)


@pytest.fixture(autouse=True)
def _no_credentials_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "STRAYS_"))]:
        if name != "AWS_CA_BUNDLE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def _environment_of_forks() -> None:
    """End the process that others are forked from: it has the environment of an ended test."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The endpoint of a running emulator, shared by the tests of this process.

    It knows one public image: to make all of them takes 45 ms of each account and region that
    anybody looks at.
    """
    with moto(MOTO_AMIS_PATH=str(IMAGES)) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def estate_scan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScannedEstate]:
    """The recorded estate on a live emulator, scanned; nobody changes it."""
    with scanned_estate(tmp_path_factory.mktemp("estate")) as scanned:
        yield scanned


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder where `strays demo` ran over what an earlier one had left, and what it printed."""
    folder: Path = tmp_path_factory.mktemp("demo")
    left = folder / "demo"
    left.mkdir()
    with Store.open(left / "strays.duckdb") as store:
        store.run("INSERT INTO scan VALUES ('20260101', 'loaded', now(), now(), 'x', NULL, NULL)")
    for name in ("strays.toml", "report.html", "findings.parquet", "findings.json"):
        (left / name).write_text("what an earlier demo wrote")
    done = subprocess.run(
        [sys.executable, "-m", "scanner.cli", "demo", "--quiet"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def world(emulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An account of its own on the emulator; the process's AWS environment points at it."""
    return make_world(emulator, tmp_path, monkeypatch)
