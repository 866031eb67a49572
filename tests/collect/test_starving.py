"""Accounts that AWS throttles at every call hold up none that come after them, however many."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.simulator import Settings, simulated
from scanner import catalog
from scanner.aws import Aws
from scanner.config import ScanConfig
from scanner.crew import Crew, Task
from scanner.crew.cluster import Cluster
from scanner.crew.processes import Processes
from scanner.crew.threads import Threads
from scanner.jobs import Errand
from scanner.model import Account
from scanner.room import ACCOUNTS_AT_ONCE, ROWS, Room
from scanner.shards import WorkFolder
from scanner.turns import UNDER_WAY
from tests.world import Quiet, simulated_world

IDS = Settings(accounts=ACCOUNTS_AT_ONCE + 6).account_ids()
STARVED, OTHERS = IDS[: ACCOUNTS_AT_ONCE + 2], IDS[ACCOUNTS_AT_ONCE + 2 :]

CREWS: dict[str, Callable[[Aws], Crew]] = {
    "threads": Threads,
    "processes": lambda _: Processes(1),
    "cluster": lambda _: Cluster("local:1"),
}


@pytest.mark.parametrize("crew", CREWS)
def test_others_are_written_while_the_starving_are_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crew: str
) -> None:
    with simulated(Settings(accounts=len(IDS), starved=tuple(STARVED))) as endpoint:
        simulated_world(endpoint, tmp_path, monkeypatch)
        aws, work = Aws(), WorkFolder.create(tmp_path, {}, None)
        config = ScanConfig(accounts=IDS, role_name="Auditor", bulk_tags=False)
        task = Task.of(config, catalog.load().matching(["AWS::SQS::Queue"]), work)
        errands = [Errand(Account(each, "aws")) for each in IDS]
        with closing(CREWS[crew](aws).run(task, errands, Quiet())) as running:  # type: ignore[type-var]
            first = [account.account_id for account in islice(running, len(OTHERS))]
        assert sorted(first) == OTHERS
        assert work.names() == set(OTHERS)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def room(asked: list[str]) -> Room:
    made = Room()
    made.ask = lambda: asked.append("one more")
    return made


def test_an_idle_process_asks_for_one_account_at_a_time(room: Room, asked: list[str]) -> None:
    room.idle()
    room.idle()
    assert len(asked) == 1
    with room.taken():
        room.idle()
        assert len(asked) == 2


def test_no_more_are_asked_for_than_may_be_entered_at_once(room: Room, asked: list[str]) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(room.taken()) for _ in range(ACCOUNTS_AT_ONCE)]
        room.idle()
        assert asked == []
        held[0].entered()
        room.idle()
        assert len(asked) == 1


def test_accounts_under_way_have_an_end(room: Room, asked: list[str]) -> None:
    with ExitStack() as stack:
        for _ in range(UNDER_WAY):
            stack.enter_context(room.taken()).entered()
        room.idle()
        assert asked == []
    room.idle()
    assert len(asked) == 1


def test_process_that_holds_many_rows_takes_in_no_more(room: Room, asked: list[str]) -> None:
    with room.taken() as held:
        held.entered()
        held.rows(ROWS)
        room.idle()
        assert asked == []
    room.idle()
    assert len(asked) == 1
