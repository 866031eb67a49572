"""Where the shards of scans lie: a folder or a prefix in S3, told apart by their address."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from scanner.aws import Aws
from scanner.config import Config
from scanner.errors import StoreError
from scanner.running import only_one
from scanner.shards import Work, WorkFolder
from scanner.shards_s3 import SCHEME, Prefix, WorkPrefix


def parent_of(config: Config) -> str:
    """Return the address below which the works of running scans lie."""
    return config.work or f"{config.database}.work"


def alone(config: Config, work: Work | None = None) -> AbstractContextManager[None]:
    """Hold what one scan of this database holds, or who loads a work: the folder it lies in.

    Beside the database where the work is in S3. Raises `LockedError` where another has it, and
    `StoreError` where nothing could be stored. Where nothing may be written (shards brought on a
    disk) no scan runs.
    """
    if not Path(config.database).absolute().parent.is_dir():
        raise StoreError(
            f"the folder of the database {config.database} does not exist: "
            "make it, or choose another with --db"
        )
    parent = str(Path(work.address).parent) if isinstance(work, WorkFolder) else parent_of(config)
    folder = Path(f"{config.database}.work" if parent.startswith(SCHEME) else parent)
    if work and folder.is_dir() and not os.access(folder, os.W_OK):
        return nullcontext()
    return only_one(folder)


def create_work(
    config: Config, scope: dict[str, Any], caller_arn: str | None, aws: Aws | None = None
) -> Work:
    """Begin the work of a new scan; raises `StoreError` where nothing can be written."""
    parent = parent_of(config)
    if parent.startswith(SCHEME):
        return WorkPrefix.create(_prefix(parent, config, aws), scope, caller_arn)
    return WorkFolder.create(Path(parent), scope, caller_arn)


def open_work(address: str, config: Config, aws: Aws | None = None) -> Work:
    """Return the work at an address; raises `StoreError` where there is none."""
    if address.startswith(SCHEME):
        return WorkPrefix.read(_prefix(address, config, aws))
    return WorkFolder.read(Path(address))


def work_of(scan_id: str, config: Config, aws: Aws | None = None) -> Work | None:
    """Return the work of a scan, or None where it has none (any more)."""
    try:
        return open_work(f"{parent_of(config)}/{scan_id}", config, aws)
    except StoreError:
        return None


def newest_work(config: Config, aws: Aws | None = None) -> Work | None:
    """Return the newest work that is not loaded yet, or None."""
    parent = parent_of(config)
    if parent.startswith(SCHEME):
        return WorkPrefix.newest(_prefix(parent, config, aws))
    return WorkFolder.newest(Path(parent))


def _prefix(url: str, config: Config, aws: Aws | None) -> Prefix:
    return Prefix.of(url, aws or Aws(config.scan.profile))
