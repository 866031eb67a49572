"""Scans that are killed on their way: what holds them back, and the kill."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from tests.denying import denying


@contextmanager
def kept_out(endpoint: str, account: str) -> Iterator[str]:
    """Yield an endpoint where nobody enters an account inside the `with`: no scan of it ends."""
    over = Event()

    def denies(service: str, region: str, body: bytes) -> bool:
        if service == "sts" and account.encode() in body:
            over.wait()
        return False

    with denying(endpoint, denies) as proxy:
        try:
            yield proxy
        finally:
            over.set()


def kill_scan(folder: Path, endpoint: str, when: Callable[[], bool], *more: str) -> None:
    """Begin a scan that cannot end, and kill it when it has come so far."""
    command = [sys.executable, "-m", "scanner.cli", "scan", "-q", *more]
    environment = {**os.environ, "AWS_ENDPOINT_URL": endpoint}
    running = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        while not when():
            assert running.poll() is None
            time.sleep(0.02)
    finally:
        running.kill()
        running.wait()
