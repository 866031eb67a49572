"""A process of `scanner.crew.processes`: what it does, and what it and its parent say."""

from __future__ import annotations

import logging
import os
import signal
import threading
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum, auto
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue

from scanner.crew import Ended, Task, run_account
from scanner.errors import StraysError
from scanner.jobs import Errand
from scanner.turns import UNDER_WAY


class Wish(Enum):
    """What a process asks for: further calls of the scan's budget, one more account."""

    CALLS = auto()
    ACCOUNT = auto()


Message = Ended | StraysError | str | Wish
"""What a process sends: an account that ended, why it cannot go on, its traceback, a wish."""


def work(pipe: Connection, task: Task, level: int) -> None:
    """Collect accounts from the pipe until it is closed; the parent's death closes it too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's goes to the parent, who ends us
    logging.basicConfig(level=level, format="strays: %(message)s")
    logging.getLogger("botocore").setLevel(logging.ERROR)
    sender = _Sender(pipe)
    purse = _Purse(sender)
    room = partial(sender.send, Wish.ACCOUNT)
    with ThreadPoolExecutor(UNDER_WAY, thread_name_prefix="account") as pool:
        while True:
            try:
                given: Errand | int = pipe.recv()
            except (EOFError, OSError):
                os._exit(0)
            if isinstance(given, int):
                purse.put(given)
            else:
                pool.submit(run_account, task, given, purse, room).add_done_callback(sender)


class _Sender:
    """Sends what became of an account to the parent, from the thread that ran it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()

    def __call__(self, future: Future[Ended]) -> None:
        error = future.exception()
        message: Message
        if error is None:
            message = future.result()
        elif isinstance(error, StraysError):
            message = StraysError(str(error))  # the others' own members do not survive a pipe
        else:
            message = "".join(traceback.format_exception(error))
        self.send(message)

    def send(self, message: Message) -> None:
        """Send one message at a time."""
        with self._lock:
            self._pipe.send(message)


class _Purse:
    """Asks the parent for further calls of the scan's budget; one thread at a time does."""

    def __init__(self, sender: _Sender) -> None:
        self._sender = sender
        self._given: SimpleQueue[int] = SimpleQueue()

    def __call__(self) -> int:
        self._sender.send(Wish.CALLS)
        return self._given.get()

    def put(self, calls: int) -> None:
        """Hand over what the parent gives."""
        self._given.put(calls)
