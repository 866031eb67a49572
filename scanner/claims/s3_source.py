"""States in S3: `tfstate+s3://bucket/key`, or a glob over keys; any region, any account by role.

`?versionId=ID` after a key reads an older version (S3 asks for s3:GetObjectVersion then).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError as TransportError

from scanner.aws import Aws, Grant, Place
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
from scanner.config import TerraformSource
from scanner.errors import SourceError, StraysError
from scanner.identity import parse_arn

SCHEME = "tfstate+s3://"
SOURCES = Grant(
    "sources", frozenset({("s3", "GetObject"), ("s3", "HeadBucket"), ("s3", "ListObjectsV2")})
)
"""What reading states calls. HeadBucket is botocore's own, to find a bucket's region."""

VERSION = "?versionId="
"""What stands between a key and the version of it that is read."""


@dataclass(frozen=True)
class _Bucket:
    """A bucket with the way in.

    Where it is in another region, S3's refusal names that and botocore asks again there
    (`S3RegionRedirectorv2`).
    """

    aws: Aws
    place: Place
    name: str

    def get(self, key: str, version: str) -> dict[str, Any]:
        """Return S3's answer to GetObject, of the newest or of one version; raises `CallError`."""
        params = {"Bucket": self.name, "Key": key}
        if version:
            params["VersionId"] = version
        return self.aws.call(self.place, "s3", "GetObject", params)

    def listed(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Yield the objects below a prefix; raises `CallError` after the pages before it."""
        params = {"Bucket": self.name, "Prefix": prefix}
        for page in self.aws.pages(self.place, "s3", "ListObjectsV2", params):
            yield from page.get("Contents", ())


def s3_states(source: TerraformSource, aws: Aws) -> Iterator[StateSource]:
    """Yield a source for the key, or for each key that the glob fits."""
    name, _, key = source.from_.removeprefix(SCHEME).partition("/")
    if not name or not key:
        why = f"it needs a bucket and a key, as {SCHEME}bucket/key or {SCHEME}bucket/**/*.tfstate"
        yield failed(source.from_, SourceError(why))
        return
    try:
        bucket = _Bucket(aws, _place(source, aws), name)
        key, _, version = key.partition(VERSION)
        if has_glob(key) and not version:
            yield from _globbed(bucket, key)
        else:
            yield _object(bucket, key, None, version)
    except StraysError as error:
        yield failed(source.from_, _as_source_error(error))


def _place(source: TerraformSource, aws: Aws) -> Place:
    region = source.region or aws.region
    credentials = aws.assume(source.role_arn, region) if source.role_arn else aws.own_credentials()
    role = parse_arn(source.role_arn or "")
    return Place(role.account if role else "", region, credentials, SOURCES)


def _globbed(bucket: _Bucket, glob: str) -> Iterator[StateSource]:
    pattern = glob_pattern(glob)
    found = False
    for item in bucket.listed(literal_prefix(glob)):
        if pattern.fullmatch(item["Key"]) and not item["Key"].endswith("/"):
            found = True
            yield _object(bucket, item["Key"], _naive(item.get("LastModified")))
    if not found:
        yield nothing_fits(f"{SCHEME}{bucket.name}/{glob}", "no key of the bucket fits this glob")


def _object(
    bucket: _Bucket, key: str, modified_at: datetime | None, version: str = ""
) -> StateSource:
    pinned = f"{VERSION}{version}" if version else ""
    return StateSource(
        f"{SCHEME}{bucket.name}/{key}{pinned}",
        lambda: _opened(bucket, key, version),
        modified_at,
        skipped=no_state(key),
    )


def _opened(bucket: _Bucket, key: str, version: str) -> tuple[Chunks, datetime | None]:
    try:
        answer = bucket.get(key, version)
    except StraysError as error:
        raise _as_source_error(error) from error
    return _blocks(answer["Body"]), _naive(answer.get("LastModified"))


def _blocks(body: Any) -> Chunks:
    try:
        with body:
            yield from body.iter_chunks(CHUNK)
    except (BotoCoreError, TransportError, OSError) as error:
        raise SourceError(f"the download broke off: {error}") from error


def _naive(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def _as_source_error(error: StraysError) -> SourceError:
    """Return what it means for the state, with the cause kept."""
    if isinstance(error, SourceError):
        return error
    told = SourceError(f"it cannot be read: {error}")
    told.__cause__ = error
    return told
