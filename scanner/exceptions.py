"""exceptions.toml: who agreed to what, why, and until when.

    [[exception]]
    id = "EXC-14"
    type = "aws_instance"                 # any of: rule, type, resource (ARN or id), account,
    account = "444444444444"              # environment, region (globs), tags, ignore (driftctl's
    tags = { team = "data" }              # grammar); all that is given must fit
    reason = "Load test of the new cluster"
    owner = "data@example.com"
    approver = "ciso@example.com"
    ticket = "SEC-991"
    created = 2026-11-01
    expires = 2026-12-15                  # the last day it holds (UTC)

One malformed entry stops the run: then nothing is suppressed, rather than too much or too little.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scanner.config import ExceptionsConfig, duration
from scanner.driftignore import DriftIgnore
from scanner.errors import ConfigError

FILE_NAME = "exceptions.toml"
GLOBS = ("rule", "type", "resource", "account", "environment", "region")
"""The members that are globs over a finding's own columns."""


class Entry(BaseModel):
    """One exception as a person wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    rule: str = Field("*", min_length=1)
    type: str = Field("*", min_length=1)
    resource: str = Field("*", min_length=1)
    account: str = Field("*", min_length=1)
    environment: str = Field("*", min_length=1)
    region: str = Field("*", min_length=1)
    tags: dict[str, str] = {}
    ignore: list[str] = []
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    approver: str = Field(min_length=2)
    ticket: str = Field(min_length=1)
    created: date
    expires: date

    def covers(self) -> str:
        """Return in words what it covers."""
        said = [f"{name} {glob}" for name in GLOBS if (glob := getattr(self, name)) != "*"]
        said += [f"tag {key}={glob}" for key, glob in self.tags.items()]
        said += [f"ignore {line}" for line in self.ignore]
        return ", ".join(said)

    def ignores(self) -> DriftIgnore | None:
        """Return its lines in driftctl's grammar, None where it has none."""
        return DriftIgnore.parse("\n".join(self.ignore)) if self.ignore else None

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires < today

    def approves_itself(self) -> bool:
        """Whether one person asked for it and allowed it."""
        return self.owner.strip().casefold() == self.approver.strip().casefold()

    def model_post_init(self, _: Any) -> None:
        """Refuse what covers everything: an exception says what for."""
        if not self.covers():
            raise ValueError(f"covers everything; give at least one of {', '.join(GLOBS)}, tags")


def files_of(config: ExceptionsConfig) -> list[Path]:
    """Return the configured files, or the usual one where it is there."""
    if config.files:
        return [Path(name) for name in config.files]
    return [Path(FILE_NAME)] if Path(FILE_NAME).is_file() else []


def load(config: ExceptionsConfig, today: date) -> dict[str, tuple[Path, Entry]]:
    """Return the entries of all files by id.

    Raises `ConfigError` naming file, line and entry for anything malformed: an unknown key, a
    missing one, an id used twice, a term longer than `max_term`, or one that begins in the future.
    """
    found: dict[str, tuple[Path, Entry]] = {}
    for path in files_of(config):
        for place, entry in parse(_text(path), path):
            if entry.id in found:
                other = found[entry.id][0]
                raise ConfigError(f"{place}: the id {entry.id!r} is taken already, in {other}")
            _check_term(entry, config.max_term, today, place)
            found[entry.id] = (path, entry)
    return found


def parse(text: str, path: Path) -> list[tuple[str, Entry]]:
    """Return a text's entries, each with its place for messages (`file, line N`)."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    unknown = sorted(set(data) - {"exception"})
    entries = data.get("exception", [])
    if unknown or not isinstance(entries, list):
        raise ConfigError(f"{path}: only [[exception]] tables stand here, not {unknown}")
    places = _places(text, path, len(entries))
    return [(place, _entry(entry, place)) for place, entry in zip(places, entries, strict=True)]


def _entry(data: Any, place: str) -> Entry:
    try:
        return Entry.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        name = f" ({data['id']})" if isinstance(data, dict) and data.get("id") else ""
        told = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{place}{name}: {f'{key}: ' if key else ''}{told}") from error


def _places(text: str, path: Path, count: int) -> list[str]:
    """Return where each table begins; plain file names where the text writes them otherwise."""
    lines = [at for at, line in enumerate(text.splitlines(), 1) if _is_header(line)]
    return [f"{path}, line {at}" for at in lines] if len(lines) == count else [str(path)] * count


def _is_header(line: str) -> bool:
    return line.replace(" ", "").startswith("[[exception]]")


def _check_term(entry: Entry, max_term: str, today: date, place: str) -> None:
    if entry.created > today + timedelta(days=1):  # it may be tomorrow already where it was written
        raise ConfigError(f"{place} ({entry.id}): created {entry.created} lies in the future")
    if entry.expires - entry.created > duration(max_term):
        raise ConfigError(
            f"{place} ({entry.id}): lasts from {entry.created} to {entry.expires}, longer than"
            f" [exceptions] max_term = {max_term!r} allows"
        )


def as_rows(
    entries: Iterable[tuple[Path, Entry]], scan_id: str, today: date
) -> list[dict[str, Any]]:
    """Return rows of the table `exception`, nothing hit yet."""
    return [
        {
            "scan_id": scan_id, "exception_id": entry.id, "file": str(path),
            "covers": entry.covers(), **{name: getattr(entry, name) for name in GLOBS},
            "tags": list(entry.tags.items()), "ignore": entry.ignore, "reason": entry.reason,
            "owner": entry.owner, "approver": entry.approver, "ticket": entry.ticket,
            "created": entry.created, "expires": entry.expires,
            "expired": entry.expired(today), "hits": 0,
        }
        for path, entry in entries
    ]  # fmt: skip


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the exceptions file {path} cannot be read: {error}") from error
