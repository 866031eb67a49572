"""Further machines: workers of `dask.distributed`, the extra `cluster`.

A scheduler hands each account to a worker, begins it anew elsewhere where the worker dies, and
holds nothing that matters: whoever lost the scheduler resumes from the shards. What is sent to a
worker is the [scan] section, the names of the types and the address of the shards.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import uuid4

from scanner.budget import portions
from scanner.collect import Progress
from scanner.crew import Ended, More, Task, given_up, run_account, told
from scanner.errors import ClusterError, UsageError
from scanner.jobs import Errand
from scanner.model import Account
from scanner.room import ACCOUNTS_AT_ONCE
from scanner.turns import UNDER_WAY

log = logging.getLogger(__name__)
LOCAL = "local:"
CONNECT_TIMEOUT = 30
"""Seconds to find a scheduler."""
PURSE_TIMEOUT = 10
"""Seconds after which a scheduler that does not answer has no further calls to give."""
LOST = (
    "the scheduler of the cluster is lost; what was collected stays, `strays scan --resume` goes"
    " on with it"
)


class Cluster:
    """A crew of dask's workers: `tcp://HOST:PORT` of a scheduler, or `local:N` processes here."""

    def __init__(self, address: str) -> None:
        self._address = address

    def run(self, task: Task, errands: list[Errand], progress: Progress) -> Iterator[Account]:
        """Yield accounts as their shards are written; raises `ClusterError` without a scheduler."""
        if not errands:
            return
        distributed = _distributed()
        with ExitStack() as stack:
            client = _client(distributed, self._address, stack)
            task = _with_purse(distributed, client, task, stack)
            scan = task.work.rstrip("/").rpartition("/")[2]
            known = {f"strays-{scan}-{each.account.account_id}": each for each in errands}
            under_way = {
                client.submit(_run, task, errand, key=key, pure=False)
                for key, errand in known.items()
            }
            try:
                for future in distributed.as_completed(list(under_way)):
                    under_way.remove(future)  # its result may be forgotten
                    yield _ended(distributed, future, known[future.key].account, progress)
            finally:
                client.cancel(list(under_way))


def _with_purse(distributed: Any, client: Any, task: Task, stack: ExitStack) -> Task:
    """Put the calls that the workers may make into a queue of the scheduler's."""
    if task.config.max_calls is None:
        return task
    workers = max(len(client.scheduler_info()["workers"]), 1)
    purse = distributed.Queue(f"strays-calls-{uuid4().hex}", client=client)
    stack.callback(purse.close)
    for portion in (*portions(task.config.max_calls, workers), 0):
        purse.put(portion)
    return replace(task, purse=purse.name)


def _run(task: Task, errand: Errand) -> Ended:
    """Collect one account in a worker, whose slot is given up once the worker has room for more.

    A seceded task runs on, and the worker is sent another
    (https://distributed.dask.org/en/stable/task-launch.html#submit-tasks-from-worker).
    """
    distributed = _distributed()
    more = None
    if task.purse is not None:
        more = _purse(distributed.Queue(task.purse, client=distributed.get_client()))
    ended = _accounts().submit(run_account, task, errand, more, _slots.offer)
    ended.add_done_callback(_slots.wake)
    if _slots.taken_before(ended):
        distributed.secede()
    return ended.result()


def _purse(calls: Any) -> More:
    """Return what asks the scheduler's queue for further calls."""

    def more() -> int:
        try:
            if portion := int(calls.get(timeout=PURSE_TIMEOUT)):
                return portion
            calls.put(0)  # for the others
        except (OSError, TimeoutError):
            log.info("the cluster's scheduler gives no further calls")
        return 0

    return more


@cache
def _accounts() -> ThreadPoolExecutor:
    """Return the threads of a worker's accounts; those of the tasks wait for them."""
    return ThreadPoolExecutor(UNDER_WAY, thread_name_prefix="account")


class _Slots:
    """Slots of a worker that tasks under way may give up."""

    def __init__(self) -> None:
        self._offered = 0
        self._changed = threading.Condition()

    def offer(self) -> None:
        """Let one task give up its slot."""
        with self._changed:
            self._offered += 1
            self._changed.notify_all()

    def wake(self, _ended: Future[Ended]) -> None:
        """Wake the tasks: one has ended."""
        with self._changed:
            self._changed.notify_all()

    def taken_before(self, ended: Future[Ended]) -> bool:
        """Wait until a slot is offered, and take the offer; False where the account ends first."""
        with self._changed:
            self._changed.wait_for(lambda: ended.done() or self._offered)
            if ended.done():
                return False
            self._offered -= 1
            return True


_slots = _Slots()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise UsageError(
            "--cluster needs dask: install Strays with its extra, `pip install strays[cluster]`"
        ) from error
    logging.getLogger("distributed").setLevel(logging.ERROR)  # it warns of its own orderly end
    return distributed


def _client(distributed: Any, address: str, stack: ExitStack) -> Any:
    """Return a client of the scheduler, or of workers of this machine; closed with the stack."""
    if address.startswith(LOCAL):
        address = stack.enter_context(_local(distributed, int(address.removeprefix(LOCAL))))
    try:
        return stack.enter_context(distributed.Client(address, timeout=CONNECT_TIMEOUT))
    except (OSError, ValueError) as error:
        raise ClusterError(f"no scheduler of dask answers at {address}: {error}") from error


def _local(distributed: Any, workers: int) -> Any:
    """Return a cluster of this machine; raises `ClusterError` where a worker does not come up."""
    try:
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=ACCOUNTS_AT_ONCE,
            dashboard_address="127.0.0.1:0",  # beside another cluster's
            memory_limit=0,
            preload=["scanner.crew.leaving"],
        )
    except RuntimeError as error:
        raise ClusterError(f"{workers} workers cannot be started here: {error}") from error


def _ended(distributed: Any, future: Any, account: Account, progress: Progress) -> Account:
    """Return the account of a future that has ended; raises what ended it."""
    try:
        ended = future.result() if future.status == "finished" else None
        error: BaseException | None = future.exception() if future.status == "error" else None
    except (OSError, distributed.CancelledError) as lost:
        raise ClusterError(LOST) from lost
    if ended is not None:
        return told(ended, progress)
    if isinstance(error, distributed.KilledWorker):
        return given_up(account)
    raise error or ClusterError(LOST)
