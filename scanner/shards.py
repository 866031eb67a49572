"""Shards: what a scan has collected so far, as Parquet files that survive a kill.

A work folder holds `manifest.json` (the scan's id and scope, minted once) and one folder per
account under `shards/`, made beside them under `unfinished/` and renamed into place when it is
whole, so that a kill at any moment leaves nothing torn where `load` looks. Whoever finds the
folder can load it without calling AWS. What a budget cut is a part of a shard (`scanner/parts.py`).
`scanner/shards_s3.py` keeps the same in S3.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from scanner import __version__, parts
from scanner.clock import utc_now
from scanner.errors import StoreError
from scanner.parts import LEFT
from scanner.shard_files import Cut, Left, Tables, left_of, write_shard


@dataclass(frozen=True)
class Manifest:
    """What a work folder is: which scan, begun when, over what."""

    scan_id: str
    started_at: datetime
    strays_version: str
    caller_arn: str | None
    scope: dict[str, Any]

    @classmethod
    def new(cls, scope: dict[str, Any], caller_arn: str | None) -> Manifest:
        """Return the manifest of a scan that begins now; its id sorts as scans happen.

        After the dash: the microseconds, since quick scans share a second, and a bit of chance.
        """
        started = utc_now()
        scan_id = f"{started:%Y%m%dT%H%M%S}-{started.microsecond:05x}{secrets.token_hex(2)}"
        return cls(scan_id, started, __version__, caller_arn, scope)

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps({**asdict(self), "started_at": self.started_at.isoformat()}, default=str)

    @classmethod
    def parse(cls, text: str | bytes) -> Manifest:
        """Return the manifest in a JSON text; raises `ValueError` or `TypeError` for another."""
        data = json.loads(text)
        if not isinstance(data, dict) or "started_at" not in data:
            raise ValueError("it is no manifest")
        scan_id = str(data.get("scan_id"))
        if not re.fullmatch(r"[\w-]+", scan_id):  # it stands in SQL and in paths
            raise ValueError(f"{scan_id!r} is no scan's id")
        return cls(**{**data, "started_at": datetime.fromisoformat(data["started_at"])})


class Work(Protocol):
    """Where the shards of one scan lie: a folder, or a prefix in S3."""

    @property
    def manifest(self) -> Manifest:
        """Which scan it is."""

    @property
    def address(self) -> str:
        """How another process finds it."""

    def names(self) -> set[str]:
        """Return the names of the parts of shards that are there (`scanner/parts.py`)."""

    def has(self, shard: str, run: int = 1) -> bool:
        """Whether the part of a shard from a run is there, which is then as that run left it."""

    def write(self, name: str, tables: Tables, cut: Cut | None = None) -> None:
        """Write one part at once or not at all; one that is there already stays."""

    def left(self, name: str) -> Left:
        """Return what a part that was cut has left to do."""

    def local(self) -> Any:
        """Return a context with a folder of the shards as Parquet files (`NAME/TABLE.parquet`)."""

    def finish(self) -> None:
        """Say that the shards are needed no more: nobody resumes or loads them by themselves."""


class WorkFolder:
    """The folder of one scan's shards."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @property
    def address(self) -> str:
        """The folder's path, which processes elsewhere can use where the disk is shared."""
        return str(self.path.absolute())

    @property
    def shards(self) -> Path:
        """The folder with one folder of Parquet files per account."""
        return self.path / "shards"

    @classmethod
    def create(cls, parent: Path, scope: dict[str, Any], caller_arn: str | None) -> WorkFolder:
        """Make a new work folder below `parent`; its name is the new scan's id."""
        manifest = Manifest.new(scope, caller_arn)
        folder = cls(parent / manifest.scan_id, manifest)
        try:
            folder.shards.mkdir(parents=True)
            _write_whole(folder.path / "manifest.json", manifest.text())
        except OSError as error:
            raise StoreError(
                f"no work folder can be made at {folder.path} ({error.strerror}): "
                "choose a folder you may write to (--db, --work)"
            ) from error
        return folder

    @classmethod
    def read(cls, path: Path) -> WorkFolder:
        """Open a work folder; raises `StoreError` where it is none."""
        try:
            return cls(path, Manifest.parse((path / "manifest.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise StoreError(f"{path} is no work folder of a scan: {error}") from error

    @classmethod
    def newest(cls, parent: Path) -> WorkFolder | None:
        """Return the newest work folder below `parent`, or None."""
        found = sorted(parent.glob("*/manifest.json")) if parent.is_dir() else []
        return cls.read(found[-1].parent) if found else None

    def names(self) -> set[str]:
        """Return the names of the parts of shards."""
        return {path.name for path in self.shards.iterdir()}

    def has(self, shard: str, run: int = 1) -> bool:
        """Whether the part of a shard from a run is there."""
        return any((self.shards / part.name).is_dir() for part in parts.of_run(shard, run))

    def left(self, name: str) -> Left:
        """Return what a part that was cut has left to do."""
        return left_of((self.shards / name / LEFT).read_text("utf-8"))

    def write(self, name: str, tables: Tables, cut: Cut | None = None) -> None:
        """Write one part at once; where another process was quicker, its part stays.

        Raises `StoreError` where it cannot be written.
        """
        unfinished = self.path / "unfinished" / f"{name}.{secrets.token_hex(4)}"
        try:
            unfinished.mkdir(parents=True)
            write_shard(unfinished, tables, cut)
            self._put(unfinished, name)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise StoreError(
                f"a shard cannot be written to {self.path}: {error}; what was collected stays,"
                " `strays scan --resume` goes on with it"
            ) from error

    def _put(self, unfinished: Path, name: str) -> None:
        try:
            unfinished.rename(self.shards / name)
        except OSError:
            if not (self.shards / name).is_dir():
                raise
            shutil.rmtree(unfinished, ignore_errors=True)

    @contextmanager
    def local(self) -> Iterator[Path]:
        """Give the folder itself."""
        yield self.shards

    def finish(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
