"""Killed at twenty random moments, a collection loses nothing and doubles nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.simulator import Settings, simulated
from scanner.shards import WorkFolder
from scanner.store import Store
from tests.collect.killing import ACCOUNTS, TYPES
from tests.world import simulated_world

ITEMS, KILLS = 2, 20


def rows(work: WorkFolder) -> dict[str, int]:
    """Return the rows per table, those of `resource` and `coverage` without doubles."""
    with Store.memory() as store, work.local() as shards:
        store.load(work.manifest.scan_id, shards)
        tables = ("account", "coverage", "resource")
        counts = {name: store.value(f"SELECT count(*) FROM {name}") for name in tables}
        counts["arns"] = store.value("SELECT count(DISTINCT (arn, resource_type)) FROM resource")
        counts["cells"] = store.value(
            "SELECT count(DISTINCT (account_id, region, resource_type)) FROM coverage"
            " WHERE outcome = 'ok'"
        )
    return counts


@pytest.mark.parametrize("victim", ["process", "worker", "scheduler"])
def test_twenty_deaths_lose_nothing_and_double_nothing(
    victim: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if victim == "scheduler":
        pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    settings = Settings(accounts=len(ACCOUNTS), regions=1, items=ITEMS, latency=0.005)
    with simulated(settings) as endpoint:
        simulated_world(endpoint, tmp_path, monkeypatch)
        command = [sys.executable, "-m", "tests.collect.killing", victim, str(tmp_path)]
        done = subprocess.run([*command, str(KILLS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= KILLS
    works = [WorkFolder.newest(parent) for parent in tmp_path.iterdir() if parent.is_dir()]
    cells = len(ACCOUNTS) * len(TYPES)
    for work in filter(None, works):
        found = rows(work)
        assert found["account"] == len(ACCOUNTS)
        assert found["coverage"] == found["cells"] == cells
        assert found["resource"] == found["arns"] == cells * ITEMS
