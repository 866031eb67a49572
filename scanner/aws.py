"""AWS: starting credentials, roles, calls under a grant with their retries, pages, outcomes.

The only module that imports boto3; the clients themselves are kept in `scanner/clients.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import boto3
import jmespath
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.paginate import Paginator

from scanner import failures
from scanner.clients import Clients
from scanner.errors import CallError, CredentialsError
from scanner.identity import parse_arn
from scanner.model import Outcome
from scanner.pace import Pace, Where
from scanner.places import (
    ASSUME,
    GLOBAL_REGIONS,
    IDENTITY,
    Grant,
    Place,
    calling,
    known_regions,
)
from scanner.retry import Retry

log = logging.getLogger(__name__)

SESSION_NAME = "strays"


@dataclass(frozen=True)
class Caller:
    """Who the credentials belong to."""

    account_id: str
    arn: str
    partition: str


class Aws:
    """The door to AWS for one set of starting credentials.

    `profile` is a name from the AWS configuration files; everything else (region, endpoint, CA
    bundle) comes from boto3's own variables and files. `lasting` says that it lives as long as its
    process.
    """

    def __init__(
        self, profile: str | None = None, threads: int = 32, *, lasting: bool = False
    ) -> None:
        try:
            self._own = boto3.Session(profile_name=profile)
        except ProfileNotFound as error:
            raise CredentialsError(f"{error}; see `aws configure list-profiles`") from error
        self._clients = Clients(profile, self._own.region_name, threads, lasting=lasting)
        self.pace = Pace()
        self._retry = Retry(self.pace)

    @property
    def profile(self) -> str | None:
        """The profile that the starting credentials come from."""
        return self._clients.profile

    @property
    def calls(self) -> int:
        """How many calls were sent so far."""
        return self.pace.calls

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

    def forget(self, account_id: str) -> None:
        """Drop what is kept of an account that is done, so that memory does not grow with them."""
        self._retry.forget(account_id)
        self._clients.forget(account_id)

    def call(
        self, place: Place, service: str, operation: str, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return an operation's answer; raises `CallError` after the retries it deserves."""
        method = self.client(service, place)._make_api_call
        where = Where(place.account_id, place.region, service, operation)

        def attempt() -> dict[str, Any]:
            with calling(place):
                answer: dict[str, Any] = method(operation, dict(params or {}))
            answer.pop("ResponseMetadata", None)
            return answer

        try:
            return self._retry.run(where, attempt, limited=self._clients.at_aws(service))
        except failures.CALL_ERRORS as error:
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
        paging = self._clients.paging(service, operation)
        if paging is None:
            yield self.call(place, service, operation, params)
            return
        with calling(place):
            model = self.client(service).meta.service_model.operation_model(operation)
        paginator = cast("Any", Paginator)(
            lambda **given: self.call(place, service, operation, given), paging, model
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
        """Return the client that calls of a service at a place go through."""
        return self._clients.get(service, place)

    def service_regions(self, service: str, partition: str) -> frozenset[str]:
        """Return the regions where botocore's data says the service exists; empty: unknown.

        With an endpoint of one's own (`AWS_ENDPOINT_URL`) nothing is known.
        """
        if not self._clients.at_aws(service):
            return frozenset()
        return known_regions(service, partition)


def _as_call_error(
    error: failures.CallFailure, place: Place, service: str, operation: str
) -> CallError:
    code, outcome, text = failures.explain(error)
    account = place.account_id or "the caller's account"
    where = f"{service}:{operation} in {account} {place.region}"
    return CallError(f"{where}: {text}", outcome, code)


__all__ = ["GLOBAL_REGIONS", "Aws", "Caller", "Grant", "Place"]
