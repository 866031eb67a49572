"""The estate replayed twice on one emulator run: as it is, and after somebody changed it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner.config import Config
from tests.drift.hand import change_by_hand
from tests.estate import Estate, replay
from tests.estate.clients import Clients
from tests.estate.server import free_port, wait_for
from tests.estate.test_scan import scan


@dataclass(frozen=True)
class Drifting:
    """The estate, scanned before anything was changed by hand and after."""

    estate: Estate
    untouched: Path
    changed: Path

    def config(self, database: Path) -> Config:
        sources = [{"from": uri} for uri in self.estate.state_uris]
        return Config.model_validate({"database": str(database), "terraform": sources})


@pytest.fixture(scope="package")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drifting]:
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        wait_for(endpoint, 30)
        estate = replay(endpoint, before)
        scan(estate, before)
        change_by_hand(endpoint)
        scan(estate, after)
        yield Drifting(estate, before / "strays.duckdb", after / "strays.duckdb")
    finally:
        server.kill()
        server.wait(10)


@pytest.fixture
def reader(drifting: Drifting, monkeypatch: pytest.MonkeyPatch) -> Drifting:
    """The same, with the process's environment set to read the states."""
    estate = drifting.estate
    for name, value in Clients(estate.endpoint).credentials(estate.state_account).items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", estate.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return drifting
