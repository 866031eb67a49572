"""Where a report goes: the standard output, a file written whole, or a folder of files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scanner.errors import ReportError


@dataclass(frozen=True)
class Target:
    """`FORMAT://PATH`, taken apart."""

    format: str
    path: str

    @property
    def is_stdout(self) -> bool:
        """Whether it is the standard output: `stdout` (as driftctl writes it), or no path."""
        return self.path in ("", "stdout")

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder: it ends with a slash, or is one already."""
        return not self.is_stdout and (self.path.endswith("/") or Path(self.path).is_dir())

    def __str__(self) -> str:
        return f"{self.format}://{self.path}"

    def child(self, name: str) -> Target:
        """Return the target of one file inside this folder; the folder is made where it is not."""
        folder = Path(self.path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReportError(f"{self} cannot be written: {_reason(error)}") from error
        return Target(self.format, str(folder / name))

    def file(self) -> Path:
        """Return the file's path. Raises `ReportError` where it is stdout or a folder."""
        if self.is_stdout:
            raise ReportError(f"{self.format} cannot go to the standard output: name a file")
        if self.is_folder:
            raise ReportError(f"{self} is a folder: {self.format} is one file, name it")
        return Path(self.path)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open for writing. A file takes its name only when it is complete.

        Raises `ReportError` where the place cannot be written; what stood there then still stands.
        """
        try:
            if self.is_stdout:
                sys.stdout.flush()
                yield sys.stdout.buffer
                sys.stdout.buffer.flush()
                return
            with _whole(self.file()) as stream:
                yield stream
        except OSError as error:
            raise ReportError(f"{self} cannot be written: {_reason(error)}") from error


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
