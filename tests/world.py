"""A world of its own per test: a fresh account on a shared emulator, and scans of it."""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from benchmarks.simulator import FIRST_ACCOUNT
from scanner import catalog, cross_check
from scanner.aws import Aws
from scanner.clients import Clients
from scanner.collect import Collector
from scanner.config import ScanConfig
from scanner.grants import scan_grant
from scanner.jobs import Errand, Plan
from scanner.model import Account
from scanner.shards import WorkFolder
from scanner.store import Store
from scanner.targets import choose_accounts, entrance

IMAGE = "ami-12c6146b"
"""The public image that the emulator knows."""
IMAGES = Path(__file__).with_name("public_images.json")
"""What it knows of it."""


class Quiet:
    """A progress that shows nothing."""

    def planned(self, accounts: int) -> None: ...

    def entered(self, cells: int) -> None: ...

    def done(self, cells: int, calls: int) -> None: ...

    def account_done(self, account: Account) -> None: ...


def endpoints() -> frozenset[tuple[str, str]]:
    """Return where the environment says that AWS is."""
    return frozenset(pair for pair in os.environ.items() if pair[0].startswith("AWS_ENDPOINT_URL"))


@lru_cache(maxsize=4)
def clients(_: frozenset[tuple[str, str]]) -> Clients:
    """Return this process's clients of some endpoints: a call's place says whose it is.

    To make the clients of a scan of one type costs 0.2 s of CPU, to list it a tenth of that.
    """
    return Clients(None, None, threads=32)


@dataclass
class World:
    """One account of the emulator with the environment of the process set to it."""

    endpoint: str
    account_id: str
    credentials: dict[str, str] = field(repr=False)
    folder: Path

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """Return a boto3 client of this account."""
        return boto3.client(
            service, region_name=region, endpoint_url=self.endpoint, **self.credentials
        )

    def other(self, account_id: str) -> World:
        """Return another account of the emulator; the environment stays this one's."""
        return replace(
            self, account_id=account_id, credentials=_credentials(self.endpoint, account_id)
        )

    def collect(self, *types: str, regions: tuple[str, ...] = ("us-east-1",), **scan: Any) -> Store:
        """Collect these types (globs) into a database in memory: nothing is resolved yet.

        `scan` holds further keys of [scan]; without `bulk_tags` the types' own calls tell the tags.
        """
        aws, everything = Aws(), catalog.load()
        aws._clients = clients(endpoints())
        settings = ScanConfig(regions=list(regions), **{"bulk_tags": False, **scan})
        chosen = choose_accounts(aws, settings)
        entries = everything.matching(types)
        grant = scan_grant(settings, entries)
        readers = cross_check.readers(settings, everything)
        plan = Plan(everything, entries, grant, readers, 32, settings.bulk_tags, settings.hints)
        work = WorkFolder.create(self.folder, {}, chosen.caller.arn)
        collector = Collector(aws, plan, entrance(aws, settings, chosen.caller), work)
        with closing(collector):
            for account in chosen.accounts:
                collector.account(Errand(account), Quiet())
        store = Store.memory()
        store.run(
            "INSERT INTO scan VALUES (?, 'running', ?, NULL, 'test', NULL, NULL)",
            [work.manifest.scan_id, work.manifest.started_at],
        )
        store.load(work.manifest.scan_id, work.shards)
        return store


def _credentials(endpoint: str, account: str) -> dict[str, str]:
    """Return credentials for an account of the emulator, which any role gives."""
    root = boto3.client(
        "sts", region_name="us-east-1", endpoint_url=endpoint,
        aws_access_key_id="root", aws_secret_access_key="root",
    )  # fmt: skip
    answer = root.assume_role(RoleArn=f"arn:aws:iam::{account}:role/any", RoleSessionName="test")
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def make_world(endpoint: str, folder: Path, patch: pytest.MonkeyPatch) -> World:
    """Return a world in an account of random number, used by no other test."""
    account = f"{secrets.randbelow(10**12):012d}"
    credentials = _credentials(endpoint, account)
    for name, value in credentials.items():
        patch.setenv(name.upper(), value)
    patch.setenv("AWS_ENDPOINT_URL", endpoint)
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return World(endpoint, account, credentials, folder)


def simulated_world(endpoint: str, folder: Path, patch: pytest.MonkeyPatch) -> World:
    """Return the world of the account that manages a simulated organization."""
    credentials = {
        "aws_access_key_id": "simulated",
        "aws_secret_access_key": "simulated",
    }
    for name, value in credentials.items():
        patch.setenv(name.upper(), value)
    patch.setenv("AWS_ENDPOINT_URL", endpoint)
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return World(endpoint, str(FIRST_ACCOUNT), credentials, folder)
