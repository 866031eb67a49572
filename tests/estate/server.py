"""A moto server of our own on a free loopback port."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def moto(seconds: float = 30) -> Iterator[str]:
    """The endpoint of a fresh moto server; TimeoutError where it does not answer in time."""
    port = free_port()
    command = [sys.executable, "-m", "tests.emulator", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        wait_for(endpoint, seconds)
        yield endpoint
    finally:
        process.kill()  # asked nicely, it waits for connections that clients left open
        process.wait(10)


def wait_for(endpoint: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/data.json", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError) as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no moto at {endpoint} after {seconds} s") from error
            time.sleep(0.1)
