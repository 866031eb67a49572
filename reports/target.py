"""Where a report goes: the standard output, a file written whole, a folder of files, or S3."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Self

from scanner.errors import ReportError

Deliver = Callable[[str, bytes], None]
"""Puts bytes at an `s3://BUCKET/KEY`; raises `ReportError` where it cannot."""


@dataclass(frozen=True)
class Target:
    """`FORMAT://PATH`, taken apart. `deliver` is there where writing to S3 is allowed."""

    format: str
    path: str
    deliver: Deliver | None = field(default=None, compare=False, repr=False)

    @property
    def is_stdout(self) -> bool:
        """Whether it is the standard output: `stdout` (as driftctl writes it), or no path."""
        return self.path in ("", "stdout")

    @property
    def is_s3(self) -> bool:
        """Whether it is in S3."""
        return self.path.startswith("s3://")

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder: it ends with a slash, or is one already."""
        if self.is_stdout or self.path.endswith("/"):
            return not self.is_stdout
        return not self.is_s3 and Path(self.path).is_dir()

    def __str__(self) -> str:
        return f"{self.format}://{self.path}"

    def child(self, name: str) -> Self:
        """Return the target of one file inside this folder; folders are made where they are not.

        `name` may have folders in it, with slashes between.
        """
        path = f"{self.path.rstrip('/')}/{name}"
        if not self.is_s3:
            try:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ReportError(f"{self} cannot be written: {_reason(error)}") from error
        return replace(self, path=path)

    def file(self) -> Path:
        """Return the file's path. Raises `ReportError` where it is none."""
        if self.is_stdout:
            raise ReportError(f"{self.format} cannot go to the standard output: name a file")
        if self.is_folder:
            raise ReportError(f"{self} is a folder: {self.format} is one file, name it")
        if self.is_s3:
            raise ReportError(f"{self}: {self.format} is written to a folder of this machine only")
        return Path(self.path)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open for writing. A file takes its name only when it is complete.

        Raises `ReportError` where the place cannot be written; what stood there then still stands.
        """
        if self.is_s3 and not self.is_folder:
            stream = BytesIO()
            yield stream
            self._put(stream.getvalue())
            return
        try:
            if self.is_stdout:
                sys.stdout.flush()
                yield sys.stdout.buffer
                sys.stdout.buffer.flush()
                return
            with _whole(self.file()) as file:
                yield file
        except OSError as error:
            raise ReportError(f"{self} cannot be written: {_reason(error)}") from error

    def _put(self, content: bytes) -> None:
        if self.deliver is None:
            raise ReportError(f"{self}: writing to S3 is not allowed here")
        self.deliver(self.path, content)


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with scratch.open("wb") as stream:
            yield stream
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "its folder does not exist, make it first"
    return (error.strerror or type(error).__name__).lower()
