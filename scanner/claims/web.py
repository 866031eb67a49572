"""One GET over HTTP(S): headers stay with their host, waits are bounded, refusals are sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scanner.claims.source import CHUNK, Chunks
from scanner.errors import SourceError

TIMEOUT = 60
"""Seconds without a byte after which a server is given up."""


class _SameSecurity(HTTPRedirectHandler):
    """Follows redirects, but never from HTTPS down to something that others can read."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme not in ("https", req.type):
            raise SourceError(f"it redirects from {req.type} to {scheme}: refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def get(url: str, headers: Mapping[str, str], sentence: Callable[[int], str]) -> Any:
    """Return the open answer to a GET of `url`, which holds no user.

    The headers are not sent on to where a redirect leads. Raises `SourceError`: `sentence` says
    what a status means, and no message holds the URL.
    """
    host = urlsplit(url).netloc
    try:
        request = Request(url)  # noqa: S310 (http, https)
        for name, value in headers.items():
            request.add_unredirected_header(name, value)
        answer = build_opener(_SameSecurity).open(request, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        raise SourceError(sentence(error.code)) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise SourceError(f"{host} cannot be asked: {_reason(error)}") from error
    if answer.status == 204:
        answer.close()
        raise SourceError(sentence(404))
    return answer


def blocks(answer: Any) -> Chunks:
    """Yield the body of an answer and close it; raises `SourceError` where it breaks off."""
    try:
        with answer:
            while block := answer.read(CHUNK):
                yield block
    except (HTTPException, OSError) as error:
        raise SourceError(f"the answer broke off: {_reason(error)}") from error


def changed(answer: Any) -> datetime | None:
    """Return when what was answered last changed, where the server says so."""
    text = answer.headers.get("Last-Modified")
    try:
        return parsedate_to_datetime(text).astimezone(UTC).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def _reason(error: Exception) -> str:
    """Return what went wrong, never the URL: a malformed one is quoted with its password."""
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, OSError):
        return inner.strerror or type(inner).__name__
    return type(inner).__name__
