"""States in Azure Blob Storage: `tfstate+azurerm://container/key`, or a glob over keys.

The account's host may stand before the container (`ACCOUNT.blob.core.windows.net/container/key`).
Needs the extra `azure`. The account and the way in come from the variables that driftctl and the
`azurerm` backend read: AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with
AZURE_STORAGE_KEY (ARM_ACCESS_KEY) or AZURE_STORAGE_SAS_TOKEN (ARM_SAS_TOKEN), else Azure's own
sign-in (`az login`, a managed identity).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from scanner.claims.source import (
    Chunks,
    StateSource,
    failed,
    glob_pattern,
    has_glob,
    literal_prefix,
    no_state,
    nothing_fits,
)
from scanner.errors import CallError, SourceError
from scanner.model import Outcome

SCHEME = "tfstate+azurerm://"
_DENIED = (401, 403)


def azure_states(place: str) -> Iterator[StateSource]:
    """Yield a source for the blob, or for each blob that the glob fits."""
    host, _, rest = place.partition("/")
    name, _, key = (rest if "." in host else place).partition("/")
    try:
        if not name or not key:
            raise SourceError(f"it needs a container and a key, as {SCHEME}container/**/*.tfstate")
        container = _container(name, host if "." in host else None)
        yield from _globbed(container, key) if has_glob(key) else [_blob(container, key, None)]
    except SourceError as error:
        yield failed(f"{SCHEME}{place}", error)


def _container(name: str, host: str | None) -> Any:
    try:
        from azure.storage.blob import ContainerClient
    except ImportError as error:
        raise SourceError(
            "reading Azure Blob Storage needs an extra: pip install 'strays[azure]'"
        ) from error
    try:
        if connection := _set("AZURE_STORAGE_CONNECTION_STRING"):
            return ContainerClient.from_connection_string(connection, name)
        account = _set("AZURE_STORAGE_ACCOUNT")
        if not account and not host:
            raise SourceError("the storage account is not named: set AZURE_STORAGE_ACCOUNT")
        host = host or f"{account}.blob.core.windows.net"
        return ContainerClient(f"https://{host}", name, _credential())
    except ValueError as error:  # its text may quote the connection string
        raise SourceError("Azure's storage variables are malformed") from error


def _credential() -> Any:
    key = _set("AZURE_STORAGE_KEY", "ARM_ACCESS_KEY")
    found = key or _set("AZURE_STORAGE_SAS_TOKEN", "ARM_SAS_TOKEN")
    if found:
        return found
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()


def _set(*names: str) -> str | None:
    return next((value for name in names if (value := os.environ.get(name))), None)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what Azure's client raises into a `SourceError`."""
    from azure.core.exceptions import AzureError

    try:
        yield
    except AzureError as error:
        status = getattr(error, "status_code", None)
        if status == 404:
            raise SourceError("the container has no such blob") from error
        outcome = Outcome.DENIED if status in _DENIED else Outcome.FAILED
        cause = CallError(str(error), outcome, str(status))
        what = f"Azure answers {status}" if status else type(error).__name__
        raise SourceError(f"it cannot be read: {what}") from cause


def _globbed(container: Any, glob: str) -> Iterator[StateSource]:
    pattern = glob_pattern(glob)
    found = False
    with _told():
        listed = list(container.list_blobs(name_starts_with=literal_prefix(glob)))
    for blob in listed:
        if pattern.fullmatch(blob.name) and not blob.name.endswith("/"):
            found = True
            yield _blob(container, blob.name, _naive(blob.last_modified))
    if not found:
        yield nothing_fits(f"{SCHEME}{container.container_name}/{glob}", "no blob fits this glob")


def _blob(container: Any, key: str, modified_at: datetime | None) -> StateSource:
    return StateSource(
        f"{SCHEME}{container.container_name}/{key}",
        lambda: _opened(container, key),
        modified_at,
        skipped=no_state(key),
    )


def _opened(container: Any, key: str) -> tuple[Chunks, datetime | None]:
    with _told():
        stream = container.download_blob(key)
    return _blocks(stream), _naive(stream.properties.last_modified)


def _blocks(stream: Any) -> Chunks:
    with _told():
        yield from stream.chunks()


def _naive(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
