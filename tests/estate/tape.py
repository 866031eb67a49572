"""The tape: every AWS call that changed the recorded world, in order, and how to play it again.

moto draws its ids from one random generator. The recorder seeds that generator with the call's
number before each call, and the player does the same, so the ids come out equal without the
thousands of reads in between. The emulator's address stands in bodies (queue URLs) as
``PLACE``, so a tape plays on any port.
"""

import base64
import gzip
import http.client
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

PLACE = "emulator.invalid:4566"


class TapeError(Exception):
    """A call of the tape did not play."""


@dataclass(frozen=True)
class Call:
    """One request: path with query, the headers that matter to moto, and the status it got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 200


def readdress(text: bytes, old: str, new: str) -> bytes:
    """Name another server: plain and percent-encoded `host:port` in `text`."""
    text = text.replace(old.encode(), new.encode())
    return text.replace(quote(old, safe="").encode(), quote(new, safe="").encode())


def readdressed(call: Call, old: str, new: str) -> Call:
    path = readdress(call.path.encode(), old, new).decode()
    return replace(call, path=path, body=readdress(call.body, old, new))


def save(calls: Iterable[Call], path: Path) -> None:
    """Write one JSON list a line, gzipped with a fixed time so that equal tapes are equal files."""
    lines = []
    for call in calls:
        try:
            body = call.body.decode()
        except UnicodeDecodeError:
            body = "base64:" + base64.b64encode(call.body).decode()
        lines.append(json.dumps([call.method, call.path, call.headers, body, call.status]))
    path.write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))


def load(path: Path) -> Iterator[Call]:
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        method, target, headers, text, status = json.loads(line)
        encoded = text.removeprefix("base64:")
        body = base64.b64decode(encoded) if encoded != text else text.encode()
        yield Call(method, target, headers, body, status)


class Player:
    """Sends calls to one moto server over one connection."""

    def __init__(self, endpoint: str) -> None:
        """`endpoint` is like ``http://127.0.0.1:5000``."""
        self.netloc = urlsplit(endpoint).netloc
        self._connection = http.client.HTTPConnection(self.netloc, timeout=60)

    def send(self, number: int, call: Call) -> tuple[int, dict[str, str], bytes]:
        """Seed with `number`, send `call`; the answer's status, headers and body."""
        self.raw("POST", f"/moto-api/seed?a={number}", {}, b"")
        return self.raw(call.method, call.path, call.headers, call.body)

    def raw(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self._connection.request(
            method, path, body, {**headers, "Host": headers.get("Host", self.netloc)}
        )
        answer = self._connection.getresponse()
        content = answer.read()
        return answer.status, dict(answer.getheaders()), content

    def play(self, calls: Iterable[Call]) -> None:
        """Play a whole tape on a fresh server; TapeError where an answer's status differs."""
        for number, call in enumerate(calls):
            status, _, body = self.send(number, readdressed(call, PLACE, self.netloc))
            if status != call.status:
                target = call.headers.get("X-Amz-Target", call.path)
                raise TapeError(
                    f"call {number} ({call.method} {target}) answered {status}, recorded was "
                    f"{call.status}: {body[:300]!r}. Is the server fresh (POST /moto-api/reset)?"
                )

    def close(self) -> None:
        self._connection.close()
