"""A moto server of our own on a free loopback port."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that the system gives to nobody inside the `with`; who names it may listen there.

    Linux lets a socket listen beside one that is only bound, where both allow it (socket(7),
    SO_REUSEADDR), and `http.server`'s and werkzeug's do.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def moto(seconds: float = 120, **settings: str) -> Iterator[str]:
    """The endpoint of a fresh moto server; TimeoutError where it does not answer in time.

    `settings` are moto's own (http://docs.getmoto.org/en/latest/docs/configuration/index.html).
    """
    with reserved_port() as port:
        command = [sys.executable, "-m", "tests.emulator", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        endpoint = f"http://127.0.0.1:{port}"
        try:
            wait_for(endpoint, seconds)
            yield endpoint
        finally:
            process.kill()  # asked nicely, it waits for connections that clients left open
            process.wait()


def wait_for(endpoint: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/data.json", timeout=30).close()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no moto at {endpoint} after {seconds} s") from error
            time.sleep(0.1)
