"""What an AWS error means: which outcome it amounts to, and whether trying again may help."""

from __future__ import annotations

import re
import socket
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
_BETWEEN = frozenset({301, 302, 303, 307, 308, 502, 503, 504})
_PASSING = (HTTPClientError, BotoConnectionError, ResponseParserError)


class LacksOperationError(BotoCoreError):
    """Not sent: in several places a web page answered this operation."""

    fmt = (
        "<!doctype html>: no AWS API answers {operation} at this endpoint, as several tries showed"
    )


def retryable(error: CallFailure) -> Outcome | None:
    """Return what a call that may be made again met, `throttled` or `failed`; else None."""
    if is_page(error):
        return None
    if isinstance(error, ClientError):
        if error.response.get("Error", {}).get("Code") in THROTTLED:
            return Outcome.THROTTLED
        status = _status(error)
        return Outcome.FAILED if status >= 500 and status != 501 else None
    return Outcome.FAILED if isinstance(error, _PASSING) else None


def is_gone(code: str) -> bool:
    """Whether an error code says that a thing is not there (any more): between list and detail."""
    return _GONE.search(code) is not None


def explain(error: CallFailure) -> tuple[str, Outcome, str]:
    """Return an error's code, the coverage outcome it amounts to, and its text."""
    if isinstance(error, ClientError):
        detail = error.response.get("Error", {})
        status = _status(error)
        code = str(detail.get("Code") or status or "Unknown")
        text = _plain(f"{code}: {detail.get('Message') or 'no message'}")
        return code, Outcome.UNSUPPORTED if is_page(error) else _outcome(code, status), text
    if is_page(error):
        return "NoApi", Outcome.UNSUPPORTED, "a web page answered, no AWS API"
    outcome = Outcome.FAILED
    if isinstance(error, EndpointConnectionError):
        outcome = _without_address(error)
    return type(error).__name__, outcome, _plain(str(error))


def is_page(error: CallFailure) -> bool:
    """Whether a web page answered: what stands there (an emulator, a proxy) lacks the operation.

    The page of a proxy or gateway (`_BETWEEN`) tells nothing of what stands behind it.
    """
    if isinstance(error, ClientError) and _status(error) in _BETWEEN:
        return False
    return "<!doctype html" in str(error)[:2000].lower()


def _status(error: ClientError) -> int:
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status


def _plain(text: str) -> str:
    """Return a message as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= MESSAGE_LENGTH else f"{line[:MESSAGE_LENGTH]}…"


def _outcome(code: str, status: int) -> Outcome:
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
    if _resolves(host):
        return Outcome.FAILED
    beside = _sts_beside(host.split("."))
    if beside is None:
        return Outcome.UNSUPPORTED
    return Outcome.UNAVAILABLE if _resolves(beside) else Outcome.FAILED


def _sts_beside(labels: list[str]) -> str | None:
    """Return STS's address in the region of an address of AWS's; None for any other address.

    Most services are at `sqs.eu-west-1.amazonaws.com`, newer ones at `datazone.eu-west-1.api.aws`.
    """
    if len(labels) < 4:
        return None
    if labels[-2:] == ["api", "aws"]:
        return f"sts.{labels[-3]}.amazonaws.com"
    if "amazonaws" not in labels:
        return None
    at = labels.index("amazonaws")
    return ".".join(["sts", labels[at - 1], *labels[at:]])


def _resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, 443)
    except socket.gaierror as error:
        return error.errno != socket.EAI_NONAME
    return True
