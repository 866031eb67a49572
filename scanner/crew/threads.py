"""One process: some accounts at once, their calls on one pool of threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

from scanner.aws import Aws
from scanner.collect import Progress
from scanner.crew import ACCOUNTS_AT_ONCE, Task, make_collector
from scanner.jobs import Errand
from scanner.model import Account


class Threads:
    """The crew of one process, whose clients are those of the caller."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def run(self, task: Task, errands: list[Errand], progress: Progress) -> Iterator[Account]:
        """Yield accounts as their shards are written."""
        if not errands:
            return
        collector = make_collector(task, self._aws)
        with ThreadPoolExecutor(ACCOUNTS_AT_ONCE, thread_name_prefix="account") as pool:
            futures = [pool.submit(collector.account, each, progress) for each in errands]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                collector.close()
