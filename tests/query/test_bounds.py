"""Time, memory and other processes: nothing that a query does hangs or takes the machine."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scanner.errors import LockedError, QueryError
from scanner.sandbox import run_query
from scanner.store import Store

ENDLESS = {
    "a recursion": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) FROM r LIMIT 1 "
    "OFFSET 9000000000",
    "a cross join": "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a != b",
    "a sleep": "SELECT sleep_ms(600000)",
    "a stream of rows": "FROM range(100000000000)",
}
GREEDY = {
    "a recursion that doubles": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r, "
    "range(3)) SELECT count(*) FROM r",
    "a sort": "FROM range(1000000000) ORDER BY random()",
    "a list": "SELECT list(range) FROM range(10000000000)",
    "a long text": "SELECT len(repeat('x', 4000000000))",
    "many long texts": "SELECT repeat('xxxxxxxx', 300000000) FROM range(10)",
    "rows in Python": "SELECT repeat('x', 100000) FROM range(1000000)",
}


@pytest.mark.parametrize("statement", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_query_without_end_is_stopped(database: Path, statement: str) -> None:
    with pytest.raises(QueryError, match=r"stopped after 0\.5 s"):
        run_query(database, statement, timeout_s=0.5)


@pytest.mark.parametrize("statement", GREEDY.values(), ids=GREEDY.keys())
def test_a_query_that_takes_all_memory_is_stopped(database: Path, statement: str) -> None:
    with pytest.raises(QueryError, match="needs more than 100MB of memory"):
        run_query(database, statement, memory_limit="100MB", timeout_s=600)


def test_the_bound_on_memory_ends_with_the_query(database: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    run_query(database, "SELECT 1")
    with pytest.raises(QueryError):
        run_query(database, "SELECT nothing")
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_query_in_time_is_not_stopped(database: Path) -> None:
    assert run_query(database, "SELECT sleep_ms(300)", timeout_s=600).rows == [(None,)]


def test_the_database_is_free_again_after_a_query_and_after_a_failed_one(database: Path) -> None:
    run_query(database, "SELECT 1")
    with pytest.raises(QueryError):
        run_query(database, "SELECT nothing")
    with Store.open(database, lock_timeout=0) as store:
        store.run("DELETE FROM resource")


@contextmanager
def _another_process(database: Path, work: str) -> Iterator[subprocess.Popen[str]]:
    """A process that opened the database to write, did some work there and goes on holding it."""
    code = (
        "import sys, time, pathlib\n"
        "from scanner.store import Store\n"
        f"with Store.open(pathlib.Path(sys.argv[1])) as store:\n    store.run({work!r})\n"
        "    print('held', flush=True)\n    time.sleep(600)\n"
    )
    command = [sys.executable, "-c", code, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            holder.kill()


def test_a_database_that_another_process_writes_is_locked_and_the_process_named(
    database: Path,
) -> None:
    with (
        _another_process(database, "SELECT 1") as holder,
        pytest.raises(LockedError, match=rf"held by process {holder.pid}.*--lock-timeout"),
    ):
        run_query(database, "SELECT 1", lock_timeout=0.2)


def test_a_query_waits_for_the_other_process_to_let_go(database: Path) -> None:
    with _another_process(database, "SELECT 1") as holder:
        holder.send_signal(signal.SIGTERM)
        assert run_query(database, "SELECT 1", lock_timeout=120).rows == [(1,)]


def test_what_a_killed_process_had_committed_is_read(database: Path) -> None:
    with _another_process(database, "DELETE FROM resource WHERE scan_id LIKE '%aaaa'") as holder:
        holder.kill()
    assert run_query(database, "SELECT count(*) FROM resource").rows == [(1,)]


def test_a_database_held_by_this_very_process_is_said_to_be(database: Path) -> None:
    with Store.open(database), pytest.raises(LockedError, match="this very process"):
        run_query(database, "SELECT 1")
