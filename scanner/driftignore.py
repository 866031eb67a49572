r"""driftctl's `.driftignore`, read as driftctl reads it, and its `--filter`.

A line is a gitignore pattern over `type.id` in Terraform's words, read by go-git, which matches as
Go's filepath.Match does: `*`, `?`, `[a-z]`, `[^a-z]`, and `\` before a character that means itself.
The last line that fits decides; `!` takes back what a line above ignores. A line that does not end
in `*` stands for `line.*` too, so a bare type ignores all of it.
https://github.com/snyk/driftctl/blob/main/pkg/filter/driftignore.go
https://github.com/go-git/go-git/blob/main/plumbing/format/gitignore/pattern.go
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner.catalog.expressions import compiled, search
from scanner.errors import ConfigError, UsageError

FILE_NAME = ".driftignore"
SLASH = "_-_"
"""What driftctl writes in place of `/` in patterns and names: to go-git, `/` would be a folder."""


@dataclass(frozen=True)
class Line:
    """One line that says something: its number, its text, and whether it takes back (`!`)."""

    number: int
    text: str
    includes: bool
    patterns: tuple[re.Pattern[str], ...]
    comment: str = ""

    def fits(self, name: str) -> bool:
        """Whether a name (`type.id`, slashes replaced) fits the line or `line.*`."""
        return any(pattern.fullmatch(name) for pattern in self.patterns)


@dataclass(frozen=True)
class DriftIgnore:
    """The lines of a file, in order."""

    lines: tuple[Line, ...]

    @classmethod
    def parse(cls, text: str) -> DriftIgnore:
        """Return the lines of a text; a malformed pattern (`[a`) fits nothing, as in driftctl."""
        found: list[Line] = []
        comment: list[str] = []
        for number, raw in enumerate(text.split("\n"), 1):
            text_line = raw.removesuffix("\r")
            if text_line.startswith("#"):
                comment.append(text_line.lstrip("#").strip())
                continue
            if text_line.strip(" "):
                found.append(_line(number, text_line, " ".join(comment)))
            comment = []
        return cls(tuple(found))

    @classmethod
    def read(cls, path: Path) -> DriftIgnore:
        """Read a file; raises `ConfigError` where it cannot be read."""
        try:
            return cls.parse(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"the ignore file {path} cannot be read: {error}") from error

    def deciding(self, resource_type: str, resource_id: str) -> Line | None:
        """Return the last line that fits a resource, whatever it says, or None."""
        name = f"{resource_type}.{resource_id}".replace("/", SLASH)
        return next((line for line in reversed(self.lines) if line.fits(name)), None)

    def ignoring(self, resource_type: str | None, ids: Iterable[str | None]) -> Line | None:
        """Return the line that ignores a resource, or None.

        `ids` are its names, Terraform's first; the first that any line fits decides.
        """
        if resource_type is None:
            return None
        for name in dict.fromkeys(ids):
            line = self.deciding(resource_type, name) if name else None
            if line is not None:
                return None if line.includes else line
        return None


def check_filter(expression: str) -> None:
    """Raise `UsageError` where a filter is no JMESPath; what it needs of a resource shows later."""
    try:
        compiled(f"[?{expression}]")
    except JMESPathError as error:
        raise UsageError(_filter_fails(expression, "", error)) from error


def selects(expression: str, resource: Mapping[str, Any]) -> bool:
    """Whether driftctl's `--filter` keeps a resource given as `Type`, `Id` and `Attr`.

    Raises `UsageError` where the expression is no JMESPath, or fails on this resource: driftctl
    stops then too, and whoever hides findings by mistake must learn it.
    https://github.com/snyk/driftctl/blob/main/pkg/filter/expression.go
    """
    try:
        return bool(search(f"[?{expression}]", [resource]))
    except JMESPathError as error:
        of = f" on {resource['Type']} {resource['Id']}"
        raise UsageError(_filter_fails(expression, of, error)) from error


def _filter_fails(expression: str, of: str, error: JMESPathError) -> str:
    told = str(error).splitlines()[0]
    return (
        f"--filter {expression!r} fails{of}: {told}; it is JMESPath over Type, Id and Attr, "
        "as in \"Type=='aws_s3_bucket' && Id=='logs'\""
    )


def _line(number: int, text: str, comment: str) -> Line:
    plain = text.replace("/", SLASH)
    texts = [plain] if plain.endswith("*") else [plain, f"{plain}.*"]
    includes = plain.startswith("!")
    patterns = [_regex(_trimmed(part.removeprefix("!") if includes else part)) for part in texts]
    kept = tuple(pattern for pattern in patterns if pattern)
    return Line(number, text, includes, kept, comment)


def _trimmed(pattern: str) -> str:
    return pattern if pattern.endswith("\\ ") else pattern.rstrip(" ")


def _regex(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern of Go's filepath.Match as a regular expression, None where it is malformed.

    https://pkg.go.dev/path/filepath#Match
    """
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            parts.append(".*" if parts[-1:] != [".*"] else "")
        elif char == "?":
            parts.append(".")
        elif char == "[":
            group = _group(pattern, at)
            if group is None:
                return None
            text, at = group
            parts.append(text)
        elif char == "\\":
            if at == len(pattern):
                return None
            parts.append(re.escape(pattern[at]))
            at += 1
        else:
            parts.append(re.escape(char))
    return re.compile("".join(parts), re.DOTALL)


def _group(pattern: str, at: int) -> tuple[str, int] | None:
    """Return a class that begins after its `[` and where it ends, None where it never does."""
    negated = pattern[at : at + 1] == "^"
    at += negated
    ranges: list[str] = []
    while pattern[at : at + 1] != "]" or not ranges:
        low = _member(pattern, at)
        if low is None:
            return None
        high, at = low
        first = high
        if pattern[at : at + 1] == "-":
            end = _member(pattern, at + 1)
            if end is None:
                return None
            high, at = end
        if first <= high:
            ranges.append(f"{re.escape(first)}-{re.escape(high)}")
        else:
            ranges.append("")
    inside = "".join(ranges)
    if not inside:
        return ("." if negated else "(?!)"), at + 1
    return f"[{'^' if negated else ''}{inside}]", at + 1


def _member(pattern: str, at: int) -> tuple[str, int] | None:
    """Return one character of a class, escapes read, and where the next begins."""
    char = pattern[at : at + 1]
    if char in ("", "-", "]"):
        return None
    if char == "\\":
        char, at = pattern[at + 1 : at + 2], at + 1
    return (char, at + 1) if char and pattern[at + 1 :] else None
