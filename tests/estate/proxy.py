"""A proxy in front of moto that writes every changing call to a tape (see `tape.py`).

Calls go through one at a time, so the tape's order is the order in which moto saw them and
Terraform may run in parallel.
"""

import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from .tape import PLACE, Call, Player, readdressed

READS = re.compile(r"(Describe|List|Get|Head|Lookup|Search|BatchGet|Validate|Simulate|Test)")
ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d*/([^/]*)/([^/]*)/")
DROPPED = {
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "x-amz-user-agent",
    "x-amz-sdk-request",
}


def operation(method: str, path: str, headers: dict[str, str], body: bytes) -> str:
    """The call's operation name where the protocol tells, else the HTTP method."""
    if target := headers.get("X-Amz-Target"):
        return target.rpartition(".")[2]
    if "/operation/" in path:
        return path.rpartition("/")[2]
    if action := ACTION.search(body):
        return action[1].decode()
    return {"GET": "Get", "HEAD": "Head"}.get(method, method)


def kept_headers(headers: dict[str, str]) -> dict[str, str]:
    """What moto needs: who calls which service, how the body is written, x-amz-* parameters."""
    kept = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower == "authorization":
            scope = CREDENTIAL.search(value)
            key, region, service = scope.groups() if scope else ("recorder", "us-east-1", "s3")
            credential = f"Credential={key}/20260101/{region}/{service}/aws4_request"
            kept["Authorization"] = (
                f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"
            )
        elif lower in {"content-type", "smithy-protocol", "content-encoding"} or (
            lower.startswith("x-amz-") and lower not in DROPPED
        ):
            kept["-".join(part.capitalize() for part in name.split("-"))] = value
    return kept


class RecordingProxy(ThreadingHTTPServer):
    """Listens on a free port; `calls` is the tape so far."""

    daemon_threads = True

    def __init__(self, upstream: str, private: str) -> None:
        """`upstream` is moto's URL; writes under the path prefix `private` are not recorded."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.netloc = f"127.0.0.1:{self.server_port}"
        self.endpoint = f"http://{self.netloc}"
        self.calls: list[Call] = []
        self.reads = 0
        self._private = private
        self._player = Player(upstream)
        self._lock = threading.Lock()
        self._touched: set[str] = set()

    def forward(self, call: Call) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            headers = {**call.headers, "Host": self.netloc}
            if not self._recorded(call):
                self.reads += 1
                return self._player.raw(call.method, call.path, headers, call.body)
            sent = replace(call, headers=kept_headers(call.headers))
            addressed = replace(sent, headers={**sent.headers, "Host": self.netloc})
            answer = self._player.send(len(self.calls), addressed)
            self.calls.append(replace(readdressed(sent, self.netloc, PLACE), status=answer[0]))
            return answer

    def _recorded(self, call: Call) -> bool:
        """Changes, and each first look at a service: it makes the default VPC and its like."""
        if urlsplit(call.path).path.startswith(self._private):
            return False
        scope = kept_headers(call.headers).get("Authorization", "")
        first = scope not in self._touched
        self._touched.add(scope)
        name = operation(call.method, call.path, call.headers, call.body)
        return first or READS.match(name) is None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RecordingProxy

    def answer(self) -> None:
        call = Call(self.command, self.path, dict(self.headers), self._body())
        status, headers, content = self.server.forward(call)
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        length = headers.get("Content-Length") if self.command == "HEAD" else None
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent; the tape is the log."""

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = answer  # noqa: N815
