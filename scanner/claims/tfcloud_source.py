"""States in HCP Terraform (Terraform Cloud) and Terraform Enterprise, over their API.

    tfstate+tfcloud://ws-AbC123          one workspace by its id
    tfstate+tfcloud://ORG                every workspace of an organization
    tfstate+tfcloud://ORG/WORKSPACE      one by name, or a glob over names
    tfstate+tfcloud://ORG/PROJECT/GLOB   those of a project
    tfstate+tfcloud://HOST/ORG...        at another host (it has a dot or a port)

https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import msgspec

from scanner.claims import web
from scanner.claims.source import Chunks, StateSource, failed, has_glob, nothing_fits
from scanner.claims.tfcloud_token import own_host, token
from scanner.errors import SourceError

SCHEME = "tfstate+tfcloud://"
_PAGE = 100
_LONGEST_ANSWER = 16 << 20
_TYPE = "application/vnd.api+json"


def tfcloud_states(place: str) -> Iterator[StateSource]:
    """Yield a source for each workspace that the place names."""
    parts = place.split("/")
    host = parts.pop(0) if "." in parts[0] or ":" in parts[0] else own_host()
    try:
        if len(parts) not in (1, 2, 3) or not all(parts):
            raise SourceError("it needs a workspace's id, or ORG, ORG/WORKSPACE, ORG/PROJECT/GLOB")
        cloud = _Cloud(host)
        if len(parts) == 1 and parts[0].startswith("ws-"):
            yield _source(cloud, f"{SCHEME}{place}", lambda: parts[0])
        elif len(parts) == 2 and not has_glob(parts[1]):
            yield _source(cloud, f"{SCHEME}{place}", lambda: cloud.workspace(*parts))
        else:
            yield from _workspaces(cloud, place, parts)
    except SourceError as error:
        yield failed(f"{SCHEME}{place}", error)


def _workspaces(cloud: _Cloud, place: str, parts: list[str]) -> Iterator[StateSource]:
    organization, glob = parts[0], parts[-1] if len(parts) > 1 else "*"
    project = cloud.project(organization, parts[1]) if len(parts) == 3 else None
    found = False
    for workspace in cloud.workspaces(organization, project):
        name = workspace["attributes"]["name"]
        if fnmatchcase(name, glob):
            found = True
            yield _listed(cloud, f"{SCHEME}{cloud.label}{organization}/{name}", workspace)
    if not found:
        yield nothing_fits(f"{SCHEME}{place}", "no workspace fits this")


def _listed(cloud: _Cloud, name: str, workspace: dict[str, Any]) -> StateSource:
    """Return the source of a listed workspace; one that never ran holds no state."""
    told = workspace.get("relationships", {}).get("current-state-version")
    source = _source(cloud, name, lambda: workspace["id"])
    if isinstance(told, dict) and told.get("data", ...) is None:
        source.skipped = "the workspace has no state yet"
    return source


def _source(cloud: _Cloud, name: str, workspace_id: Any) -> StateSource:
    return StateSource(name, lambda: cloud.state(workspace_id()))


@dataclass(frozen=True)
class _Cloud:
    """The API of one host."""

    host: str

    @property
    def label(self) -> str:
        """What names the host in a source: nothing for the usual one."""
        return "" if self.host == own_host() else f"{self.host}/"

    @property
    def base(self) -> str:
        """The API's address; TFE_ADDRESS may give one over plain HTTP (a test's)."""
        address = os.environ.get("TFE_ADDRESS", "")
        own = address if urlsplit(address).netloc == self.host else f"https://{self.host}"
        return own.rstrip("/") + "/api/v2/"

    def workspace(self, organization: str, name: str) -> str:
        """Return the id of a workspace by name."""
        path = f"organizations/{quote(organization)}/workspaces/{quote(name)}"
        return str(self._document(path)["data"]["id"])

    def project(self, organization: str, name: str) -> str:
        """Return the id of a project by name; raises `SourceError` where there is none."""
        listed = self._pages(
            f"organizations/{quote(organization)}/projects", {"filter[names]": name}
        )
        for project in listed:
            if project["attributes"]["name"] == name:
                return str(project["id"])
        raise SourceError(f"the organization has no project {name}, or the token may not see it")

    def workspaces(self, organization: str, project: str | None) -> Iterator[dict[str, Any]]:
        """Yield the workspaces of an organization, or of one of its projects."""
        chosen = {"filter[project][id]": project} if project else {}
        yield from self._pages(f"organizations/{quote(organization)}/workspaces", chosen)

    def state(self, workspace_id: str) -> tuple[Chunks, datetime | None]:
        """Open the current state of a workspace."""
        told = self._document(f"workspaces/{quote(workspace_id)}/current-state-version")
        attributes = told["data"]["attributes"]
        url = urljoin(self.base, attributes.get("hosted-state-download-url") or "")
        answer = web.get(url, self._headers(url), _sentence)
        return web.blocks(answer), _time(attributes.get("created-at"))

    def _pages(self, path: str, params: dict[str, str]) -> Iterator[dict[str, Any]]:
        number: int | None = 1
        while number:
            given = {**params, "page[size]": str(_PAGE), "page[number]": str(number)}
            page = self._document(f"{path}?{urlencode(given)}")
            yield from page["data"]
            following = page.get("meta", {}).get("pagination", {}).get("next-page")
            number = following if isinstance(following, int) and following > number else None

    def _document(self, path: str) -> Any:
        url = self.base + path
        with web.get(url, self._headers(url), _sentence) as answer:
            body = answer.read(_LONGEST_ANSWER)
        try:
            return msgspec.json.decode(body)
        except msgspec.DecodeError as error:
            raise SourceError(f"{self.host} answers no JSON") from error

    def _headers(self, url: str) -> dict[str, str]:
        """Return the token for the host and its siblings (archivist.terraform.io), for no other."""
        parts, own = urlsplit(url), urlsplit(self.base)
        sibling = _domain(parts.netloc) == _domain(own.netloc) != ""
        if parts.scheme != own.scheme or not (parts.netloc == own.netloc or sibling):
            return {}
        return {"Authorization": f"Bearer {token(self.host)}", "Accept": _TYPE}


def _domain(host: str) -> str:
    """Return what a host and its siblings have in common, nothing for a top-level domain."""
    domain = host.partition(".")[2]
    return domain if "." in domain and not domain.replace(".", "").isdigit() else ""


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if isinstance(text, str) else None
    except ValueError:
        return None


def _sentence(code: int) -> str:
    if code in (401, 403):
        return (
            f"the API answers {code}: its token (TFE_TOKEN) is not valid there, or may not read it"
        )
    if code == 404:
        return "it is not there, has no state yet, or the token (TFE_TOKEN) may not see it"
    if code == 429:
        return "the API answers 429: too many requests; try again in a minute"
    return f"the API answers {code}"
