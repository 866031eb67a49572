"""Botocore's service models as plain data: operations, shapes, paginators, endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore
import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import BotoCoreError

Ref = dict[str, Any]
Shape = dict[str, Any]

LOADER = botocore.session.get_session().get_component("data_loader")
VERSION: str = botocore.__version__
PROBES = ("us-east-1", "eu-west-1", "ap-southeast-2")
"""Regions whose endpoints are compared to tell whether a service is global."""


@dataclass(frozen=True, eq=False)
class Service:
    """One service's model; a `Ref` names a shape in it."""

    name: str
    model: dict[str, Any]
    paginators: dict[str, Any]

    @property
    def service_id(self) -> str:
        """The service's own name, as in `Elastic Load Balancing v2`."""
        return str(self.model["metadata"]["serviceId"])

    @property
    def signing_names(self) -> tuple[str, ...]:
        """The names under which IAM may know the service, the likeliest first."""
        metadata = self.model["metadata"]
        found = (metadata.get("signingName"), metadata["endpointPrefix"], self.name)
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def operations(self) -> dict[str, Any]:
        """The operations by name."""
        found: dict[str, Any] = self.model["operations"]
        return found

    def shape(self, ref: Ref) -> Shape:
        """Return the shape that a reference names."""
        found: Shape = self.model["shapes"][ref["shape"]]
        return found

    def members(self, ref: Ref | None) -> dict[str, Ref]:
        """Return the members of a structure; none for anything else."""
        found: dict[str, Ref] = self.shape(ref).get("members", {}) if ref else {}
        return found

    def kind(self, ref: Ref) -> str:
        """Return the type of a shape: structure, list, string, timestamp ..."""
        return str(self.shape(ref)["type"])


def services() -> Iterator[Service]:
    """Yield every service of the installed botocore, sorted by name."""
    for name in sorted(LOADER.list_available_services("service-2")):
        yield service(name)


@cache
def service(name: str) -> Service:
    """Return one service."""
    model = LOADER.load_service_model(name, "service-2")
    return Service(name, model, _optional(name, "paginators-1").get("pagination", {}))


def _optional(name: str, kind: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = LOADER.load_service_model(name, kind)
    except BotoCoreError:
        return {}
    return found


def home_region(name: str) -> str | None:
    """Return the one region that serves a global service, None for a regional one.

    A service is global where its rules give every region the same endpoint, or none but one.
    """
    rules = _optional(name, "endpoint-rule-set-1")
    if not rules:
        return None
    provider = EndpointProvider(rules, LOADER.load_data("partitions"))
    found = [_endpoint(provider, rules, region) for region in PROBES]
    urls = {url for url, _ in found}
    if None in urls or len(urls) != 1:
        return None
    return found[0][1] or "us-east-1"


def _endpoint(provider: Any, rules: dict[str, Any], region: str) -> tuple[str | None, str | None]:
    given = {"Region": region, "UseFIPS": False, "UseDualStack": False, "UseGlobalEndpoint": False}
    known = {name: value for name, value in given.items() if name in rules["parameters"]}
    try:
        endpoint = provider.resolve_endpoint(**known)
    except BotoCoreError:
        return None, None
    schemes = endpoint.properties.get("authSchemes", [{}])
    return endpoint.url, next((s["signingRegion"] for s in schemes if "signingRegion" in s), None)
