"""A backend's settings -> the `--from` places of its states: the default and other workspaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scanner.config import TerraformSource
from scanner.errors import SourceError

Settings = Mapping[str, Any]


class Found(NamedTuple):
    """A place of states; `guess` marks other workspaces, of which there may be none."""

    source: TerraformSource
    guess: bool = False


def places(kind: str, settings: Settings, folder: Path) -> list[Found]:
    """Return where a backend of this kind keeps states; raises `SourceError` where it is not told.

    `folder` is the working folder that the backend belongs to.
    """
    if kind == "local":
        return list(_local(settings, folder))
    teller = _BACKENDS.get(kind)
    if teller is None:
        raise SourceError(
            f"backend {kind!r} is not read: give `terraform state pull > x.tfstate`, and that file"
        )
    return list(teller(settings))


def _need(settings: Settings, name: str) -> str:
    value = settings.get(name)
    if not isinstance(value, str) or not value:
        raise SourceError(f"its backend does not say `{name}`: run `terraform init` there")
    return value


def _from(place: str, guess: bool = False, **more: Any) -> Found:
    return Found(TerraformSource.model_validate({"from": place, **more}), guess)


def _local(settings: Settings, folder: Path) -> Iterator[Found]:
    path = settings.get("path") or "terraform.tfstate"
    others = settings.get("workspace_dir") or "terraform.tfstate.d"
    yield _from(f"tfstate://{folder / path}")
    yield _from(f"tfstate://{folder / others}/*/{Path(path).name}", guess=True)


def _s3(settings: Settings) -> Iterator[Found]:
    bucket, key = _need(settings, "bucket"), _need(settings, "key").lstrip("/")
    prefix = settings.get("workspace_key_prefix") or "env:"
    assumed = settings.get("assume_role")
    assumed = assumed[0] if isinstance(assumed, list) and assumed else assumed
    role = assumed.get("role_arn") if isinstance(assumed, dict) else settings.get("role_arn")
    way: dict[str, Any] = {
        "region": settings.get("region"),
        "profile": settings.get("profile"),
        "role_arn": role,
    }
    yield _from(f"tfstate+s3://{bucket}/{key}", **way)
    yield _from(f"tfstate+s3://{bucket}/{prefix}/*/{key}", guess=True, **way)


def _gcs(settings: Settings) -> Iterator[Found]:
    prefix = (settings.get("prefix") or "").strip("/")
    yield _from(
        f"tfstate+gs://{_need(settings, 'bucket')}/{prefix}{'/' if prefix else ''}*.tfstate"
    )


def _azurerm(settings: Settings) -> Iterator[Found]:
    host = f"{_need(settings, 'storage_account_name')}.blob.core.windows.net"
    place = f"tfstate+azurerm://{host}/{_need(settings, 'container_name')}"
    key = _need(settings, "key")
    yield _from(f"{place}/{key}")
    yield _from(f"{place}/{key}env:*", guess=True)


def _http(settings: Settings) -> Iterator[Found]:
    address = _need(settings, "address")
    if urlsplit(address).scheme not in ("http", "https"):
        raise SourceError("its backend's `address` is no http(s) URL")
    yield _from(f"tfstate+{address}")


def _cloud(settings: Settings) -> Iterator[Found]:
    chosen = settings.get("workspaces")
    chosen = chosen[0] if isinstance(chosen, list) and chosen else chosen
    chosen = chosen if isinstance(chosen, dict) else {}
    named = chosen.get("name") or (f"{chosen['prefix']}*" if chosen.get("prefix") else None)
    if not named and chosen.get("tags"):
        raise SourceError(
            "its workspaces are chosen by tags: name them, as tfstate+tfcloud://ORG/GLOB"
        )
    host = settings.get("hostname")
    parts = [host, _need(settings, "organization"), chosen.get("project"), named or "*"]
    yield _from("tfstate+tfcloud://" + "/".join(part for part in parts if part))


_BACKENDS: dict[str, Callable[[Settings], Iterator[Found]]] = {
    "s3": _s3,
    "gcs": _gcs,
    "azurerm": _azurerm,
    "http": _http,
    "remote": _cloud,
    "cloud": _cloud,
}
