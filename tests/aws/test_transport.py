"""Connections: the bundle is read once and decides as before, proxies by host, quick moments."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.utils import parse_timestamp
from hypothesis import example, given
from hypothesis import strategies as st

from scanner.transport import Connections, as_moment
from tests.aws.certificates import certificate, tls_server


def _sent(session: Any, url: str) -> str:
    try:
        session.send(AWSPreparedRequest("GET", url, {}, b"", False))
    except BotoCoreError as error:
        return type(error).__name__
    return "sent"


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    for name in ("own", "foreign"):
        certificate(folder, name)
    return folder


@pytest.mark.parametrize(
    ("verify", "outcome"),
    [
        ("own.pem", "sent"),
        ("foreign.pem", "SSLError"),
        ("missing.pem", "SSLError"),
        (True, "SSLError"),
        (False, "sent"),
    ],
)
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_certificates_are_checked_as_botocore_does(
    bundles: Path, verify: Any, outcome: str
) -> None:
    chosen = str(bundles / verify) if isinstance(verify, str) else verify
    plain = URLLib3Session(verify=chosen, timeout=(60, 60))
    with tls_server(bundles / "own.pem") as url:
        assert _sent(plain, url) == outcome
        ours = Connections(plain)
        assert [_sent(ours, url) for _ in range(2)] == [outcome, outcome]


def test_bundle_is_read_once_for_all_connections(
    bundles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    load = ssl.SSLContext.load_verify_locations

    def counted(context: Any, *given: Any, **more: Any) -> None:
        read.append(given)
        load(context, *given, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
    ours = Connections(URLLib3Session(verify=str(bundles / "own.pem"), timeout=(60, 60)))
    with tls_server(bundles / "own.pem") as url:
        assert {_sent(ours, url) for _ in range(5)} == {"sent"}
    assert len(read) == 1


def test_host_that_is_exempt_from_the_proxy_is_called_directly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "sqs.eu-west-1.amazonaws.com")
    proxies = Connections(URLLib3Session(timeout=(60, 60)))._proxy_config
    found = [
        proxies.proxy_url_for(f"https://sqs.{region}.amazonaws.com/")
        for region in ("eu-west-1", "us-east-1")
    ]
    assert found == [None, "http://proxy.example:3128"]


MOMENTS = st.datetimes(datetime(1902, 1, 1), datetime(2200, 1, 1))


@given(
    st.one_of(
        MOMENTS.map(lambda m: m.isoformat(timespec="milliseconds") + "Z"),
        MOMENTS.map(lambda m: m.isoformat(timespec="seconds") + "Z"),
        MOMENTS.map(lambda m: m.isoformat() + "+02:00"),
        MOMENTS.map(lambda m: m.strftime("%a, %d %b %Y %H:%M:%S GMT")),
        st.integers(-2_000_000_000, 4_000_000_000),
        st.floats(0, 4_000_000_000),
        st.integers(0, 4_000_000_000).map(str),
    )
)
@example("2026-01-02T03:04:05.1234567Z")
@example("20260102")
@example(-1)
def test_moments_are_those_that_botocore_reads(value: Any) -> None:
    found = as_moment(value)
    assert found == parse_timestamp(value)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("value", ["", "soon", "2026-13-02T03:04:05Z", None, []])
def test_what_is_no_moment_is_refused_as_botocore_does(value: Any) -> None:
    with pytest.raises((ValueError, RuntimeError)) as expected:
        parse_timestamp(value)
    with pytest.raises(expected.type):
        as_moment(value)
