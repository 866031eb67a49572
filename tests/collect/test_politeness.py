"""A scan that AWS or its own limits slow down: the others go on, and what is left is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.simulator import Settings, simulated
from scanner import catalog, retry
from scanner.aws import Aws
from scanner.config import ScanConfig
from scanner.crew import Task, collect, make_collector
from scanner.crew.processes import Processes
from scanner.crew.threads import Threads
from scanner.jobs import Errand
from scanner.shards import WorkFolder
from scanner.store import Store
from scanner.targets import choose_accounts
from tests.world import Quiet, simulated_world

IDS = Settings(accounts=4).account_ids()


def told(work: WorkFolder) -> list[dict[str, Any]]:
    """The coverage rows of a work folder."""
    store = Store.memory()
    store.run(
        "INSERT INTO scan VALUES (?, 'running', ?, NULL, 'test', NULL, NULL)",
        [work.manifest.scan_id, work.manifest.started_at],
    )
    store.load(work.manifest.scan_id, work.shards)
    return store.rows("SELECT * FROM coverage ORDER BY account_id, resource_type")


def task(folder: Path, *types: str, **scan: Any) -> tuple[Task, WorkFolder, ScanConfig]:
    work = WorkFolder.create(folder, {}, "arn:aws:iam::100000000001:user/test")
    given = {"accounts": IDS, "role_name": "Auditor", "bulk_tags": False, **scan}
    config = ScanConfig(**given)
    return Task.of(config, catalog.load().matching(types), work), work, config


def test_throttled_account_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry.jitter, "uniform", lambda low, high: 3600.0)
    with simulated(Settings(accounts=4, regions=1, starved=(IDS[0],))) as endpoint:
        simulated_world(endpoint, tmp_path, monkeypatch)
        aws = Aws(threads=1)
        given, work, config = task(tmp_path, "AWS::SQS::Queue", "AWS::SNS::Topic", threads=1)
        starved, *others = choose_accounts(aws, config).accounts
        collector = make_collector(given, aws)
        with closing(collector), ThreadPoolExecutor(4) as pool:
            slow = pool.submit(collector.account, Errand(starved), Quiet())
            quick = [pool.submit(collector.account, Errand(each), Quiet()) for each in others]
            assert not wait(quick, 60).not_done
            assert not slow.done()
            collector.close()
            slow.exception(60)
    assert {row["account_id"]: row["outcome"] for row in told(work)} == dict.fromkeys(IDS[1:], "ok")


@pytest.mark.parametrize("processes", [1, 2])
def test_limit_of_calls_leaves_cells_that_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    with simulated(Settings(accounts=4, regions=1)) as endpoint:
        simulated_world(endpoint, tmp_path, monkeypatch)
        aws = Aws()
        limits = {"max_calls": 12, "regions": ["us-east-1"]}
        given, work, config = task(tmp_path, "AWS::SQS::Queue", "AWS::SNS::Topic", **limits)
        crew = Processes(processes) if processes > 1 else Threads(aws)
        collect(given, map(Errand, choose_accounts(aws, config).accounts), work, crew, Quiet(), aws)
    cells = told(work)
    assert len(cells) == len(IDS) * 2
    left = [row for row in cells if row["outcome"] != "ok"]
    assert {(row["outcome"], row["error_code"]) for row in left} == {("untried", "BudgetSpent")}
    assert sum(row["calls"] for row in cells) <= limits["max_calls"]


def test_time_that_is_up_leaves_cells_that_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated(Settings(accounts=4, regions=1)) as endpoint:
        simulated_world(endpoint, tmp_path, monkeypatch)
        aws = Aws()
        given, work, config = task(tmp_path, "AWS::SQS::Queue", max_minutes=1e-9)
        collect(
            given,
            map(Errand, choose_accounts(aws, config).accounts),
            work,
            Threads(aws),
            Quiet(),
            aws,
        )
    found = {(row["outcome"], row["error_code"]) for row in told(work)}
    assert found == {("untried", "BudgetSpent")}
