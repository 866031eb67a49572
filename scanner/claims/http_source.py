"""States over HTTP, as the `http` backend keeps them (GitLab): one GET, basic authentication."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from scanner.claims import web
from scanner.claims.source import Chunks, StateSource, failed
from scanner.errors import SourceError

_SECRET_NAME = re.compile(r"token|key|sig|secret|pass|pwd|auth|cred|code|jwt|session", re.I)
_LONGEST_PLAIN = 20


def http_state(url: str, headers: Mapping[str, str] | None = None) -> StateSource:
    """Return the source of a URL; its name holds neither user, password nor secret parameters.

    A header's value that begins with `$` names the environment variable that holds it.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # its text quotes the URL
        return failed("tfstate+http", SourceError("one of the URLs is malformed"))
    return StateSource(f"tfstate+{_plain(parts)}", lambda: _opened(parts, headers or {}))


def _plain(parts: SplitResult) -> str:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    shown = [(name, "***" if _secret(name, value) else value) for name, value in pairs]
    query = urlencode(shown, safe="*")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def _secret(name: str, value: str) -> bool:
    return bool(_SECRET_NAME.search(name)) or len(value) > _LONGEST_PLAIN


def _opened(parts: SplitResult, headers: Mapping[str, str]) -> tuple[Chunks, datetime | None]:
    host = parts.netloc.rpartition("@")[2]
    sent = {name: _value(name, value) for name, value in headers.items()}
    if authorization := _authorization(parts):
        sent.setdefault("Authorization", authorization)
    answer = web.get(urlunsplit(parts._replace(netloc=host, fragment="")), sent, _sentence)
    return web.blocks(answer), web.changed(answer)


def _value(name: str, value: str) -> str:
    if not value.startswith("$"):
        return value
    if value[1:] not in os.environ:
        raise SourceError(f"its header {name} is to come from {value}, which is not set")
    return os.environ[value[1:]]


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
            f"the server answers {code}: give a user in the URL, set TF_HTTP_USERNAME and "
            "TF_HTTP_PASSWORD, or give `headers` in strays.toml"
        )
    if code == 404:
        return "the server has no state there"
    return f"the server answers {code}"
