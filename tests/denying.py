"""A proxy in front of the emulator that answers AccessDenied: moto itself enforces nothing."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_XML = (
    b"<ErrorResponse><Error><Code>AccessDenied</Code>"
    b"<Message>not you</Message></Error></ErrorResponse>"
)

Denies = Callable[[str, str, bytes], bool]
"""Told the signing service, its region and the body, says whether to deny."""


@contextmanager
def denying(endpoint: str, denies: Denies) -> Iterator[str]:
    """Yield the endpoint of a proxy before `endpoint` that denies what it is told to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(endpoint, denies))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(endpoint: str, denies: Denies) -> type[BaseHTTPRequestHandler]:
    target = urlsplit(endpoint)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            scope = _SCOPE.search(self.headers.get("Authorization") or "")
            service, region = (scope["service"], scope["region"]) if scope else ("", "")
            if denies(service, region, body):
                self._send(403, {"Content-Type": "text/xml"}, _XML)
                return
            connection = http.client.HTTPConnection(target.hostname or "", target.port or 80)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            self._send(answer.status, dict(answer.getheaders()), answer.read())
            connection.close()

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    for method in ("GET", "POST", "PUT", "HEAD", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._answer)
    return Handler
