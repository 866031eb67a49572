"""The estate as it is, and a replay of its own after somebody changed it by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner.config import Config
from tests.drift.hand import SCANNED, change_by_hand
from tests.estate import Estate, replay
from tests.estate.clients import PRODUCTION, Clients
from tests.estate.server import moto
from tests.estate.shared import ScannedEstate, scan


@dataclass(frozen=True)
class Drifting:
    """One estate and the database of its scan; the process's environment reads its states."""

    estate: Estate
    database: Path

    def config(self) -> Config:
        sources = [{"from": uri} for uri in self.estate.state_uris]
        told = {
            "database": str(self.database),
            "terraform": sources,
            "scan": {"role_name": "Audit"},
        }
        return Config.model_validate(told)


@pytest.fixture(scope="session")
def changed_estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drifting]:
    folder = tmp_path_factory.mktemp("changed")
    with moto() as endpoint:
        estate = replay(endpoint, folder)
        change_by_hand(endpoint)
        scan(estate, folder, more=("--account", PRODUCTION, "--type", ",".join(SCANNED)))
        yield Drifting(estate, folder / "strays.duckdb")


@pytest.fixture
def untouched(
    estate_scan: ScannedEstate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Drifting:
    """The scanned estate, in a copy of its database that may be written to."""
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(estate_scan.database.read_bytes())
    return _entered(Drifting(estate_scan.estate, copy), monkeypatch)


@pytest.fixture
def changed(changed_estate: Drifting, monkeypatch: pytest.MonkeyPatch) -> Drifting:
    """The changed estate; its way in is set."""
    return _entered(changed_estate, monkeypatch)


def _entered(drifting: Drifting, monkeypatch: pytest.MonkeyPatch) -> Drifting:
    estate = drifting.estate
    for name, value in Clients(estate.endpoint).credentials(estate.state_account).items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", estate.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return drifting
