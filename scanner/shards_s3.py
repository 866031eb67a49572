"""Shards below a prefix in S3: workers on many machines write there, and nothing is deleted.

One object is one shard: a zip of Parquet files, put in one call, so that it is there whole or not
at all (https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel: no
partial object, and a list shows what a put has ended). Below `PREFIX/SCAN_ID/` lie `manifest.json`,
`shards/NAME.zip` and, once they are loaded, `loaded`; a lifecycle rule of the bucket clears up.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scanner.aws import Aws, Grant, Place
from scanner.errors import CallError, StoreError, UsageError
from scanner.parts import CUT, LEFT, Part, of_run
from scanner.shard_files import Cut, Left, Tables, left_of, write_shard
from scanner.shards import Manifest
from scanner.store import SHARD_TABLES

SCHEME = "s3://"
WORK = Grant(
    "work",
    frozenset(("s3", name) for name in ("PutObject", "GetObject", "HeadBucket", "ListObjectsV2")),
)
"""What is called below the prefix, and there only. HeadBucket is botocore's, to find the region."""
_ENDING = ".zip"
_NAME = re.compile(r"([\w-]+)\.zip")
_AT_ONCE = 8


@dataclass(frozen=True)
class Prefix:
    """A bucket and a prefix in it, with a way in that leads nowhere else."""

    aws: Aws
    bucket: str
    prefix: str

    @classmethod
    def of(cls, url: str, aws: Aws) -> Prefix:
        """Return the prefix of `s3://BUCKET/PREFIX`; raises `UsageError` for another."""
        bucket, _, prefix = url.removeprefix(SCHEME).strip("/").partition("/")
        if not bucket or not prefix:
            raise UsageError(f"{url} is no s3://BUCKET/PREFIX: the work needs a prefix of its own")
        return cls(aws, bucket, prefix)

    @property
    def url(self) -> str:
        """`s3://BUCKET/PREFIX`."""
        return f"{SCHEME}{self.bucket}/{self.prefix}"

    def below(self, name: str) -> Prefix:
        """Return a prefix below this one."""
        return Prefix(self.aws, self.bucket, f"{self.prefix}/{name}")

    def put(self, name: str, content: bytes) -> None:
        """Write one object; raises `StoreError`."""
        self._call("PutObject", {"Key": f"{self.prefix}/{name}", "Body": content})

    def get(self, name: str) -> bytes:
        """Return an object's content; raises `StoreError`."""
        with self._call("GetObject", {"Key": f"{self.prefix}/{name}"})["Body"] as body:
            try:
                content: bytes = body.read()
            except OSError as error:
                raise StoreError(f"{self.url}/{name} could not be read: {error}") from error
        return content

    def names(self, below: str = "") -> list[str]:
        """Return the names right below here, those of further prefixes with a `/` at their end."""
        start = f"{self.prefix}/{below}"
        params = {"Bucket": self.bucket, "Prefix": start, "Delimiter": "/"}
        found: list[str] = []
        try:
            for page in self.aws.pages(self._place(), "s3", "ListObjectsV2", params):
                found += [item["Key"] for item in page.get("Contents", ())]
                found += [item["Prefix"] for item in page.get("CommonPrefixes", ())]
        except CallError as error:
            raise StoreError(f"the work at {self.url} cannot be listed: {error}") from error
        return sorted(key.removeprefix(start) for key in found)

    def _call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            given = {"Bucket": self.bucket, **params}
            return self.aws.call(self._place(), "s3", operation, given)
        except CallError as error:
            raise StoreError(f"the work at {self.url} cannot be used: {error}") from error

    def _place(self) -> Place:
        grant = replace(WORK, within=f"{self.bucket}/{self.prefix}/")
        return Place("", self.aws.region, self.aws.own_credentials(), grant)


class WorkPrefix:
    """The shards of one scan below a prefix in S3."""

    def __init__(self, prefix: Prefix, manifest: Manifest) -> None:
        self._prefix = prefix
        self.manifest = manifest

    @property
    def address(self) -> str:
        """`s3://BUCKET/PREFIX/SCAN_ID`."""
        return self._prefix.url

    @classmethod
    def create(cls, parent: Prefix, scope: dict[str, Any], caller_arn: str | None) -> WorkPrefix:
        """Begin a scan's work below a prefix."""
        manifest = Manifest.new(scope, caller_arn)
        prefix = parent.below(manifest.scan_id)
        prefix.put("manifest.json", manifest.text().encode())
        return cls(prefix, manifest)

    @classmethod
    def read(cls, prefix: Prefix) -> WorkPrefix:
        """Open a scan's work; raises `StoreError` where there is none."""
        try:
            return cls(prefix, Manifest.parse(prefix.get("manifest.json")))
        except (ValueError, TypeError) as error:
            raise StoreError(f"{prefix.url} is no work of a scan: {error}") from error

    @classmethod
    def newest(cls, parent: Prefix) -> WorkPrefix | None:
        """Return the newest work below a prefix that is not loaded yet, or None."""
        scans = [name.rstrip("/") for name in parent.names() if name.endswith("/")]
        for scan_id in reversed(scans):
            held = parent.below(scan_id).names()
            if "manifest.json" in held and "loaded" not in held:
                return cls.read(parent.below(scan_id))
        return None

    def names(self, begin: str = "") -> set[str]:
        """Return the names of the parts of shards, those that begin so."""
        there = (f"{begin}{rest}" for rest in self._prefix.names(f"shards/{begin}"))
        return {found[1] for name in there if (found := _NAME.fullmatch(name))}

    def has(self, shard: str, run: int = 1) -> bool:
        """Whether the part of a shard from a run is there."""
        there = {Part.named(name) for name in self.names(shard)}
        return not there.isdisjoint(of_run(shard, run))

    def left(self, name: str) -> Left:
        """Return what a part that was cut has left to do."""
        with self._packed(name) as packed:
            return left_of(packed.read(LEFT))

    def write(self, name: str, tables: Tables, cut: Cut | None = None) -> None:
        """Write one part in one call: whole, or not at all."""
        with tempfile.TemporaryDirectory(prefix="strays-") as folder:
            write_shard(Path(folder), tables, cut)
            content = _zipped(Path(folder))
        self._prefix.put(f"shards/{name}{_ENDING}", content)

    @contextmanager
    def local(self) -> Iterator[Path]:
        """Give a folder with everything fetched, removed again afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="strays-"))
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(lambda name: self._fetch(name, folder), sorted(self.names())))
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def finish(self) -> None:
        """Mark the work as loaded; its objects stay (Strays deletes nothing in AWS)."""
        self._prefix.put("loaded", b"")

    def _fetch(self, name: str, folder: Path) -> None:
        wanted = {f"{below}{table}.parquet" for table in SHARD_TABLES for below in ("", f"{CUT}/")}
        with self._packed(name) as packed:
            (folder / name).mkdir()
            for member in wanted.intersection(packed.namelist()):
                packed.extract(member, folder / name)

    @contextmanager
    def _packed(self, name: str) -> Iterator[zipfile.ZipFile]:
        """Give a part's files; raises `StoreError` where they are none."""
        content = self._prefix.get(f"shards/{name}{_ENDING}")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                yield packed
        except (zipfile.BadZipFile, KeyError) as error:
            raise StoreError(f"{self.address}/shards/{name}{_ENDING}: {error}") from error


def _zipped(folder: Path) -> bytes:
    """Return a folder's files as a zip; Parquet is compressed already."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(folder.rglob("*.*")):
            packed.write(path, path.relative_to(folder))
    return content.getvalue()
