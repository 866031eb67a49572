"""The clients of botocore: one per service for all accounts and regions.

Its credentials read the current place from a context variable, and an event sets the region before
the endpoint is resolved. A client for each account and region would cost 4 to 22 ms and its memory
each, a session for each 96 to 251 ms. tests/aws/test_shared_clients.py compares what they sign and
where they send it with clients of one region, over all services and regions.
"""

from __future__ import annotations

import gc
import threading
from typing import Any, cast
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config as BotoConfig
from botocore.exceptions import DataNotFoundError

from scanner.answers import Answers
from scanner.places import (
    GLOBAL_REGIONS,
    Place,
    PlacedCredentials,
    refuse_outside_grant,
    refuse_outside_prefix,
    set_region,
)
from scanner.service_models import Models, method_of_model
from scanner.transport import Connections, as_moment

_AWS_DOMAINS = tuple(
    ".amazonaws.com .amazonaws.com.cn .amazonaws.eu .api.aws .c2s.ic.gov .sc2s.sgov.gov "
    ".cloud.adc-e.uk .csp.hci.ic.gov".split()
)


class Clients:
    """Makes a service's client on first use. `profile` and `region` are the caller's own.

    `lasting` ones live as long as their process, so garbage collections need not walk them. Others
    must be let go of with this object: frozen garbage stays for ever.
    """

    def __init__(
        self, profile: str | None, region: str | None, threads: int, *, lasting: bool = False
    ) -> None:
        self._lasting = lasting
        self._region = region or GLOBAL_REGIONS["aws"]
        self._core = cast("Any", botocore.session.Session(profile=profile))
        self._core._credentials = PlacedCredentials()
        self._core.register("before-call", refuse_outside_grant)
        self._core.register("before-parameter-build.s3", refuse_outside_prefix)
        self._core.register("getattr", method_of_model)
        self._core.get_component("data_loader").file_loader = Models()
        self._core.register_component("response_parser_factory", Answers(as_moment))
        self._config = BotoConfig(
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=max(threads, 10),
            connect_timeout=10,
            read_timeout=60,
            user_agent_extra="strays",
        )
        self._connections: Connections | None = None
        self._clients: dict[str, Any] = {}
        self._paging: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._at_aws: dict[str, bool] = {}
        self._chosen: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    @property
    def profile(self) -> str | None:
        """The profile that the session read."""
        name: str | None = self._core.profile
        return name

    def get(self, service: str, place: Place | None = None) -> Any:
        """Return the client that calls of a service at a place go through.

        Nearly always the one of the service. A region where botocore's data names another signer
        (Health in Beijing) has its own, and a service whose endpoints have to be discovered has
        one per account and region: it would keep the first one's endpoint for all (Timestream).
        """
        if place is None:
            return self._kept(service, service)
        return self._chosen.get((service, place.region)) or self._choose(service, place)

    def forget(self, account_id: str) -> None:
        """Drop the clients that serve one account only."""
        with self._lock:
            for key in [key for key in self._clients if f" {account_id} " in key]:
                del self._clients[key]

    def _choose(self, service: str, place: Place) -> Any:
        client = self._kept(service, service)
        if client.meta.service_model.endpoint_discovery_required:
            return self._kept(f"{service} {place.account_id} {place.region}", service)
        if is_aws(client) and self._signs_elsewhere(client, place.region):
            client = self._kept(f"{service} {place.region}", service, place.region)
        self._chosen[service, place.region] = client
        return client

    def _signs_elsewhere(self, client: Any, region: str) -> bool:
        """Whether a region's endpoint signs for another region or by another name."""
        resolver = self._core._get_internal_component("endpoint_resolver")
        endpoint = resolver.construct_endpoint(client.meta.service_model.endpoint_prefix, region)
        scope = (endpoint or {}).get("credentialScope", {})
        name = client.meta.service_model.signing_name
        shared = client._request_signer.signing_name
        return bool(scope.get("region", region) != region or scope.get("service", name) != shared)

    def at_aws(self, service: str) -> bool:
        """Whether AWS itself answers for a service, not an endpoint of one's own."""
        found = self._at_aws.get(service)
        if found is None:
            found = self._at_aws[service] = is_aws(self.get(service))
        return found

    def paging(self, service: str, operation: str) -> dict[str, Any] | None:
        """Return botocore's paging of an operation, None where it knows none."""
        if (service, operation) not in self._paging:
            self._paging[service, operation] = self._paging_of(service, operation)
        return self._paging[service, operation]

    def _paging_of(self, service: str, operation: str) -> dict[str, Any] | None:
        loader = self._core.get_component("data_loader")
        try:
            found: dict[str, Any] = loader.load_service_model(service, "paginators-1")
        except DataNotFoundError:
            return None
        return cast("dict[str, Any] | None", found["pagination"].get(operation))

    def _kept(self, key: str, service: str, region: str | None = None) -> Any:
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(service, region)
                if self._lasting:
                    gc.freeze()
            return self._clients[key]

    def _make(self, service: str, own_region: str | None) -> Any:
        """Return a client of one region, or of all where none is given."""
        region = own_region or self._region
        client = self._create(service, region)
        if not is_aws(client):
            # Given by name, an endpoint of one's own also switches endpoint discovery off.
            client = self._create(
                service,
                region,
                endpoint_url=client.meta.endpoint_url,
                config=self._config.merge(BotoConfig(inject_host_prefix=False)),
            )
        if self._connections is None:
            self._connections = Connections(client._endpoint.http_session)
        client._endpoint.http_session = self._connections
        name = client.meta.service_model.service_id.hyphenize()
        _keep_own_handlers(client, name)
        _keep_user_agent(client, name)
        if own_region is None:
            client.meta.events.register_first(f"before-endpoint-resolution.{name}", set_region)
        return client

    def _create(self, service: str, region: str, **given: Any) -> Any:
        return self._core.create_client(
            service, region_name=region, **{"config": self._config, **given}
        )


def _keep_own_handlers(client: Any, name: str) -> None:
    """Drop the other services' handlers, of which botocore makes each client a copy of its own."""
    events = client.meta.events._emitter._handlers._root["children"]
    events.pop("docs", None)
    for event in events.values():
        of_services = event["children"].items()
        event["children"] = {of: those for of, those in of_services if of in (name, "*")}


def _keep_user_agent(client: Any, name: str) -> None:
    """Make the User-Agent once: botocore makes it twice a call, a tenth of what a call costs."""
    creator = client._user_agent_creator
    client.meta.events.unregister(
        f"request-created.{name}", creator.rebuild_and_replace_user_agent_handler
    )
    text = creator.to_string()
    creator.to_string = lambda: text


def is_aws(client: Any) -> bool:
    """Whether a client talks to AWS itself, not to an endpoint of one's own."""
    host = urlsplit(client.meta.endpoint_url).hostname or ""
    return any(host.endswith(suffix) for suffix in _AWS_DOMAINS)
