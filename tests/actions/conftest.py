"""The recorded estate on a live emulator, scanned once; and a small database for the rest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner import catalog
from scanner.actions.chosen import Stray, from_rows
from scanner.store import Store
from tests.estate import replay
from tests.estate.server import free_port, wait_for
from tests.estate.test_scan import scan


@dataclass(frozen=True)
class Scanned:
    """A scanned estate: where it runs, and where its database is."""

    endpoint: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "strays.duckdb"

    def things(self, condition: str) -> list[Stray]:
        """Return resources as if they were strays, whoever owns them."""
        with Store.open(self.database, read_only=True) as store:
            return from_rows(store, catalog.load(), condition)


@pytest.fixture(scope="package")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanned]:
    folder = tmp_path_factory.mktemp("estate")
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        wait_for(endpoint, 30)
        scan(replay(endpoint, folder), folder)
        yield Scanned(endpoint, folder)
    finally:
        server.kill()  # asked nicely, it waits for the connections that Terraform left open
        server.wait(10)
