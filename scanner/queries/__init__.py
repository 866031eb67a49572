"""Named queries: one SQL file each; the file name is the query's name, comments tell about it.

    -- title: ...    one line
    -- about: ...    what it is good for, and what it cannot tell; goes on in indented lines
    SELECT ...       one statement over the views

Any user may copy and change them: they use nothing that `strays query` does not have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scanner.errors import UsageError

_LINE = re.compile(r"^-- (?P<key>title|about): (?P<value>.+)$")
_MORE = re.compile(r"^--\s{2,}(?P<value>\S.*)$")


@dataclass(frozen=True)
class NamedQuery:
    """One shipped query. `sql` is the statement without its front matter and without `;`."""

    name: str
    title: str
    about: str
    sql: str


@cache
def named_queries() -> dict[str, NamedQuery]:
    """Return the shipped queries by name."""
    paths = sorted(files(__name__).iterdir(), key=lambda path: path.name)
    texts = {
        path.name.removesuffix(".sql"): path.read_text("utf-8")
        for path in paths
        if path.name.endswith(".sql")
    }
    return {name: _parse(name, text) for name, text in texts.items()}


def named(name: str) -> NamedQuery:
    """Return one query; raises `UsageError` with the known names where there is none."""
    try:
        return named_queries()[name]
    except KeyError:
        known = ", ".join(named_queries())
        raise UsageError(f"there is no query named {name!r}; there are {known}") from None


def _parse(name: str, text: str) -> NamedQuery:
    facts: dict[str, str] = {}
    key = ""
    lines = text.splitlines()
    while lines and lines[0].startswith("--"):
        line = lines.pop(0)
        if found := _LINE.match(line):
            key = found["key"]
            facts[key] = found["value"]
        elif key and (more := _MORE.match(line)):
            facts[key] += " " + more["value"]
    sql = "\n".join(lines).strip().removesuffix(";")
    return NamedQuery(name, facts["title"], facts["about"], sql)
