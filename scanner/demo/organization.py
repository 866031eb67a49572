"""Builds the demo organization: one thread per account, then the states and the configuration."""

import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from scanner.demo import (
    landing_zone,
    production_app,
    production_network,
    sandbox,
    stacks,
    staging,
    strays,
)
from scanner.demo.config import config_text
from scanner.demo.terraform_state import State
from scanner.demo.world import ClientFactory, DemoOrganization, Ledger, Site
from scanner.errors import DemoError

LOCAL_STATES = "states"
"""The folder, within the demo's, of the state that no bucket holds."""


def build(clients: ClientFactory, endpoint: str, folder: Path) -> DemoOrganization:
    """Make the whole organization in the AWS behind `endpoint`, and a local state in `folder`.

    `endpoint` must be a fresh `EmbeddedAWS`; `clients` must send its calls there. Raises DemoError
    where the folder cannot be written to or the endpoint is not ours. What AWS refuses comes back
    as botocore's ClientError: the demo has no answer to it.
    """
    _writable(folder / LOCAL_STATES)
    shared = _cached(clients)
    ledger = Ledger()
    accounts, zone = landing_zone.create_organization(endpoint, shared, ledger)
    with ThreadPoolExecutor(1, thread_name_prefix="demo-landing-zone") as pool:
        furnished = pool.submit(landing_zone.furnish, accounts, shared, zone)
        states = [zone, *_build_accounts(accounts, shared, ledger)]
        credentials = furnished.result()
    security = Site(accounts["security"], "us-east-1", shared)
    local = [state for state in states if state.key == sandbox.KEY]
    _upload(security, [state for state in states if state not in local])
    for state in local:
        path = folder / LOCAL_STATES / state.key
        path.write_text(state.text(serial=7), encoding="utf-8")
    return DemoOrganization(
        endpoint=endpoint,
        credentials=credentials,
        accounts=accounts,
        config_text=config_text(accounts, folder / LOCAL_STATES),
        expected={item.arn: item for item in ledger.things},
        children=tuple(ledger.children),
        missing=tuple(ledger.missing),
        stacks=tuple(ledger.stacks),
    )


def _writable(folder: Path) -> None:
    """Make the folder, and fail before anything is built where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise DemoError(
            f"The demo cannot write to {folder} ({error.strerror}): choose another folder."
        ) from error


def _build_accounts(
    accounts: dict[str, str], clients: ClientFactory, ledger: Ledger
) -> list[State]:
    """Build production, staging and test side by side; returns their states."""

    def production() -> list[State]:
        east = Site(accounts["production"], "us-east-1", clients)
        network, first = production_network.build(east, ledger)
        second = production_app.build(east, ledger, network)
        strays.production(east, ledger)
        return [first, second]

    def unused_region() -> list[State]:
        site = Site(accounts["production"], "ap-southeast-2", clients)
        strays.gpu_burst(site, ledger)
        stacks.reporting(site.at("eu-west-1"), ledger)
        return []

    def staging_account() -> list[State]:
        site = Site(accounts["staging"], "eu-west-1", clients)
        state = staging.build(site, ledger)
        strays.staging(site, ledger)
        stacks.retained(site, ledger)
        return [state]

    def test_account() -> list[State]:
        site = Site(accounts["test"], "eu-central-1", clients)
        strays.test(site.at("us-west-2"), ledger)
        return [sandbox.build(site, ledger)]

    jobs: list[Callable[[], list[State]]] = [
        production,
        unused_region,
        staging_account,
        test_account,
    ]
    with ThreadPoolExecutor(len(jobs), thread_name_prefix="demo") as pool:
        done = [pool.submit(job) for job in jobs]
        return [state for each in done for state in each.result()]


def _upload(site: Site, states: list[State]) -> None:
    """Put the states where their backends would, with a lock and a backup beside them."""
    s3 = site.client("s3")
    for serial, state in enumerate(states, start=11):
        s3.put_object(Bucket=landing_zone.STATE_BUCKET, Key=state.key, Body=state.text(serial))
    lock = json.dumps({"ID": "5c7f1e3a", "Operation": "OperationTypeApply", "Who": "ci@runner"})
    for key, body in (
        (f"{production_app.KEY}.tflock", lock),
        (f"{production_app.KEY}.backup", states[-1].text(3)),
    ):
        s3.put_object(Bucket=landing_zone.STATE_BUCKET, Key=key, Body=body)


def _cached(clients: ClientFactory) -> ClientFactory:
    """One client for each account, service and region, made one at a time.

    Making boto3 clients is not safe between threads, using them is:
    https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients
    """
    made: dict[tuple[str, str, str], Any] = {}
    lock = Lock()

    def client(account_id: str, service: str, region: str) -> Any:
        place = "us-east-1" if region == "global" else region
        with lock:
            key = (account_id, service, place)
            if key not in made:
                made[key] = clients(*key)
            return made[key]

    return client
