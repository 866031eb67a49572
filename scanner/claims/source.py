"""One place where a state lies: its name, how to read it, or why it is not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.error import HTTPError

from scanner.errors import CallError, SourceError
from scanner.model import Outcome

CHUNK = 1 << 20
"""Bytes read at a time."""

Chunks = Generator[bytes, None, None]

_NO_STATES = (
    (re.compile(r"\.(tflock|lock\.info)$"), "a lock file, which says only who is at work"),
    (re.compile(r"\.backup$"), "a backup of an older state"),
    (
        re.compile(r"(^|/)errored\.tfstate$"),
        "what Terraform saved when it could not write to its backend; bring it home with "
        "`terraform state push errored.tfstate`",
    ),
)


@dataclass
class StateSource:
    """A state to read. `source_id` holds no credentials.

    `opened` gives the chunks and, where only that tells, the time of the last change; it raises
    `SourceError` without naming the source, which is done here. `nothing` marks a glob that fits
    nothing, which is no error where it was only a guess; `kind` is the tool that wrote it.
    """

    source_id: str
    opened: Callable[[], tuple[Chunks, datetime | None]]
    modified_at: datetime | None = None
    skipped: str | None = None
    nothing: bool = False
    kind: str = "terraform"

    @contextmanager
    def chunks(self) -> Iterator[Iterable[bytes]]:
        """Open the state; a `SourceError` raised while it is read comes out with its name."""
        try:
            chunks, modified_at = self.opened()
            self.modified_at = modified_at or self.modified_at
            with closing(chunks):
                yield chunks
        except SourceError as error:
            raise SourceError(f"{self.source_id}: {error}") from error

    def read(self) -> bytes:
        """Return the whole state; raises `SourceError` where it cannot be had."""
        with self.chunks() as chunks:
            return b"".join(chunks)


def failed(source_id: str, why: SourceError) -> StateSource:
    """Return a source that cannot even be opened: reading it raises why."""

    def opened() -> tuple[Chunks, datetime | None]:
        raise why

    return StateSource(source_id, opened)


def nothing_fits(source_id: str, why: str) -> StateSource:
    """Return the failed source of a glob that fits nothing."""
    source = failed(source_id, SourceError(why))
    source.nothing = True
    return source


def no_state(name: str) -> str | None:
    """Return why a file of this name is no state (a lock, a backup), or None."""
    return next((why for pattern, why in _NO_STATES if pattern.search(name)), None)


def outcome_of(error: BaseException) -> str:
    """Return `denied` where a missing permission is behind an error, else `failed`."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, CallError) and cause.outcome == Outcome.DENIED:
            return "denied"
        if isinstance(cause, HTTPError) and cause.code in (401, 403):
            return "denied"
        if isinstance(cause, PermissionError):
            return "denied"
        cause = cause.__cause__
    return "failed"


def glob_pattern(glob: str) -> re.Pattern[str]:
    """Return a glob over keys as a pattern: `**` crosses folders, `*` and `?` do not."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[!?[^\]]+\])", glob)
    return re.compile("".join(_piece(piece) for piece in pieces), re.DOTALL)


def _piece(piece: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if piece in known:
        return known[piece]
    if piece.startswith("[") and piece.endswith("]"):
        negated = piece.startswith("[!")
        inner = piece[2 if negated else 1 : -1].replace("\\", "\\\\").replace("[", "\\[")
        return f"[{'^' if negated else ''}{inner}]"
    return re.escape(piece)


def literal_prefix(glob: str) -> str:
    """Return what stands before a glob's first mark."""
    return glob[: min(glob.index(mark) for mark in "*?[" if mark in glob)]


def has_glob(text: str) -> bool:
    """Whether a text holds a glob's marks."""
    return any(mark in text for mark in "*?[")
