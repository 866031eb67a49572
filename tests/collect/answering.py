"""A server that gives documented answers for the services that the emulator lacks.

https://github.com/aws/aws-cli/blob/develop/awscli/examples/resource-explorer-2/get-index.rst
https://github.com/aws/aws-cli/blob/develop/awscli/examples/resource-explorer-2/search.rst
The items of ListResources are those of Search
(https://docs.aws.amazon.com/resource-explorer/latest/apireference/API_Resource.html).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

INDEX = {
    "Arn": "arn:aws:resource-explorer-2:us-east-1:123456789012:index/EXAMPLE8-90ab-cdef",
    "CreatedAt": "2022-07-12T18:59:10.503000+00:00",
    "LastUpdatedAt": "2022-07-13T18:41:58.799000+00:00",
    "ReplicatingFrom": ["ap-south-1", "us-west-2"],
    "State": "ACTIVE",
    "Tags": {},
    "Type": "AGGREGATOR",
}
ENDPOINTS = ("CONFIG_SERVICE", "RESOURCE_EXPLORER_2", "CLOUDFORMATION")

Answers = dict[str, Any]
"""By operation: JSON, XML as text, or an error as (status, code)."""


def item(arn: str, kind: str, region: str = "us-east-1", **more: str) -> dict[str, str]:
    """A resource as Resource Explorer tells of it."""
    owner = more.pop("OwningAccountId", "123456789012")
    return {"Arn": arn, "ResourceType": kind, "Region": region, "OwningAccountId": owner, **more}


@contextmanager
def answering(answers: Answers, patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Serve the answers at the endpoints of the three services; yield the bodies asked with."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            named = [name for name in answers if f"Action={name}&" in f"{body}&"]
            name = target or (named or [self.path.strip("/")])[0]
            asked.append(f"{name} {body}")
            self._send(answers.get(name, (404, "ResourceNotFoundException")), body)

        def _send(self, answer: Any, body: str) -> None:
            if callable(answer):
                answer = answer(body)
            status, content = 200, answer
            if isinstance(answer, tuple):
                status, content = answer[0], {"__type": answer[1], "message": "no"}
            data = content if isinstance(content, str) else json.dumps(content)
            self.send_response(status)
            self.send_header("x-amzn-ErrorType", answer[1] if status != 200 else "")
            self.send_header("Content-Length", str(len(data.encode())))
            self.end_headers()
            self.wfile.write(data.encode())

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ENDPOINTS:
        patch.setenv(f"AWS_ENDPOINT_URL_{name}", f"http://127.0.0.1:{server.server_port}")
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
