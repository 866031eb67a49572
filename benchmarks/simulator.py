"""A loopback AWS of thousands of accounts: canned answers, chosen latency, throttling and sizes.

    python benchmarks/simulator.py --accounts 10000 --latency 0.03 --items 2

It prints its address; point `AWS_ENDPOINT_URL` there with any credentials: those of the first
account, which manages an organization of all of them. A role's ARN tells which account its
credentials belong to. `GET /simulator/calls` counts what was asked. One process, one thread: it
answers several times as many calls as a client on another core can make.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REGIONS = (
    "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 "
    "eu-central-1 eu-north-1 ap-south-1 ap-southeast-1 ap-southeast-2 ap-northeast-1 "
    "ap-northeast-2 ap-northeast-3"
).split()
FIRST_ACCOUNT = 100_000_000_001
ENTERING = frozenset(
    "AssumeRole GetCallerIdentity DescribeRegions ListRoots ListOrganizationalUnitsForParent "
    "ListAccountsForParent".split()
)
"""What tells of the accounts themselves is never refused."""
_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
_THROTTLED = {"ec2": ("RequestLimitExceeded", 503), "s3": ("SlowDown", 503)}


@dataclass(frozen=True)
class Settings:
    """What is simulated: latency in seconds, the share of calls refused, things a list call.

    `starved` accounts are refused every call but those that enter them, `rate` is how many calls a
    second each account, region and service allows (0: any number).
    """

    accounts: int = 100
    regions: int = len(REGIONS)
    latency: float = 0.0
    throttle: float = 0.0
    rate: float = 0.0
    starved: tuple[str, ...] = ()
    items: int = 0
    pages: int = 1
    sizes: dict[str, list[int]] = field(default_factory=dict)

    def account_ids(self) -> list[str]:
        """Return the ids of the accounts; the first manages the others."""
        return [str(FIRST_ACCOUNT + number) for number in range(self.accounts)]


@contextmanager
def simulated(settings: Settings) -> Iterator[str]:
    """Run a simulator as a process of its own and give its address."""
    given = json.dumps(settings.__dict__)
    command = [sys.executable, str(Path(__file__).resolve()), "--settings", given]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip() or "it did not start"
        finally:
            server.kill()


class Simulation:
    """Which answer a request gets, and what was asked so far."""

    def __init__(self, settings: Settings) -> None:
        from canned import Canned, Size

        self.settings = settings
        sizes = {name: Size(*size) for name, size in settings.sizes.items()}
        self._canned = Canned(Size(settings.items, settings.pages), sizes)
        self._ids = settings.account_ids()
        self._random = random.Random(1)
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}
        self.calls: Counter[str] = Counter()
        self.throttled = 0
        self.connections = 0

    def respond(self, request: Any) -> bytes:
        """Return the response to a request."""
        import canned

        if request.target == "/simulator/calls":
            return self._report()
        path = request.target if not request.action else ""
        model = canned.operation(request.signing_name, request.action, request.method, path)
        account = request.access_key.removeprefix("ASIA")
        account = account if account.isdigit() else self._ids[0]
        if model is None:
            return canned.Answer(404, b"", b"").filled(account, request.region)
        service = model.service_model.service_name
        self.calls[f"{service}:{model.name}"] += 1
        if model.name not in ENTERING and self._refuses(account, request.region, service):
            self.throttled += 1
            code, status = _THROTTLED.get(service, ("ThrottlingException", 400))
            refused = canned.refusal(model, code, "Rate exceeded", status)
            return refused.filled(account, request.region)
        told = self._told(service, model.name, request, account)
        if told is not None:
            return canned.rendered(model, told).filled(account, request.region)
        return self._canned.answer(model, request.page).filled(account, request.region)

    def _refuses(self, account: str, region: str, service: str) -> bool:
        if account in self.settings.starved:
            return True
        if self.settings.rate and not self._within_rate((account, region, service)):
            return True
        return bool(self.settings.throttle) and self._random.random() < self.settings.throttle

    def _within_rate(self, key: tuple[str, str, str]) -> bool:
        now, rate = time.monotonic(), self.settings.rate
        left, at = self._buckets.get(key, (max(rate, 1.0), now))
        left = min(max(rate, 1.0), left + (now - at) * rate)
        self._buckets[key] = (left - (left >= 1), now)
        return left >= 1

    def _told(self, service: str, name: str, request: Any, account: str) -> dict[str, Any] | None:
        """Return the answers that tell of the accounts themselves."""
        tell = {
            "sts:AssumeRole": lambda: _role(request.given["RoleArn"]),
            "sts:GetCallerIdentity": lambda: _identity(account),
            "ec2:DescribeRegions": self._regions,
            "organizations:ListRoots": lambda: {"Roots": [{"Id": "r-root", "Name": "Root"}]},
            "organizations:ListOrganizationalUnitsForParent": lambda: {"OrganizationalUnits": []},
            "organizations:ListAccountsForParent": lambda: self._members(request.page),
        }.get(f"{service}:{name}")
        return tell() if tell else None

    def _regions(self) -> dict[str, Any]:
        names = REGIONS[: self.settings.regions]
        return {"Regions": [{"RegionName": n, "OptInStatus": "opted-in"} for n in names]}

    def _members(self, page: int) -> dict[str, Any]:
        found = self._ids[page * 20 : page * 20 + 20]
        more = {"NextToken": f"strays-page-{page + 1}"} if page * 20 + 20 < len(self._ids) else {}
        accounts = [{"Id": each, "Name": f"account {each}", "Status": "ACTIVE"} for each in found]
        return {"Accounts": accounts, **more}

    def _report(self) -> bytes:
        import canned

        report = {
            "calls": self.calls.total(),
            "throttled": self.throttled,
            "connections": self.connections,
            "operations": dict(self.calls),
        }
        return canned.Answer(200, b"", json.dumps(report).encode()).filled("", "")


def _identity(account: str) -> dict[str, str]:
    arn = f"arn:aws:sts::{account}:assumed-role/strays/strays"
    return {"Account": account, "Arn": arn, "UserId": "AROA:strays"}


def _role(arn: str) -> dict[str, Any]:
    from datetime import UTC, datetime, timedelta

    account = arn.split(":")[4]
    return {
        "Credentials": {
            "AccessKeyId": f"ASIA{account}",
            "SecretAccessKey": "secret",
            "SessionToken": "token",
            "Expiration": datetime.now(UTC) + timedelta(hours=1),
        }
    }


class Connection(asyncio.Protocol):
    """One client's connection: requests in, responses out after the latency."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._data = b""
        self._head: tuple[bytes, int] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._simulation.connections += 1

    def data_received(self, data: bytes) -> None:
        self._data += data
        while True:
            if self._head is None:
                head, found, rest = self._data.partition(b"\r\n\r\n")
                if not found:
                    return
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                self._head, self._data = (head, int(length[1]) if length else 0), rest
            head, size = self._head
            if len(self._data) < size:
                return
            body, self._data, self._head = self._data[:size], self._data[size:], None
            response = self._simulation.respond(parsed(head, body))
            if latency := self._simulation.settings.latency:
                asyncio.get_running_loop().call_later(latency, self._transport.write, response)
            else:
                self._transport.write(response)


def parsed(head: bytes, body: bytes) -> Any:
    """Return what a request asks, from its first line, its headers and its body."""
    from canned import Request

    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    signed = _CREDENTIAL.search(headers.get("authorization", ""))
    key, region, service = signed.groups() if signed else ("", "", "")
    action = headers.get("x-amz-target")
    if not action and body.startswith(b"Action="):
        found = re.match(rb"Action=(\w+)&Version=([\w-]+)", body)
        action = f"{found[1].decode()} {found[2].decode()}" if found else None
    return Request(method, target, body, action, key, region, service)


async def serve(settings: Settings, port: int) -> None:
    """Answer until killed; the address is printed first."""
    simulation = Simulation(settings)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(simulation), "127.0.0.1", port, backlog=1024
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--settings", type=json.loads, default={})
    for name in ("accounts", "regions", "items", "pages"):
        parser.add_argument(f"--{name}", type=int)
    for name in ("latency", "throttle", "rate"):
        parser.add_argument(f"--{name}", type=float)
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    port, settings = given.pop("port"), given.pop("settings")
    asyncio.run(serve(Settings(**{**settings, **given}), port))


if __name__ == "__main__":
    main()
