"""`--resume`: which work goes on, over what it was begun with.

A resumed scan is one scan: of the accounts, regions and types that its manifest names, whatever the
flags of the command that goes on with it leave out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scanner import __version__
from scanner.aws import Aws
from scanner.catalog.language import Entry
from scanner.config import Config, ScanConfig, duration
from scanner.errors import UsageError
from scanner.model import Account
from scanner.shards import Work
from scanner.targets import Chosen
from scanner.work import newest_work, parent_of

log = logging.getLogger(__name__)

ANY = ["*"]


def scope_of(config: Config, chosen: Chosen, entries: Iterable[Entry]) -> dict[str, Any]:
    """Return what a manifest and the table `scan` say of what a scan is of."""
    scan = config.scan
    return {
        "accounts": [account.account_id for account in chosen.accounts],
        "regions": scan.regions or ANY,
        "types": [entry.type for entry in entries],
        "all_types": scan.all_types,
        "role_name": scan.role_name,
        "sources": [source.from_ for source in config.terraform],
        "skipped": list(chosen.skipped),
        **_bounds(scan),
    }


def _bounds(scan: ScanConfig) -> dict[str, Any]:
    """Return how old a look may be that a verdict rests on, as the view `cell` reads it."""
    oldest = scan.max_age or (scan.full_after if scan.since else None)
    if oldest is None:
        return {}
    return {"max_age": oldest, "max_age_seconds": int(duration(oldest).total_seconds())}


def work_to_resume(config: Config, aws: Aws, loaded: str | None) -> Work:
    """Return the newest work that is not done; `loaded` is the newest scan in the database.

    Raises `UsageError` where there is none, or it cannot be gone on with.
    """
    found = newest_work(config, aws)
    if found is None:
        raise UsageError(f"there is nothing to resume below {parent_of(config)}")
    begun = found.manifest
    if loaded and begun.scan_id < loaded:
        raise UsageError(
            f"there is nothing to resume: {begun.scan_id}, which was stopped, is older than"
            f" {loaded}; `strays load {found.address}` loads what it has"
        )
    if begun.strays_version != __version__:
        raise UsageError(
            f"{begun.scan_id} was begun by Strays {begun.strays_version}, this is {__version__}:"
            " go on with that one, or begin anew without --resume"
        )
    if config.scan.since and "max_age" not in begun.scope:
        raise UsageError(f"{begun.scan_id} was begun without --since: go on with it without")
    return found


def as_begun(config: Config, work: Work) -> Config:
    """Return the configuration as a work was begun with, which names its types and accounts."""
    scope, scan = work.manifest.scope, config.scan
    begun = {
        "regions": [] if scope["regions"] == ANY else scope["regions"],
        "all_types": scope["all_types"],
        "role_name": scan.role_name or scope["role_name"],
    }
    return config.model_copy(update={"scan": scan.model_copy(update=begun)})


def accounts_as_begun(chosen: Chosen, work: Work) -> Chosen:
    """Return the accounts that a work was begun with, as they are now where they still are."""
    begun = work.manifest.scope["accounts"]
    known = {account.account_id: account for account in chosen.accounts}
    if known.keys() != set(begun):
        log.warning("--resume: %d accounts, as the scan was begun with", len(begun))
    accounts = (known.get(each) or Account(each, chosen.caller.partition) for each in begun)
    return replace(chosen, accounts=tuple(accounts))
