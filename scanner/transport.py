"""The connections of one set of clients: certificates read once, hosts kept, moments read fast.

botocore reads the CA bundle again for every connection (30 ms against 2 with it in memory), keeps
connections of ten hosts where a scan of one service talks to one per region, and asks a calendar
parser of all languages for every timestamp, which is half of what XML costs.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.httpsession import ProxyConfiguration, URLLib3Session, get_cert_path
from botocore.utils import get_environ_proxies, parse_timestamp
from urllib3.exceptions import SSLError

HOSTS = 64
"""Hosts whose connections are kept: a service's regions, and those of the one before it."""


class Connections(URLLib3Session):
    """The HTTP session that all clients of an `Aws` share, in place of one each.

    What is verified, and against what, is botocore's (`AWS_CA_BUNDLE`, `REQUESTS_CA_BUNDLE`, the
    profile's `ca_bundle`, else certifi's); only that a bundle changed on disk during a scan is not
    read again. Proxies are looked up for the host that is called: a shared client's own address
    tells nothing of the other regions' exemptions in `NO_PROXY`.
    """

    def __init__(self, like: URLLib3Session) -> None:
        self._loaded: set[str] = set()
        self._loading = threading.Lock()
        super().__init__(
            verify=like._verify,
            timeout=(like._timeout.connect_timeout, like._timeout.read_timeout),
            max_pool_connections=like._max_pool_connections,
            socket_options=like._socket_options,
            client_cert=(like._cert_file, like._key_file) if like._cert_file else None,
            proxies_config=like._proxy_config.settings,
        )
        self._proxy_config = HostProxies(like._proxy_config.settings)

    def _get_pool_manager_kwargs(self, **extra_kwargs: Any) -> dict[str, Any]:
        given: dict[str, Any] = super()._get_pool_manager_kwargs(**extra_kwargs)
        return {**given, "num_pools": HOSTS}

    def _setup_ssl_cert(self, conn: Any, url: str, verify: Any) -> None:
        by_tls_proxy = conn.proxy is not None and conn.proxy.scheme == "https"
        if not (url.startswith("https") and verify) or by_tls_proxy:
            super()._setup_ssl_cert(conn, url, verify)  # a proxy's certificate: another context
            return
        self._load(conn.conn_kw["ssl_context"], get_cert_path(verify))
        conn.cert_reqs, conn.ca_certs = "CERT_REQUIRED", None

    def _load(self, context: Any, bundle: str) -> None:
        """Read a CA bundle into a context that does not hold it yet."""
        key = f"{id(context)} {bundle}"
        if key in self._loaded:
            return
        with self._loading:
            if key not in self._loaded:
                try:
                    context.load_verify_locations(bundle)
                except OSError as error:
                    raise SSLError(error) from error
                self._loaded.add(key)


class HostProxies(ProxyConfiguration):
    """The proxies of the environment, exemptions by the host that is called."""

    def __init__(self, settings: Any) -> None:
        super().__init__(proxies_settings=settings)
        self._found: dict[str, str | None] = {}

    def proxy_url_for(self, url: str) -> str | None:
        """Return the proxy for a URL, None for none."""
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}"
        if address not in self._found:
            found = get_environ_proxies(address).get(parts.scheme)
            self._found[address] = self._fix_proxy_url(found) if found else None
        return self._found[address]


def as_moment(value: Any) -> datetime:
    """Return botocore's own reading of a timestamp, in UTC: the usual forms without its parser.

    Raises `ValueError` where it is no timestamp.
    """
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OSError, OverflowError, ValueError):
            return _in_utc(value)
    if isinstance(value, str) and value[-1:] == "Z" and value[10:11] == "T" and value[4:5] == "-":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    return _in_utc(value)


def _in_utc(value: Any) -> datetime:
    found: datetime = parse_timestamp(value)
    return found.astimezone(UTC) if found.tzinfo else found
