"""Where a call goes, and what it may call: the context that one client per service reads.

A client's credentials ask for the current place whenever a request is signed, an event sets the
region before the endpoint is resolved, and another refuses what is outside the place's grant
before it is sent. Threads do not inherit context variables, so a place is set around each call.
"""

from __future__ import annotations

import contextvars
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import botocore.session
from botocore.credentials import Credentials

from scanner.errors import GrantError


@dataclass(frozen=True)
class Grant:
    """What may be called: (service, operation) pairs. All else is refused before it is sent.

    `name` is that of the policy that `strays policy --grant` prints for it.
    `within` (`BUCKET/PREFIX/`) binds calls to S3: each names that bucket and a key below there.
    """

    name: str
    allowed: frozenset[tuple[str, str]]
    within: str | None = None

    @cached_property
    def operations(self) -> dict[str, set[str]]:
        """What may be called of each service."""
        found: dict[str, set[str]] = defaultdict(set)
        for service, operation in self.allowed:
            found[service].add(operation)
        return dict(found)


@dataclass(frozen=True)
class Place:
    """Where a call goes: an account by its credentials, and a region."""

    account_id: str
    region: str
    credentials: Credentials
    grant: Grant


GLOBAL_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-northwest-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
}
"""The region that serves a partition's global services (botocore's `implicitGlobalRegion`)."""

IDENTITY = Grant("identity", frozenset({("sts", "GetCallerIdentity")}))
ASSUME = Grant("assume", frozenset({("sts", "AssumeRole")}))
REGIONS = Grant("scan", frozenset({("ec2", "DescribeRegions")}))
ORGANIZATION = Grant(
    "organization",
    frozenset(
        {
            ("organizations", "ListAccountsForParent"),
            ("organizations", "ListOrganizationalUnitsForParent"),
            ("organizations", "ListRoots"),
            ("organizations", "ListTagsForResource"),
        }
    ),
)

_current: contextvars.ContextVar[Place] = contextvars.ContextVar("place")


class PlacedCredentials(Credentials):
    """Credentials of whatever place the current context calls."""

    def __init__(self) -> None:
        super().__init__("strays", "strays")

    def get_frozen_credentials(self) -> Any:
        """Return the current place's credentials, renewed where that is due."""
        return _current.get().credentials.get_frozen_credentials()

    def get_deferred_property(self, property_name: str) -> Callable[[], Any]:
        """Return a function that reads a property of them (the account id, for endpoints)."""
        return lambda: getattr(self.get_frozen_credentials(), property_name, None)


@contextmanager
def calling(place: Place) -> Iterator[None]:
    """Make calls of this thread go to a place, inside the `with`."""
    token = _current.set(place)
    try:
        yield
    finally:
        _current.reset(token)


def granted(service: str) -> set[str]:
    """Return the operations of a service that the current place's grant allows, if there is one."""
    place = _current.get(None)
    return place.grant.operations.get(service, set()) if place else set()


def set_region(builtins: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Botocore's `before-endpoint-resolution`: put the current region where it is looked for."""
    region = _current.get().region
    builtins["AWS::Region"] = region
    context["client_region"] = region
    context.setdefault("signing", {})["region"] = region


def refuse_outside_grant(model: Any, **_: Any) -> None:
    """Botocore's `before-call`: raise `GrantError` for what the current grant does not hold."""
    discovery = model.service_model.endpoint_discovery_operation
    if discovery is not None and model.name == discovery.name:
        return  # botocore's own look-up of an address: it reads and changes nothing
    grant = _current.get().grant
    called = (model.service_model.service_name, model.name)
    if called not in grant.allowed:
        raise GrantError(f"{called[0]}:{called[1]} is outside the grant {grant.name!r}")


def refuse_outside_prefix(params: dict[str, Any], model: Any, **_: Any) -> None:
    """Botocore's `before-parameter-build.s3`: raise `GrantError` for a key outside the grant's."""
    within = _current.get().grant.within
    if within is None:
        return
    key = params.get("Key", params.get("Prefix", ""))
    place = f"{params.get('Bucket')}/{key}"
    finding_region = model.name == "HeadBucket" and within.startswith(place)
    if not (place.startswith(within) or finding_region):
        raise GrantError(f"s3:{model.name} of {place} is outside {within}, all that it may touch")


@cache
def known_regions(service: str, partition: str) -> frozenset[str]:
    """Return the regions where botocore's data says a service exists; empty: unknown."""
    return frozenset(_models().get_available_regions(service, partition))


@cache
def _models() -> botocore.session.Session:
    return botocore.session.get_session()
