"""Collections that are killed at random moments and begun anew, until so many were killed.

    python -m tests.collect.killing process|worker|scheduler FOLDER KILLS

It runs as a process of its own, which imports everything once and forks those that are killed, so
that twenty deaths take seconds. The works it leaves below the folder are complete.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.simulator import Settings
from scanner import catalog
from scanner.aws import Aws
from scanner.config import ScanConfig
from scanner.crew import Crew, Task, cluster, collect, make_collector, processes
from scanner.crew.processes import Processes
from scanner.crew.threads import Threads
from scanner.errors import ClusterError
from scanner.jobs import Errand
from scanner.model import Account
from scanner.shards import WorkFolder
from tests.world import Quiet

TYPES = ("AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup")
ACCOUNTS = Settings(accounts=40).account_ids()
SCAN = ScanConfig(accounts=ACCOUNTS, role_name="Auditor", threads=8)
MOST = 20
"""Workers killed in one run: it has to come to an end."""
LEAST = 0.5
"""Seconds within which a collection is killed, at least."""
LOST = 3
"""How a collection ends that has lost its scheduler."""


def run(folder: Path, crew: Callable[[Aws], Crew]) -> None:
    """Collect what the work in a folder lacks."""
    aws = warm()
    work = WorkFolder.newest(folder)
    assert work is not None
    errands = [Errand(Account(each, "aws")) for each in ACCOUNTS]
    collect(task_of(work), errands, work, crew(aws), Quiet(), aws)


@cache
def warm() -> Aws:
    """Return a way into AWS that has called everything once, and has no connection open."""
    aws = Aws()
    with TemporaryDirectory() as folder:
        work = WorkFolder.create(Path(folder), {}, None)
        collector = make_collector(task_of(work), aws)
        collector.account(Errand(Account(ACCOUNTS[0], "aws")), Quiet())
        collector.close()
    aws.client("sts")._endpoint.http_session.close()
    while threading.active_count() > 1:  # a fork would lack the threads and keep their locks
        time.sleep(0.01)
    return aws


def task_of(work: WorkFolder) -> Task:
    """Return what the collections do."""
    return Task.of(SCAN, [catalog.load().entries[name] for name in TYPES], work)


def forked(body: Callable[[], None]) -> int:
    """Run a function in a process of its own and return its id."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            body()
            code = 0
        except ClusterError:
            code = LOST
        finally:
            if code == 1:
                traceback.print_exc()
            os._exit(code)
    return pid


def ended(pid: int) -> int:
    """Wait for a process; return its exit code, minus the signal's number where one killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_after(pid: int, seconds: float) -> bool:
    """Kill a process after so many seconds, unless it ended well before; whether it was killed."""
    timer = threading.Timer(seconds, os.kill, (pid, signal.SIGKILL))
    timer.start()
    code = ended(pid)
    timer.cancel()
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def process_killed(folder: Path, patience: float) -> int:
    """Begin a collection and kill it, unless it is quicker; return how many were killed."""
    child = forked(lambda: run(folder, Threads))
    return killed_after(child, random.uniform(0.05, 0.5 * patience))


def workers_killed(folder: Path, patience: float) -> int:
    """Run a collection of two processes, one of which is killed again and again."""
    deaths = 0

    def kill() -> None:
        nonlocal deaths
        while deaths < MOST and not over.wait(random.uniform(0.1, patience * 1.05**deaths)):
            victims = processes.multiprocessing.active_children()
            if victims:
                with suppress(ProcessLookupError):
                    os.kill(random.choice(victims).pid or 0, signal.SIGKILL)
                    deaths += 1

    over = threading.Event()
    processes.TRIES = 1000  # chance may hit one account more often than we would begin it
    killer = threading.Thread(target=kill)
    killer.start()
    run(folder, lambda _: Processes(2))
    over.set()
    killer.join()
    return deaths


def scheduler_killed(folder: Path, patience: float) -> int:
    """Run a collection on a cluster whose scheduler is killed, unless that is quicker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    cluster.CONNECT_TIMEOUT = 3
    scheduler = forked(lambda: asyncio.run(_schedule(address)))
    workers = [forked(lambda: asyncio.run(_serve(address))) for _ in range(2)]
    client = forked(lambda: run(folder, lambda _: cluster.Cluster(address)))
    timer = threading.Timer(
        random.uniform(0.3, 1.2 * patience), os.kill, (scheduler, signal.SIGKILL)
    )
    timer.start()
    code = ended(client)
    timer.cancel()
    assert code in (0, LOST), code
    for pid in (scheduler, *workers):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        ended(pid)
    return int(code == LOST)


async def _schedule(address: str) -> None:
    distributed = import_module("distributed")
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    given = {"host": host, "port": int(port), "dashboard": False}
    async with distributed.Scheduler(**given) as scheduler:
        await scheduler.finished()


async def _serve(address: str) -> None:
    distributed = import_module("distributed")
    async with distributed.Worker(address, nthreads=2, dashboard=False) as worker:
        await worker.finished()


KILLERS: dict[str, Callable[[Path, float], int]] = {
    "process": process_killed, "worker": workers_killed, "scheduler": scheduler_killed,
}  # fmt: skip


def main() -> None:
    """Collect works, each below a folder of its own, until so many were killed; print how many."""
    victim, folder, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if victim == "scheduler":
        import_module("distributed")
    warm()
    deaths, works, patience = 0, 0, 1.0
    while deaths < kills:
        parent = folder / str(works)
        work = WorkFolder.create(parent, {}, None)
        while len(work.names()) < len(ACCOUNTS):
            killed = KILLERS[victim](parent, patience)
            deaths += killed
            # As long as a collection takes on this machine, so that some are killed and some end.
            patience = patience * 1.05 if killed else max(patience * 0.9, LEAST)
        works += 1
    sys.stdout.write(f"{deaths}\n")


if __name__ == "__main__":
    main()
