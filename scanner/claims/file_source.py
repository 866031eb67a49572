"""States in files: `tfstate://path-or-glob`, `tfstate://-` for standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

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
from scanner.errors import SourceError

SCHEME = "tfstate://"


def file_states(place: str) -> Iterator[StateSource]:
    """Yield a source for each file that the path or glob names; `~` and `**` are understood."""
    if place == "-":
        yield StateSource(f"{SCHEME}-", lambda: (_blocks(sys.stdin.buffer), None))
        return
    whole = os.path.abspath(os.path.expanduser(place))
    if has_glob(place) and not os.path.exists(whole):
        yield from _globbed(whole)
    else:
        yield _file(Path(whole))


def _globbed(glob: str) -> Iterator[StateSource]:
    """Yield what a glob fits, and a failed source for each folder that cannot be looked into."""
    unseen: list[OSError] = []
    pattern = glob_pattern(glob)
    found = [name for name in _below(glob, unseen) if pattern.fullmatch(name)]
    for name in sorted(found):
        yield _file(Path(name))
    for error in unseen:
        why = SourceError(f"the folder cannot be looked into: {error.strerror}")
        why.__cause__ = error
        source = failed(f"{SCHEME}{error.filename}", why)
        source.nothing = isinstance(error, FileNotFoundError)
        yield source
    if not found and not unseen:
        yield nothing_fits(f"{SCHEME}{glob}", "no file fits this glob")


def _below(glob: str, unseen: list[OSError]) -> Iterator[str]:
    """Yield the files in the folders that the glob can reach.

    As in a shell, links are followed (once), and hidden folders are passed by unless named:
    `.terraform` holds settings that are called `terraform.tfstate` too.
    """
    start = literal_prefix(glob).rpartition("/")[0]
    deepest = None if "**" in glob else glob.count("/")
    visited: set[str] = set()
    for folder, folders, files in os.walk(start or "/", onerror=unseen.append, followlinks=True):
        real = os.path.realpath(folder)
        too_deep = deepest is not None and folder.rstrip("/").count("/") + 1 >= deepest
        if real in visited or too_deep:
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".") or f"/{name}/" in glob]
        if real not in visited:
            yield from (os.path.join(folder, name) for name in files)
        visited.add(real)


def _file(path: Path) -> StateSource:
    if path.is_dir():
        way = f"it is a folder: name the file, or all below with {SCHEME}{path}/**/*.tfstate"
        return failed(f"{SCHEME}{path}", SourceError(way))
    return StateSource(f"{SCHEME}{path}", lambda: _opened(path), skipped=no_state(path.name))


def _opened(path: Path) -> tuple[Chunks, datetime | None]:
    try:
        file = path.open("rb")
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    except FileNotFoundError as error:
        raise SourceError("there is no such file") from error
    except OSError as error:
        raise SourceError(f"it cannot be opened: {error.strerror}") from error
    return _blocks(file), changed


def _blocks(file: BinaryIO) -> Chunks:
    try:
        with file:
            while block := file.read(CHUNK):
                yield block
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}") from error
