"""The scanned estate as strays: its resources, whoever owns them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner import catalog
from scanner.actions.chosen import Stray, from_rows
from scanner.store import Store
from tests.estate.shared import ScannedEstate


@dataclass(frozen=True)
class Scanned:
    """A scanned estate: where it runs, and where its database is."""

    endpoint: str
    database: Path

    def things(self, condition: str) -> list[Stray]:
        """Return resources as if they were strays, whoever owns them."""
        with Store.open(self.database, read_only=True) as store:
            return from_rows(store, catalog.load(), condition)


@pytest.fixture(scope="session")
def scanned(estate_scan: ScannedEstate) -> Scanned:
    return Scanned(estate_scan.estate.endpoint, estate_scan.database)
