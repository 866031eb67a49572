"""States in Google Cloud Storage: `tfstate+gs://bucket/key`, or a glob over keys.

Needs the extra `gcs`; credentials are Google's own (GOOGLE_APPLICATION_CREDENTIALS, `gcloud auth
application-default login`, a workload identity).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from scanner.claims.source import (
    CHUNK,
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

SCHEME = "tfstate+gs://"
_DENIED = (401, 403)


def gcs_states(place: str) -> Iterator[StateSource]:
    """Yield a source for the object, or for each object that the glob fits."""
    name, _, key = place.partition("/")
    try:
        if not name or not key:
            raise SourceError(f"it needs a bucket and a key, as {SCHEME}bucket/prefix/**/*.tfstate")
        bucket = _bucket(name)
        yield from _globbed(bucket, key) if has_glob(key) else [_object(bucket, key, None)]
    except SourceError as error:
        yield failed(f"{SCHEME}{place}", error)


def _bucket(name: str) -> Any:
    try:
        from google.auth.exceptions import GoogleAuthError
        from google.cloud import storage
    except ImportError as error:
        raise SourceError(
            "reading Google Cloud Storage needs an extra: pip install 'strays[gcs]'"
        ) from error
    try:
        return storage.Client().bucket(name)
    except (GoogleAuthError, OSError) as error:
        raise SourceError(f"there are no credentials of Google Cloud: {error}") from error


@contextmanager
def _told() -> Iterator[None]:
    """Turn what Google's client raises into a `SourceError`."""
    from google.api_core.exceptions import GoogleAPICallError
    from google.auth.exceptions import GoogleAuthError
    from requests.exceptions import RequestException

    try:
        yield
    except GoogleAPICallError as error:
        outcome = Outcome.DENIED if error.code in _DENIED else Outcome.FAILED
        cause = CallError(str(error), outcome, str(error.code))
        raise SourceError(f"it cannot be read: Google answers {error.code}") from cause
    except (GoogleAuthError, RequestException, OSError) as error:
        raise SourceError(f"it cannot be read: {type(error).__name__}: {error}") from error


def _globbed(bucket: Any, glob: str) -> Iterator[StateSource]:
    pattern = glob_pattern(glob)
    found = False
    with _told():
        listed = list(bucket.client.list_blobs(bucket, prefix=literal_prefix(glob)))
    for blob in listed:
        if pattern.fullmatch(blob.name) and not blob.name.endswith("/"):
            found = True
            yield _object(bucket, blob.name, _naive(blob.updated))
    if not found:
        yield nothing_fits(f"{SCHEME}{bucket.name}/{glob}", "no object fits this glob")


def _object(bucket: Any, key: str, modified_at: datetime | None) -> StateSource:
    return StateSource(
        f"{SCHEME}{bucket.name}/{key}",
        lambda: _opened(bucket, key),
        modified_at,
        skipped=no_state(key),
    )


def _opened(bucket: Any, key: str) -> tuple[Chunks, datetime | None]:
    with _told():
        blob = bucket.get_blob(key)
    if blob is None:
        raise SourceError("the bucket has no such object")
    return _blocks(blob), _naive(blob.updated)


def _blocks(blob: Any) -> Chunks:
    with _told(), blob.open("rb", chunk_size=8 * CHUNK) as file:
        while block := file.read(CHUNK):
            yield block


def _naive(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
