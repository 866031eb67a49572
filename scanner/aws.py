"""AWS: sessions, one shared client per service, grants, retries, pages, outcomes.

The only module that imports boto3. One client per service serves every account and region: its
credentials read the current place from a context variable, and an event sets the region before
the endpoint is resolved. A client for each would cost 4 to 22 ms and its memory per account and
region, a session for each 96 to 251 ms.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import boto3
import botocore.session
import jmespath
from botocore.config import Config as BotoConfig
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.paginate import Paginator

from scanner import retry
from scanner.errors import CallError, CredentialsError
from scanner.identity import parse_arn
from scanner.model import Outcome
from scanner.places import (
    ASSUME,
    IDENTITY,
    Grant,
    Place,
    PlacedCredentials,
    calling,
    known_regions,
    refuse_outside_grant,
    refuse_outside_prefix,
    set_region,
)

log = logging.getLogger(__name__)

SESSION_NAME = "strays"
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


@dataclass(frozen=True)
class Caller:
    """Who the credentials belong to."""

    account_id: str
    arn: str
    partition: str


_AWS_DOMAINS = tuple(
    ".amazonaws.com .amazonaws.com.cn .amazonaws.eu .api.aws .c2s.ic.gov .sc2s.sgov.gov "
    ".cloud.adc-e.uk .csp.hci.ic.gov".split()
)


class Aws:
    """The door to AWS for one set of starting credentials.

    `profile` is a name from the AWS configuration files; everything else (region, endpoint, CA
    bundle) comes from boto3's own variables and files.
    """

    def __init__(self, profile: str | None = None, threads: int = 32) -> None:
        try:
            self._own = boto3.Session(profile_name=profile)
        except ProfileNotFound as error:
            raise CredentialsError(f"{error}; see `aws configure list-profiles`") from error
        self._core = cast("Any", botocore.session.Session(profile=profile))
        self._core._credentials = PlacedCredentials()
        self._core.register("before-call", refuse_outside_grant)
        self._core.register("before-parameter-build.s3", refuse_outside_prefix)
        self._config = BotoConfig(
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=max(threads, 10),
            connect_timeout=10,
            read_timeout=60,
            user_agent_extra="strays",
        )
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._retry = retry.Retry()
        self.calls = 0

    @property
    def profile(self) -> str | None:
        """The profile that the starting credentials come from."""
        name: str | None = self._core.profile
        return name

    @property
    def region(self) -> str:
        """The caller's own region; us-east-1 where none is set."""
        return self._own.region_name or "us-east-1"

    def own_credentials(self) -> Credentials:
        """Return the starting credentials; raises `CredentialsError` where there are none."""
        try:
            found = self._own.get_credentials()
        except BotoCoreError as error:
            raise CredentialsError(f"AWS credentials cannot be read: {error}") from error
        if found is None:
            raise CredentialsError(
                "no AWS credentials found: set AWS_PROFILE, run `aws sso login`, or give "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        return found

    def caller(self, credentials: Credentials | None = None) -> Caller:
        """Return who the credentials are; raises `CredentialsError` where AWS knows them not."""
        place = Place("", self.region, credentials or self.own_credentials(), IDENTITY)
        try:
            answer = self.call(place, "sts", "GetCallerIdentity")
        except CallError as error:
            if error.outcome != Outcome.DENIED:
                raise CredentialsError(
                    f"AWS cannot be asked whose the credentials are: {error}; look at the network, "
                    "the proxy and AWS_ENDPOINT_URL"
                ) from error
            raise CredentialsError(
                f"AWS does not accept the credentials: {error}; renew them, for example with "
                "`aws sso login`"
            ) from error
        arn = parse_arn(answer["Arn"])
        return Caller(answer["Account"], answer["Arn"], arn.partition if arn else "aws")

    def assume(
        self, role_arn: str, region: str | None = None, external_id: str | None = None
    ) -> Credentials:
        """Return credentials of a role, renewed by themselves before they end.

        Raises `CallError` where the role cannot be assumed.
        """
        place = Place("", region or self.region, self.own_credentials(), ASSUME)
        params = {"RoleArn": role_arn, "RoleSessionName": SESSION_NAME}
        if external_id:
            params["ExternalId"] = external_id

        def refresh() -> dict[str, Any]:
            answer = self.call(place, "sts", "AssumeRole", params)["Credentials"]
            return {
                "access_key": answer["AccessKeyId"],
                "secret_key": answer["SecretAccessKey"],
                "token": answer["SessionToken"],
                "expiry_time": answer["Expiration"].isoformat(),
            }

        return RefreshableCredentials.create_from_metadata(refresh(), refresh, "sts-assume-role")

    def call(
        self, place: Place, service: str, operation: str, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return an operation's answer; raises `CallError` after the retries it deserves."""
        method = self.client(service, place)._make_api_call
        where = retry.Where(place.account_id, place.region, service, operation)

        def attempt() -> dict[str, Any]:
            self.calls += 1
            with calling(place):
                answer: dict[str, Any] = method(operation, dict(params or {}))
            answer.pop("ResponseMetadata", None)
            return answer

        try:
            return self._retry.run(where, attempt)
        except retry.CALL_ERRORS as error:
            raise _as_call_error(error, place, service, operation) from error

    def pages(
        self,
        place: Place,
        service: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        token: tuple[str, str] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield every page of a list, by botocore's paginator or by `token` (request, response).

        Raises `CallError`; the pages before it have been given.
        """
        if token:
            yield from self._by_token(place, service, operation, dict(params or {}), token)
            return
        client = self.client(service, place)
        name = client.meta.method_to_api_mapping
        method = next((python for python, api in name.items() if api == operation), operation)
        if not client.can_paginate(method):
            yield self.call(place, service, operation, params)
            return
        config = self._core.get_component("data_loader").load_service_model(service, "paginators-1")
        paginator = cast("Any", Paginator)(
            lambda **given: self.call(place, service, operation, given),
            config["pagination"][operation],
            client.meta.service_model.operation_model(operation),
        )
        try:
            yield from paginator.paginate(**dict(params or {}))
        except BotoCoreError as error:
            raise _as_call_error(error, place, service, operation) from error

    def _by_token(
        self,
        place: Place,
        service: str,
        operation: str,
        params: dict[str, Any],
        token: tuple[str, str],
    ) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        while True:
            page = self.call(place, service, operation, params)
            yield page
            following = jmespath.search(token[1], page)
            if not following:
                return
            if str(following) in seen:
                raise CallError(
                    f"{service}:{operation} gave the same page token twice",
                    Outcome.FAILED,
                    "RepeatedToken",
                )
            seen.add(str(following))
            params = {**params, token[0]: following}

    def client(self, service: str, place: Place | None = None) -> Any:
        """Return the one client of a service, made on first use.

        Services whose endpoints botocore has to discover get one per account and region: it would
        keep the first one's endpoint for all (Timestream).
        """
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._make_client(service)
            client = self._clients[service]
            if place is None or not client.meta.service_model.endpoint_discovery_required:
                return client
            key = f"{service} {place.account_id} {place.region}"
            if key not in self._clients:
                self._clients[key] = self._make_client(service)
            return self._clients[key]

    def _make_client(self, service: str) -> Any:
        region = GLOBAL_REGIONS["aws"] if not self._own.region_name else self.region
        client = self._core.create_client(service, region_name=region, config=self._config)
        if not _is_aws(client):
            # Given by name, an endpoint of one's own also switches endpoint discovery off.
            client = self._core.create_client(
                service,
                region_name=region,
                endpoint_url=client.meta.endpoint_url,
                config=self._config.merge(BotoConfig(inject_host_prefix=False)),
            )
        hyphenized = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"before-endpoint-resolution.{hyphenized}", set_region)
        return client

    def service_regions(self, service: str, partition: str) -> frozenset[str]:
        """Return the regions where botocore's data says the service exists; empty: unknown.

        With an endpoint of one's own (`AWS_ENDPOINT_URL`) nothing is known.
        """
        if not _is_aws(self.client(service)):
            return frozenset()
        return known_regions(service, partition)


def _is_aws(client: Any) -> bool:
    """Whether a client talks to AWS itself, not to an endpoint of one's own."""
    host = urlsplit(client.meta.endpoint_url).hostname or ""
    return any(host.endswith(suffix) for suffix in _AWS_DOMAINS)


def _as_call_error(
    error: retry.CallFailure, place: Place, service: str, operation: str
) -> CallError:
    code, outcome, text = retry.explain(error)
    account = place.account_id or "the caller's account"
    where = f"{service}:{operation} in {account} {place.region}"
    return CallError(f"{where}: {text}", outcome, code)


__all__ = ["GLOBAL_REGIONS", "Aws", "Caller", "Grant", "Place"]
