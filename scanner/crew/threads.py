"""One process: some accounts at once, their calls on one pool of threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from scanner.aws import Aws
from scanner.collect import Progress
from scanner.crew import Task, make_collector
from scanner.jobs import Errand
from scanner.model import Account
from scanner.room import ACCOUNTS_AT_ONCE
from scanner.turns import UNDER_WAY


class Threads:
    """The crew of one process, whose clients are those of the caller."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def run(self, task: Task, errands: list[Errand], progress: Progress) -> Iterator[Account]:
        """Yield accounts as their shards are written."""
        if not errands:
            return
        collector = make_collector(task, self._aws)
        waiting, under_way = deque(errands), 0
        happened: SimpleQueue[Future[Account] | None] = SimpleQueue()  # None: there is room
        collector.room.ask = lambda: happened.put(None)
        with ThreadPoolExecutor(UNDER_WAY, thread_name_prefix="account") as pool:
            try:
                room = 0
                while waiting or under_way:
                    while waiting and (under_way < ACCOUNTS_AT_ONCE or room):
                        errand, room = waiting.popleft(), 0
                        pool.submit(collector.account, errand, progress).add_done_callback(
                            happened.put
                        )
                        under_way += 1
                    ended = happened.get()
                    if ended is None:
                        room = 1
                    else:
                        under_way -= 1
                        yield ended.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                collector.close()
