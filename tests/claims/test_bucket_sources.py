"""States in Google's and Azure's buckets, read with their own clients from servers of the test.

The servers answer as the REST references say
(https://cloud.google.com/storage/docs/json_api/v1, https://learn.microsoft.com/rest/api/storageservices);
no real bucket has been read.
"""

from __future__ import annotations

import builtins
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from scanner.model import Source
from tests.claims.loopback import Asked, Told, loopback
from tests.claims.shelf import held, row, state
from tests.claims.test_terraform_sources import rows

STATE = state(row("aws_sqs_queue", held(id="q")))
KEYS = ("app/default.tfstate", "app/prod.tfstate", "app/prod.tflock", "other/x.tfstate")
AZURE_TIME = "Sun, 01 Nov 2026 10:00:00 GMT"
ACCOUNT_KEY = "c2VjcmV0LWtleQ=="


def google(asked: Asked) -> Told:
    objects = "/storage/v1/b/states/o"
    if asked.path == objects:
        prefix = asked.query.get("prefix", "")
        return Told({"items": [metadata(key) for key in KEYS if key.startswith(prefix)]})
    key = asked.path.removeprefix("/download").removeprefix(f"{objects}/")
    if key not in KEYS:
        return Told({"error": {"code": 403 if "shut" in asked.path else 404}},
                    403 if "shut" in asked.path else 404)  # fmt: skip
    if not asked.path.startswith("/download"):
        return Told(metadata(key))
    if int(asked.headers["range"].removeprefix("bytes=").partition("-")[0]) >= len(STATE):
        return Told(b"", 416)
    return Told(STATE, 206, {"Content-Range": f"bytes 0-{len(STATE) - 1}/{len(STATE)}"})


def metadata(key: str) -> dict[str, str]:
    return {
        "name": key, "bucket": "states", "size": str(len(STATE)), "generation": "1",
        "updated": "2026-11-01T10:00:00.000Z",
    }  # fmt: skip


def azure(asked: Asked) -> Told:
    common = {"x-ms-version": "2021-12-02", "Last-Modified": AZURE_TIME, "ETag": '"1"'}
    if asked.query.get("comp") == "list":
        prefix = asked.query.get("prefix", "")
        blobs = "".join(blob_xml(key) for key in KEYS if key.startswith(prefix))
        text = f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker/></EnumerationResults>"
        return Told(text.encode(), 200, {**common, "Content-Type": "application/xml"})
    key = asked.path.removeprefix("/account/states/")
    if key not in KEYS:
        status = 403 if "shut" in asked.path else 404
        return Told(b"", status, {**common, "x-ms-error-code": "BlobNotFound"})
    whole = {
        "Content-Range": f"bytes 0-{len(STATE) - 1}/{len(STATE)}",
        "x-ms-blob-type": "BlockBlob",
    }
    return Told(STATE, 206, {**common, **whole})


def blob_xml(key: str) -> str:
    return (
        f"<Blob><Name>{key}</Name><Properties><Last-Modified>{AZURE_TIME}</Last-Modified>"
        f"<Etag>1</Etag><Content-Length>{len(STATE)}</Content-Length>"
        "<BlobType>BlockBlob</BlobType></Properties></Blob>"
    )


@pytest.fixture(params=["gs", "azurerm"])
def scheme(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with loopback(google if request.param == "gs" else azure) as (host, _):
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://{host}")
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "test")
        monkeypatch.setenv(
            "AZURE_STORAGE_CONNECTION_STRING",
            f"DefaultEndpointsProtocol=http;AccountName=account;AccountKey={ACCOUNT_KEY};"
            f"BlobEndpoint=http://{host}/account;",
        )
        before = set(threading.enumerate())
        yield f"tfstate+{request.param}://"
        for thread in set(threading.enumerate()) - before:
            if thread.is_alive():  # else the server is about to start it
                thread.join(60)  # Google's client asks for the bucket behind our back, and retries


def told(found: list[Source], scheme: str) -> list[tuple[str, str]]:
    return [(one.source_id.removeprefix(scheme), one.outcome) for one in found]


def test_one_object_is_read_and_has_an_age(scheme: str) -> None:
    (found,) = rows(f"{scheme}states/app/prod.tfstate")
    assert (found.outcome, found.serial, found.resources) == ("read", 12, 1)
    assert str(found.modified_at) == "2026-11-01 10:00:00"


def test_glob_reads_what_fits_and_tells_locks_from_states(scheme: str) -> None:
    assert told(rows(f"{scheme}states/app/*"), scheme) == [
        ("states/app/default.tfstate", "read"),
        ("states/app/prod.tflock", "skipped"),
        ("states/app/prod.tfstate", "read"),
    ]


@pytest.mark.parametrize(
    ("place", "outcome", "why"),
    [
        ("states/none.tfstate", "failed", "no such"),
        ("states/none/*", "failed", "fits this glob"),
        ("states", "failed", "it needs a"),
        ("shut/x.tfstate", "denied", "answers 403"),
    ],
)
def test_what_cannot_be_read_is_one_row(scheme: str, place: str, outcome: str, why: str) -> None:
    (found,) = rows(scheme + place)
    assert (found.outcome, why in str(found.message)) == (outcome, True), found.message
    assert ACCOUNT_KEY not in str(found)


@pytest.mark.parametrize(("place", "extra"), [("gs", "gcs"), ("azurerm", "azure")])
def test_missing_extra_is_one_clear_sentence(
    place: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name.startswith(("google", "azure")):
            raise ImportError(name)
        return kept(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    (found,) = rows(f"tfstate+{place}://b/k.tfstate")
    assert f"pip install 'strays[{extra}]'" in str(found.message)


def test_unnamed_storage_account_is_asked_for() -> None:
    (found,) = rows("tfstate+azurerm://states/x.tfstate")
    assert "set AZURE_STORAGE_ACCOUNT" in str(found.message)
