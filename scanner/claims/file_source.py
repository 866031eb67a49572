"""States in files: `tfstate://path-or-glob`, `tfstate://-` for standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from glob import iglob
from pathlib import Path
from typing import BinaryIO

from scanner.claims.source import CHUNK, Chunks, StateSource, failed, has_glob, no_state
from scanner.errors import SourceError

SCHEME = "tfstate://"


def file_states(place: str) -> Iterator[StateSource]:
    """Yield a source for each file that the path or glob names; `~` and `**` are understood."""
    if place == "-":
        yield StateSource(f"{SCHEME}-", lambda: (_blocks(sys.stdin.buffer), None))
        return
    path = Path(place).expanduser()
    if has_glob(place) and not path.exists():
        yield from _globbed(path)
        return
    yield _file(path)


def _globbed(path: Path) -> Iterator[StateSource]:
    """Yield what a glob fits; as in a shell, it does not look into hidden folders."""
    found = sorted(name for name in iglob(str(path), recursive=True) if Path(name).is_file())
    for name in found:
        yield _file(Path(name))
    if not found:
        yield failed(f"{SCHEME}{path}", SourceError("no file fits this glob"))


def _file(path: Path) -> StateSource:
    whole = path.absolute()
    if whole.is_dir():
        way = f"it is a folder: name the file, or all below with {SCHEME}{whole}/**/*.tfstate"
        return failed(f"{SCHEME}{whole}", SourceError(way))
    return StateSource(f"{SCHEME}{whole}", lambda: _opened(whole), skipped=no_state(whole.name))


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
