"""What an AWS error means, and when to try again.

botocore is told to try once: its own token bucket would be shared by all accounts, so that one
throttled account starved the rest. Here each (account, region, service) backs off alone.
"""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)
from botocore.parsers import ResponseParserError

from scanner.model import Outcome

CALL_ERRORS = (ClientError, BotoCoreError, ResponseParserError)
"""Everything that botocore raises for a call; an answer that it cannot read is none of its own."""

MESSAGE_LENGTH = 400

CallFailure = ClientError | BotoCoreError | ResponseParserError

DENIED = frozenset(
    "AccessDenied AccessDeniedException AccessDeniedFault AuthorizationError Forbidden 403 "
    "AuthorizationErrorException UnauthorizedOperation UnauthorizedAccess NotAuthorized "
    "NotAuthorizedException ForbiddenException AuthFailure InvalidClientTokenId ExpiredToken "
    "UnrecognizedClientException ExpiredTokenException SignatureDoesNotMatch InvalidAccessKeyId "
    "MissingAuthenticationToken IncompleteSignature InvalidToken InsufficientPrivilegesException "
    "NotPermittedException".split()
)
THROTTLED = frozenset(
    "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException "
    "TooManyRequestsException TooManyRequests RequestLimitExceeded BandwidthLimitExceeded SlowDown "
    "PriorRequestNotComplete ProvisionedThroughputExceededException LimitExceededException "
    "TransactionInProgressException EC2ThrottledException 429".split()
)
UNAVAILABLE = frozenset(
    "OptInRequired SubscriptionRequiredException RegionDisabledException "
    "SubscriptionRequired NotSubscribedException InvalidSubscriptionException".split()
)
UNSUPPORTED = frozenset(
    "NotImplemented NotImplementedException UnknownOperationException InvalidAction "
    "UnsupportedOperation UnsupportedOperationException 404 501 405 UnknownOperation".split()
)


_GONE = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExist|InvalidResourceId", re.IGNORECASE)
_PASSING = (HTTPClientError, BotoConnectionError, ResponseParserError)


class LacksOperationError(BotoCoreError):
    """Not sent: in several places a web page answered this operation."""

    fmt = (
        "<!doctype html>: no AWS API answers {operation} at this endpoint, as several tries showed"
    )


class Where(NamedTuple):
    """What a call is, for the pauses: throttling is per account, region and service."""

    account_id: str
    region: str
    service: str
    operation: str


class Retry:
    """Runs one call, again where that helps.

    A throttled (account, region, service) pauses for all its callers. A server's fault is tried
    again by its own call alone, and no longer once the operation has failed in several places: it
    is not a passing fault then.
    """

    def __init__(self, throttle_tries: int = 8, other_tries: int = 3, hopeless: int = 3) -> None:
        self._tries = {Outcome.THROTTLED: throttle_tries, Outcome.FAILED: other_tries}
        self._hopeless = hopeless
        self._not_before: dict[tuple[str, str, str], float] = {}
        self._lacking: Counter[tuple[str, str]] = Counter()
        self._given_up: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def run(self, where: Where, attempt: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the attempt's answer; raises its last error."""
        tried = 0
        if self._lacking[where.service, where.operation] >= self._hopeless:
            raise LacksOperationError(operation=where.operation)
        while True:
            self._wait(where)
            try:
                return attempt()
            except CALL_ERRORS as error:
                tried += 1
                kind = _retryable(error)
                if _is_page(error):
                    self._lacking[where.service, where.operation] += 1
                if tried >= self._allowed(where, kind):
                    self._note(where, kind)
                    raise
                self._pause(where, kind, tried)

    def _allowed(self, where: Where, kind: Outcome | None) -> int:
        if (
            kind is Outcome.FAILED
            and self._given_up[where.service, where.operation] >= self._hopeless
        ):
            return 1
        return self._tries.get(kind, 1) if kind else 1

    def _note(self, where: Where, kind: Outcome | None) -> None:
        if kind is Outcome.FAILED:
            with self._lock:
                self._given_up[where.service, where.operation] += 1

    def _wait(self, where: Where) -> None:
        delay = self._not_before.get(where[:3], 0.0) - time.monotonic()
        if delay > 0:
            time.sleep(delay)

    def _pause(self, where: Where, kind: Outcome | None, tried: int) -> None:
        """Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)."""
        delay = random.uniform(0.05, min(20.0, 0.2 * 2**tried))  # noqa: S311 (no secret)
        if kind is not Outcome.THROTTLED:
            time.sleep(delay)
            return
        with self._lock:
            until = max(self._not_before.get(where[:3], 0.0), time.monotonic() + delay)
            self._not_before[where[:3]] = until


def _retryable(error: CallFailure) -> Outcome | None:
    if _is_page(error):
        return None
    if isinstance(error, ClientError):
        if error.response.get("Error", {}).get("Code") in THROTTLED:
            return Outcome.THROTTLED
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return Outcome.FAILED if status >= 500 and status != 501 else None
    return Outcome.FAILED if isinstance(error, _PASSING) else None


def is_gone(code: str) -> bool:
    """Whether an error code says that a thing is not there (any more): between list and detail."""
    return _GONE.search(code) is not None


def explain(error: CallFailure) -> tuple[str, Outcome, str]:
    """Return an error's code, the coverage outcome it amounts to, and its text."""
    if isinstance(error, ClientError):
        detail = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = str(detail.get("Code") or status or "Unknown")
        text = _plain(f"{code}: {detail.get('Message') or 'no message'}")
        return code, Outcome.UNSUPPORTED if _is_page(error) else _outcome(code, status), text
    if _is_page(error):
        return "NoApi", Outcome.UNSUPPORTED, "a web page answered, no AWS API"
    outcome = Outcome.FAILED
    if isinstance(error, EndpointConnectionError):
        outcome = _without_address(error)
    return type(error).__name__, outcome, _plain(str(error))


def _is_page(error: CallFailure) -> bool:
    """Whether a web page answered: what stands there (an emulator, a proxy) lacks the operation."""
    return "<!doctype html" in str(error)[:2000].lower()


def _plain(text: str) -> str:
    """Return a message as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= MESSAGE_LENGTH else f"{line[:MESSAGE_LENGTH]}…"


def _outcome(code: str, status: int | None) -> Outcome:
    short = code.rsplit(".", 1)[-1]
    for codes, outcome in (
        (DENIED, Outcome.DENIED),
        (THROTTLED, Outcome.THROTTLED),
        (UNAVAILABLE, Outcome.UNAVAILABLE),
        (UNSUPPORTED, Outcome.UNSUPPORTED),
    ):
        if short in codes:
            return outcome
    if status in (401, 403):
        return Outcome.DENIED
    return Outcome.UNSUPPORTED if status in (501, 405) else Outcome.FAILED


def _without_address(error: EndpointConnectionError) -> Outcome:
    """What it means that an endpoint could not be reached.

    A service without an address in a region whose STS has one is not there. Without that second
    look-up a broken resolver would make every service look absent, and absent counts as seen. A
    name below an endpoint of one's own (an account's, for S3 Control) is what that one lacks.
    """
    host = urlsplit(str(error.kwargs.get("endpoint_url", ""))).hostname or ""
    labels = host.split(".")
    if _resolves(host):
        return Outcome.FAILED
    if "amazonaws" not in labels or len(labels) < 4:
        return Outcome.UNSUPPORTED
    at = labels.index("amazonaws")
    known = _resolves(".".join(["sts", labels[at - 1], *labels[at:]]))
    return Outcome.UNAVAILABLE if known else Outcome.FAILED


def _resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, 443)
    except socket.gaierror as error:
        return error.errno != socket.EAI_NONAME
    return True
