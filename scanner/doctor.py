"""What a long scan would trip over, said in seconds before it starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner import catalog, pipeline
from scanner.aws import Aws
from scanner.claims.sources import open_sources
from scanner.claims.terraform import read_states
from scanner.config import Config
from scanner.errors import StoreError, StraysError
from scanner.model import Outcome
from scanner.store import Store
from scanner.targets import Targets, resolve_targets


@dataclass(frozen=True)
class Finding:
    """One thing looked at: well or not, and what was seen."""

    what: str
    well: bool
    said: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.well else 'FAIL'} {self.what}: {self.said}"


def examine(config: Config) -> Iterator[Finding]:
    """Yield what was found of the database, types, credentials, accounts, regions and states."""
    yield _database(config)
    try:
        yield Finding(
            "types",
            True,
            f"{len(pipeline.chosen_entries(config))} chosen of {len(catalog.load().entries)}",
        )
        aws = Aws(config.scan.profile, config.scan.threads)
        caller = aws.caller()
        yield Finding("credentials", True, f"{caller.arn} in partition {caller.partition}")
        targets = resolve_targets(aws, config.scan)
    except StraysError as error:
        yield Finding("credentials and accounts", False, str(error))
        return
    yield from _accounts(targets)
    yield from _states(config, aws)


def _database(config: Config) -> Finding:
    path = Path(config.database)
    if not path.exists():
        folder = path.absolute().parent
        return Finding(
            "database",
            folder.is_dir(),
            f"{path} will be made" if folder.is_dir() else f"{folder} does not exist",
        )
    try:
        with Store.open(path, read_only=True, lock_timeout=0) as store:
            scans = store.value("SELECT count(*) FROM scan")
            newest = store.value("SELECT max(scan_id) FROM visible_scan")
    except StoreError as error:
        return Finding("database", False, str(error))
    return Finding("database", True, f"{path} holds {scans} scans, the newest {newest or 'none'}")


def _accounts(targets: Targets) -> Iterator[Finding]:
    for account in targets.accounts:
        well = account.outcome is Outcome.OK
        through = (
            f"through {account.role_arn}" if account.role_arn else "with the caller's credentials"
        )
        said = f"{len(account.regions)} regions, {through}: {', '.join(account.regions)}"
        if well and not account.regions:
            well, said = False, "none of the chosen regions is enabled there"
        yield Finding(
            f"account {account.account_id}", well, said if well else account.message or said
        )
    for text in targets.skipped:
        yield Finding("left out", True, text)


def _states(config: Config, aws: Aws) -> Iterator[Finding]:
    if not config.terraform:
        yield Finding(
            "states", True, "none configured: only stacks and agreed tags will claim (--from)"
        )
        return
    for source in read_states(open_sources(config.terraform, aws), catalog.load()).sources:
        well = source.outcome in ("read", "skipped")
        said = (
            f"{source.claims} claims, serial {source.serial}"
            if source.outcome == "read"
            else source.message
        )
        yield Finding(source.source_id, well, said or source.outcome)
