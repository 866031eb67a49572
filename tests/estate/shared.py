"""The estate on a live emulator, scanned once for every test of a process that looks at it.

Who changes something there needs a replay of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import Estate, replay
from .clients import Clients
from .server import moto


@dataclass(frozen=True)
class ScannedEstate:
    """The estate, the folder with its scan, and the exit code."""

    estate: Estate
    folder: Path
    exit_code: int

    @property
    def database(self) -> Path:
        return self.folder / "strays.duckdb"


@contextmanager
def scanned_estate(folder: Path) -> Iterator[ScannedEstate]:
    """Replay the estate into a fresh emulator and scan it into a folder."""
    with moto() as endpoint:
        estate = replay(endpoint, folder)
        yield ScannedEstate(estate, folder, scan(estate, folder))


def scan(
    estate: Estate, folder: Path, endpoint: str | None = None, more: Sequence[str] = ()
) -> int:
    """Run `strays scan` as a user would, with `more` flags; return its exit code."""
    text = f"""
[scan]
accounts = {json.dumps(list(estate.accounts))}
role_name = "OrganizationAuditRole"
regions = {json.dumps(list(estate.regions))}
"""
    text += "".join(f"[[terraform]]\nfrom = {json.dumps(uri)}\n" for uri in estate.state_uris)
    (folder / "strays.toml").write_text(text)
    key = Clients(estate.endpoint).credentials(estate.state_account)
    environment = {
        **os.environ, **{name.upper(): value for name, value in key.items()},
        "AWS_ENDPOINT_URL": endpoint or estate.endpoint, "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    outputs = ("-o", "json://out.json", "-o", "html://out.html", "-v")
    command = [sys.executable, "-m", "scanner.cli", "scan", *outputs, *more]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    (folder / "messages.txt").write_text(done.stdout + done.stderr)
    assert done.returncode in (0, 1, 3), done.stderr[-2000:]
    return done.returncode
