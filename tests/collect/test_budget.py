"""A budget: never exceeded however many share it, and what it cut is looked at when resumed."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulator import Settings, simulated
from scanner import catalog
from scanner import crew as crews
from scanner.aws import Aws
from scanner.budget import Budget, portions
from scanner.config import ScanConfig
from scanner.crew import Crew, Task, collect
from scanner.crew.cluster import Cluster
from scanner.crew.processes import Processes
from scanner.crew.threads import Threads
from scanner.jobs import Errand
from scanner.shards import WorkFolder
from scanner.store import Store
from scanner.targets import choose_accounts
from tests.world import Quiet, simulated_world

IDS = Settings(accounts=4).account_ids()
TYPES = {
    "AWS::EC2::Subnet": "ec2:DescribeSubnets",
    "AWS::SNS::Topic": "sns:ListTopics",
    "AWS::EC2::VPC": "ec2:DescribeVpcs",
}
MOST = 50
CREWS: dict[str, Callable[[Aws], Crew]] = {
    "threads": Threads,
    "processes": lambda _: Processes(2),
    "cluster": lambda _: Cluster("local:2"),
}


@given(st.integers(0, 10**7), st.integers(1, 64))
def test_portions_are_the_whole_and_get_small(calls: int, takers: int) -> None:
    found = list(portions(calls, takers))
    assert sum(found) == calls
    assert found == sorted(found, reverse=True)
    assert all(found)


def test_a_limit_counts_from_when_it_is_set_and_more_is_asked_for_until_there_is_none() -> None:
    budget, given = Budget(), [2, 1]
    assert budget.take() is None
    budget.limit(1, more=lambda: given.pop(0) if given else 0)
    assert [budget.take() for _ in range(6)] == [None] * 4 + ["--max-calls"] * 2
    assert budget.calls == 5


def asked(endpoint: str) -> Counter[str]:
    """What the simulator was asked for a scan's budget: who the processes are is none of it."""
    with urllib.request.urlopen(f"{endpoint}/simulator/calls") as answer:
        counts = Counter(json.load(answer)["operations"])
    del counts["sts:GetCallerIdentity"]
    return counts


def seen_whole(work: WorkFolder) -> Counter[str]:
    """How many cells of each type were seen whole; each cell and each thing is there once."""
    with Store.memory() as store:
        store.load(work.manifest.scan_id, work.shards)
        once = "SELECT count(*) = {} AND count(DISTINCT ({})) = {} FROM {}"
        cells = len(IDS) * len(TYPES)
        key = "account_id, region, resource_type"
        assert store.value(once.format(cells, key, cells, "coverage"))
        assert store.value(once.format(len(IDS), "account_id", len(IDS), "account"))
        twice = "SELECT arn, resource_type, count(*) AS n FROM resource GROUP BY ALL HAVING n > 1"
        assert store.rows(twice) == []
        rows = store.rows("SELECT resource_type FROM coverage WHERE outcome = 'ok'")
        return Counter(row["resource_type"] for row in rows)


@pytest.mark.parametrize("crew", CREWS)
def test_what_a_budget_cut_is_seen_by_the_run_that_follows_and_nothing_else(
    crew: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated(Settings(accounts=4, regions=1, items=2)) as endpoint:
        simulated_world(endpoint, tmp_path, monkeypatch)
        aws, work = Aws(), WorkFolder.create(tmp_path, {}, None)
        scan = ScanConfig(accounts=IDS, role_name="Auditor", bulk_tags=False, threads=1)
        accounts = [Errand(each) for each in choose_accounts(aws, scan).accounts]
        monkeypatch.setattr(crews, "regions_of_caller", lambda *_: ("us-east-1",))
        before = asked(endpoint)
        for most in (MOST, None) if crew == "cluster" else (1, MOST, None):
            limited = scan.model_copy(update={"max_calls": most})
            task = Task.of(limited, catalog.load().matching(TYPES), work)
            collect(task, accounts, work, CREWS[crew](aws), Quiet(), aws)
            made, before = asked(endpoint) - before, asked(endpoint)
            if most:
                assert 0 < made.total() <= most
                first = seen_whole(work)
    assert 0 < first.total() < len(IDS) * len(TYPES)
    assert seen_whole(work) == dict.fromkeys(TYPES, len(IDS))
    for type_, operation in TYPES.items():
        assert made[operation] == len(IDS) - first[type_], type_
