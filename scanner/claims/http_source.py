"""States over HTTP, as the `http` backend keeps them (GitLab): one GET, basic authentication."""

from __future__ import annotations

import base64
import os
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scanner.claims.source import CHUNK, Chunks, StateSource, failed
from scanner.errors import SourceError

TIMEOUT = 60
"""Seconds without a byte after which a server is given up."""

_SECRET_NAME = re.compile(r"token|key|sig|secret|pass|pwd|auth|cred|code|jwt|session", re.I)
_LONGEST_PLAIN = 20


class _SameSecurity(HTTPRedirectHandler):
    """Follows redirects, but never from HTTPS down to something that others can read."""

    def redirect_request(  # noqa: PLR0917 (urllib's own signature)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme not in ("https", req.type):
            raise SourceError(f"it redirects from {req.type} to {scheme}: refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def http_state(url: str) -> StateSource:
    """Return the source of a URL; its name holds neither user, password nor secret parameters."""
    try:
        parts = urlsplit(url)
    except ValueError:  # its text quotes the URL
        return failed("tfstate+http", SourceError("one of the URLs is malformed"))
    return StateSource(f"tfstate+{_plain(parts)}", lambda: _opened(parts))


def _plain(parts: SplitResult) -> str:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    shown = [(name, "***" if _secret(name, value) else value) for name, value in pairs]
    query = urlencode(shown, safe="*")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def _secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name)) or len(value) > _LONGEST_PLAIN


def _opened(parts: SplitResult) -> tuple[Chunks, datetime | None]:
    host = parts.netloc.rpartition("@")[2]
    try:
        request = Request(urlunsplit(parts._replace(netloc=host, fragment="")))  # noqa: S310 (http, https)
        authorization = _authorization(parts)
        if authorization:  # unredirected: it is not for the host that a redirect leads to
            request.add_unredirected_header("Authorization", authorization)
        answer = build_opener(_SameSecurity).open(request, timeout=TIMEOUT)
    except HTTPError as error:
        error.close()
        raise SourceError(_sentence(error.code)) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise SourceError(f"{host} cannot be asked: {_reason(error)}") from error
    if answer.status == 204:
        answer.close()
        raise SourceError(_sentence(404))
    return _blocks(answer), _changed(answer.headers.get("Last-Modified"))


def _authorization(parts: SplitResult) -> str | None:
    """Return the header for the URL's user, or for the backend's own variables.

    https://developer.hashicorp.com/terraform/language/backend/http (TF_HTTP_USERNAME).
    """
    user = unquote(parts.username or "") or os.environ.get("TF_HTTP_USERNAME", "")
    password = unquote(parts.password or "") or os.environ.get("TF_HTTP_PASSWORD", "")
    if not user and not password:
        return None
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _sentence(code: int) -> str:
    if code in (401, 403):
        return (
            f"the server answers {code}: give a user in the URL, or set TF_HTTP_USERNAME and "
            "TF_HTTP_PASSWORD"
        )
    if code == 404:
        return "the server has no state there"
    return f"the server answers {code}"


def _reason(error: Exception) -> str:
    """Return what went wrong, never the URL: a malformed one is quoted with its password."""
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, OSError):
        return inner.strerror or type(inner).__name__
    return type(inner).__name__


def _blocks(answer: Any) -> Chunks:
    try:
        with answer:
            while block := answer.read(CHUNK):
                yield block
    except (HTTPException, OSError) as error:
        raise SourceError(f"the answer broke off: {_reason(error)}") from error


def _changed(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC).replace(tzinfo=None) if text else None
    except ValueError:
        return None
