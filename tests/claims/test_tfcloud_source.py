"""States in HCP Terraform, from a server of the test that answers as the API's pages say.

https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scanner.model import Source
from tests.claims.loopback import Asked, Told, loopback
from tests.claims.shelf import held, row, state
from tests.claims.test_terraform_sources import rows

STATE = state(row("aws_sqs_queue", held(id="q")))
NAMES = ("app-prod", "app-dev", "network", "empty")


def workspace(name: str) -> dict[str, Any]:
    data = None if name == "empty" else {"id": f"sv-{name}", "type": "state-versions"}
    return {
        "id": f"ws-{name}", "type": "workspaces", "attributes": {"name": name},
        "relationships": {"current-state-version": {"data": data}},
    }  # fmt: skip


def answer(asked: Asked) -> Told:
    if asked.headers.get("authorization") != "Bearer secret-token":
        return Told({"errors": [{"status": "401", "title": "unauthorized"}]}, 401)
    path = asked.path.removeprefix("/api/v2/")
    if path.startswith("organizations/acme/"):
        return organization(path.removeprefix("organizations/acme/"), asked.query)
    if path.endswith("/current-state-version"):
        name = path.split("/")[1].removeprefix("ws-")
        told = {"hosted-state-download-url": f"/api/state-versions/sv-{name}/hosted_state"}
        attributes = {**told, "serial": 12, "created-at": "2026-11-01T10:00:00.000Z"}
        return Told({"data": {"id": f"sv-{name}", "attributes": attributes}})
    if path.endswith("/hosted_state"):
        return Told(STATE)
    return Told({"errors": [{"status": "404", "title": "not found"}]}, 404)


def organization(path: str, query: dict[str, str]) -> Told:
    if path == "projects":
        found = [{"id": "prj-1", "attributes": {"name": "core"}}]
        return Told({"data": found if query["filter[names]"] == "core" else []})
    if path == "workspaces":
        return listed(query)
    if path == "workspaces/network":
        return Told({"data": workspace("network")})
    return Told({"errors": [{"status": "404", "title": "not found"}]}, 404)


def listed(query: dict[str, str]) -> Told:
    """Two workspaces a page; project `prj-1` has but the network."""
    names = ("network",) if query.get("filter[project][id]") == "prj-1" else NAMES
    number = int(query["page[number]"])
    page = names[2 * number - 2 : 2 * number]
    following = number + 1 if len(names) > 2 * number else None
    data = [workspace(name) for name in page]
    return Told({"data": data, "meta": {"pagination": {"next-page": following}}})


@dataclass
class Cloud:
    host: str
    asked: list[Asked]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    with loopback(answer) as (host, asked):
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("TFE_ADDRESS", f"http://{host}")
        monkeypatch.setenv("TFE_TOKEN", "secret-token")
        yield Cloud(host, asked)


def names(found: list[Source], outcome: str = "read") -> list[str]:
    start = "tfstate+tfcloud://"
    return [one.source_id.removeprefix(start) for one in found if one.outcome == outcome]


@pytest.mark.parametrize(
    ("place", "read"),
    [
        ("ws-network", ["ws-network"]),
        ("acme/network", ["acme/network"]),
        ("acme", ["acme/app-dev", "acme/app-prod", "acme/network"]),
        ("acme/app-*", ["acme/app-dev", "acme/app-prod"]),
        ("acme/core/*", ["acme/network"]),
    ],
)
def test_workspaces_are_read_by_id_name_glob_project_and_organization(
    cloud: Cloud, place: str, read: list[str]
) -> None:
    found = rows(f"tfstate+tfcloud://{place}")
    assert names(found) == read
    assert all(str(one.modified_at) == "2026-11-01 10:00:00" for one in found if one.claims)


def test_workspace_that_never_ran_is_skipped_and_says_so(cloud: Cloud) -> None:
    found = rows("tfstate+tfcloud://acme")
    assert names(found, "skipped") == ["acme/empty"]
    assert [one.message for one in found if one.outcome == "skipped"] == [
        "the workspace has no state yet"
    ]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("acme/lost", "is not there, has no state yet"),
        ("acme/x-*", "no workspace fits this"),
        ("acme/none/*", "no project none"),
        ("a/b/c/d", "it needs a workspace's id"),
        ("", "it needs a workspace's id"),
    ],
)
def test_what_is_not_there_is_one_failed_row(cloud: Cloud, place: str, told: str) -> None:
    (found,) = rows(f"tfstate+tfcloud://{place}")
    assert found.outcome == "failed"
    assert told in str(found.message)


def test_wrong_token_is_denied_and_never_told(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFE_TOKEN", "wrong-token")
    (found,) = rows("tfstate+tfcloud://acme")
    assert found.outcome == "denied"
    assert "wrong-token" not in str(found)


def test_host_before_the_organization_uses_that_host_s_own_token(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TFE_ADDRESS")
    (found,) = rows(f"tfstate+tfcloud://{cloud.host}/acme/network")
    assert found.outcome == "failed"
    assert "there is no token for 127.0.0.1" in str(found.message)
    assert cloud.asked == []


def test_token_of_terraform_login_is_found(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TFE_TOKEN")
    kept = Path.home() / ".terraform.d" / "credentials.tfrc.json"
    kept.parent.mkdir()
    kept.write_text(json.dumps({"credentials": {"127.0.0.1": {"token": "secret-token"}}}))
    (found,) = rows("tfstate+tfcloud://acme/network")
    assert found.outcome == "read"


def test_token_stays_with_its_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with loopback(lambda _: Told(STATE)) as (elsewhere, stored):

        def leading_away(asked: Asked) -> Told:
            told = {"hosted-state-download-url": f"http://{elsewhere}/signed?x=1"}
            return Told({"data": {"attributes": told}})

        with loopback(leading_away) as (host, _):
            monkeypatch.setenv("TFE_ADDRESS", f"http://{host}")
            monkeypatch.setenv("TFE_TOKEN", "secret-token")
            (found,) = rows("tfstate+tfcloud://ws-1")
    assert found.outcome == "read"
    assert "authorization" not in stored[0].headers
