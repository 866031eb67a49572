"""A shared client sends what a client of that region and account alone would send.

Every service of botocore, in a region of AWS's main partition and in one of another, by turns;
`STRAYS_EQUIVALENCE=full` takes every region of every partition, known to have the service or not
(minutes; run it when botocore moves).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.credentials import Credentials

from scanner.clients import Clients
from scanner.errors import GrantError
from scanner.places import Grant, Place, calling
from tests.aws.signing import ACCOUNT, least_call, sent, stop

FULL = os.environ.get("STRAYS_EQUIVALENCE") == "full"
KEYS = ("AKIAEXAMPLE", "secret", "token")


class Everything(frozenset[tuple[str, str]]):
    """A grant of all calls."""

    def __contains__(self, called: object) -> bool:
        return True


ALL = Grant("all", Everything())


@cache
def alone() -> Any:
    """A session of botocore's own, whose clients are made for one region each."""
    session: Any = botocore.session.Session()
    session.set_credentials(*KEYS, account_id=ACCOUNT)
    session.set_default_client_config(shared()._config)
    return session


@cache
def shared() -> Clients:
    return Clients(None, None, 32)


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """Let go of the clients of all services: every collection of garbage would walk them."""
    yield
    alone.cache_clear()
    shared.cache_clear()


def place(region: str) -> Place:
    return Place(ACCOUNT, region, Credentials(*KEYS, account_id=ACCOUNT), ALL)


def regions(service: str) -> Iterator[str]:
    """The regions to compare in."""
    partitions = [each for each in alone().get_available_partitions() if _regions("ec2", each)]
    if FULL:
        yield from (region for each in partitions for region in _regions("ec2", each))
        return
    turn = sum(service.encode())
    for partition in ("aws", partitions[turn % len(partitions)]):
        if known := _regions(service, partition) or _regions("ec2", partition):
            yield known[turn % len(known)]


def _regions(service: str, partition: str) -> list[str]:
    found: list[str] = alone().get_available_regions(service, partition)
    return found


def differences(service: str) -> Iterator[str]:
    for region in regions(service):
        here = place(region)
        ours = stop(shared().get(service, here))
        theirs = stop(alone().create_client(service, region_name=region))
        operation, params = least_call(theirs.meta.service_model)
        with calling(here):
            found = sent(ours, operation, params)
        wanted = sent(theirs, operation, params)
        if found != wanted:
            yield f"{service} {region} {operation}: {found} is not {wanted}"


SERVICES = sorted(botocore.session.get_session().get_available_services())


@pytest.mark.parametrize("start", [*"abcdefghijklmnopqrstuvwxyz"])
def test_calls_go_where_a_client_of_their_own_would_send_them(start: str) -> None:
    mine = [service for service in SERVICES if service.startswith(start)]
    assert [each for service in mine for each in differences(service)] == []


@pytest.mark.parametrize(
    ("service", "region"),
    [
        ("health", "cn-north-1"),
        ("importexport", "us-gov-east-1"),
        ("savingsplans", "us-isof-east-1"),
    ],
)
def test_region_that_botocore_signs_for_elsewhere_has_its_own_client(
    service: str, region: str
) -> None:
    assert shared().get(service, place(region)) is not shared().get(service)
    assert shared().get(service, place("us-east-1")) is shared().get(service)


def test_service_whose_endpoints_are_discovered_has_a_client_per_account_and_region() -> None:
    one, two = place("us-east-1"), place("eu-west-1")
    three = Place("210987654321", "us-east-1", one.credentials, ALL)
    found = {id(shared().get("timestream-query", each)) for each in (one, two, three)}
    assert len(found) == 3
    assert shared().get("timestream-query", one) is shared().get("timestream-query", one)


def test_directory_buckets_ask_for_a_session_that_no_scan_is_granted() -> None:
    listing = Grant("scan", frozenset({("s3", "ListObjectsV2")}))
    here = Place(ACCOUNT, "us-east-1", Credentials(*KEYS), listing)
    client = shared().get("s3", here)
    with calling(here), pytest.raises(GrantError, match="CreateSession"):
        client.list_objects_v2(Bucket="things--use1-az4--x-s3")
