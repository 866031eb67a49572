"""States over HTTP: who asks, by the URL or by the backend's variables."""

from __future__ import annotations

import pytest

from tests.claims.test_terraform_sources import STATE, only, serving


def test_http_with_basic_authentication_keeps_the_password_to_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    date = {"Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}
    with serving(lambda _: (200, date, STATE)) as (host, asked):
        found = only(f"tfstate+http://bot:s3cr%40t@{host}/state/app?ref=main&private_token=hush")
    assert found.outcome == "read"
    assert found.source_id == f"tfstate+http://{host}/state/app?ref=main&private_token=***"
    assert str(found.modified_at) == "2026-11-23 10:00:00"
    assert asked[0][0] == "/state/app?ref=main&private_token=hush"
    assert asked[0][1]["Authorization"] == "Basic Ym90OnMzY3JAdA=="
    assert not any(word in caplog.text + repr(found) for word in ("s3cr", "hush"))


def test_http_takes_the_user_of_the_backend_s_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_HTTP_USERNAME", "u")
    monkeypatch.setenv("TF_HTTP_PASSWORD", "p")
    with serving(lambda _: (200, {}, STATE)) as (host, asked):
        assert only(f"tfstate+http://{host}/s").outcome == "read"
    assert asked[0][1]["Authorization"] == "Basic dTpw"
