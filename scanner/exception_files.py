"""Writes exceptions files: adds an entry, ends one, converts a `.driftignore`.

A file belongs to the people who review it, so their comments and their order stay: an entry is
appended, and ending one changes one line. What comes out is read again before it is written.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scanner.config import ExceptionsConfig
from scanner.driftignore import DriftIgnore
from scanner.errors import ConfigError, UsageError
from scanner.exceptions import FILE_NAME, files_of, load, parse

_EXPIRES = re.compile(r"^(\s*expires\s*=\s*)[\d-]+")


def add(config: ExceptionsConfig, fields: dict[str, Any], today: date, path: Path | None) -> Path:
    """Append an entry to `path` (the first configured file) and return the file.

    Raises `ConfigError` for an entry that would not load; the file is then as it was.
    """
    path = path or next(iter(files_of(config)), Path(FILE_NAME))
    before = path.read_text("utf-8") if path.exists() else ""
    text = f"{before}{_gap(before)}{as_toml(fields)}"
    parse(text, path)
    _write_checked(path, before, text, config, today)
    return path


def end(config: ExceptionsConfig, exception_id: str, today: date) -> Path:
    """Let an entry's last day be yesterday and return its file.

    Raises `UsageError` where there is no such entry, `ConfigError` where its line is not found.
    """
    found = load(config, today)
    if exception_id not in found:
        known = ", ".join(sorted(found)) or "none"
        raise UsageError(f"there is no exception {exception_id!r}; there are: {known}")
    path, _ = found[exception_id]
    before = path.read_text("utf-8")
    last = today - timedelta(days=1)
    _write_checked(path, before, _with_end(before, exception_id, last, path), config, today)
    return path


def imported(read: DriftIgnore) -> list[dict[str, Any]]:
    """Return one entry per line that ignores, with every later line that takes back.

    Their union ignores what the file does: something is ignored where a line fits it and no later
    `!` line does.
    """
    return [
        {
            "id": f"driftignore-{line.number}",
            "ignore": [
                line.text,
                *(later.text for later in read.lines[at + 1 :] if later.includes),
            ],
            "reason": line.comment or f"was line {line.number} of the .driftignore",
        }
        for at, line in enumerate(read.lines)
        if not line.includes
    ]


def import_text(read: DriftIgnore, today: date) -> str:
    """Return the entries of a `.driftignore` as a file that does not load yet.

    Each still needs an owner, an approver, a ticket and an end: that is the point of it.
    """
    missing = {"owner": "", "approver": "", "ticket": "", "created": today}
    tables = [
        as_toml({**entry, **missing}) + "# expires = YYYY-MM-DD\n" for entry in imported(read)
    ]
    head = "# Every entry needs an owner, an approver, a ticket and an end before it loads.\n\n"
    return head + "\n".join(tables)


def as_toml(fields: dict[str, Any]) -> str:
    """Return an entry as TOML: texts, lists and maps of texts, and dates."""
    lines = [
        f"{key} = {_value(value)}" for key, value in fields.items() if value not in (None, [], {})
    ]
    return "\n".join(["[[exception]]", *lines, ""])


def _value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_value(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _gap(before: str) -> str:
    if not before:
        return ""
    return "\n" if before.endswith("\n") else "\n\n"


def _with_end(text: str, exception_id: str, last: date, path: Path) -> str:
    """Return the text with one entry's end changed, and no other entry's."""
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if _EXPIRES.match(line):
            changed = [*lines[:at], _EXPIRES.sub(rf"\g<1>{last}", line), *lines[at + 1 :]]
            if _ended(text, "".join(changed), path) == [exception_id]:
                return "".join(changed)
    raise ConfigError(
        f"{path}: the line `expires = ...` of {exception_id!r} was not found: edit it"
    )


def _ended(before: str, after: str, path: Path) -> list[str]:
    """Return the ids of the entries that differ."""
    pairs = zip(parse(before, path), parse(after, path), strict=True)
    return [old.id for (_, old), (_, new) in pairs if old != new]


def _write_checked(
    path: Path, before: str, text: str, config: ExceptionsConfig, today: date
) -> None:
    """Write a file and put it back as it was where the files no longer load together."""
    path.write_text(text, "utf-8")
    try:
        load(config.model_copy(update={"files": _with(path, config)}), today)
    except ConfigError:
        if before:
            path.write_text(before, "utf-8")
        else:
            path.unlink()
        raise


def _with(path: Path, config: ExceptionsConfig) -> list[str]:
    return [str(name) for name in dict.fromkeys([*files_of(config), path])]
