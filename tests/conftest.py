"""Fixtures: one emulator per test process, one account of its own per test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, make_world


@pytest.fixture(autouse=True)
def _no_credentials_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "STRAYS_"))]:
        if name != "AWS_CA_BUNDLE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The endpoint of a running emulator, shared by the tests of this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait(endpoint, server)
        yield endpoint
    finally:
        server.kill()  # it may take long to end by itself after a thousand calls
        server.wait(30)


def _wait(endpoint: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{endpoint}/moto-api/data.json", timeout=5):
                return
        except OSError:
            assert server.poll() is None, "the emulator ended at once"
            time.sleep(0.1)
    raise AssertionError("the emulator did not answer within 30 s")


@pytest.fixture
def world(emulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An account of its own on the emulator; the process's AWS environment points at it."""
    return make_world(emulator, tmp_path, monkeypatch)
