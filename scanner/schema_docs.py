"""What `schema.sql` says of each table, column and view, for people: its comments are the docs.

A comment above CREATE tells about the table or view, one at the end of a column's line about the
column, and the list at the file's head about columns that mean the same wherever they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scanner.store import Store, schema

_EVERYWHERE = re.compile(r"(?m)^--   (?P<name>\w+): (?P<told>.+)$")
_CREATE = re.compile(r"^CREATE (?P<kind>TABLE|VIEW) (?P<name>\w+)\b(?P<rest>.*)$")
_COLUMN = re.compile(r"^\s+(?P<name>\w+) [A-Z][^-]*?,?\s*(?:--\s*(?P<told>.*))?$")


@dataclass(frozen=True)
class Column:
    """A column with its DuckDB type; `told` is empty where no comment tells."""

    name: str
    kind: str
    told: str


@dataclass(frozen=True)
class Relation:
    """A table or a view (`kind`) with what it is and its columns in order."""

    name: str
    kind: str
    about: str
    columns: tuple[Column, ...]


@cache
def relations() -> dict[str, Relation]:
    """Return every table and view of `schema.sql` by name, tables first, in the file's order."""
    abouts, told = _comments(schema())
    everywhere = {match["name"]: match["told"] for match in _EVERYWHERE.finditer(schema())}
    found = {}
    with Store.memory() as store:
        for kind, name in abouts:
            places = [name, *(_read_by(name) if kind == "view" else ())]
            columns = tuple(
                Column(row["column_name"], row["column_type"], said)
                for row in store.rows(f'DESCRIBE "{name}"')
                for said in [_told(row["column_name"], places, told, everywhere)]
            )
            found[name] = Relation(name, kind, abouts[kind, name], columns)
    return dict(sorted(found.items(), key=lambda item: item[1].kind))


def _told(
    column: str, places: list[str], told: dict[tuple[str, str], str], everywhere: dict[str, str]
) -> str:
    """Return what is said of a column: beside it, in a table that the view reads, or for all."""
    beside = [told[place, column] for place in places if (place, column) in told]
    first = next((text for (_, name), text in told.items() if name == column), "")
    return next(iter(beside), everywhere.get(column, first))


def _read_by(view: str) -> list[str]:
    """Return the tables and views that a view's text names."""
    body = schema().partition(f"CREATE VIEW {view} AS")[2].partition(";")[0]
    return re.findall(r"\b(?:FROM|JOIN) (\w+)", body)


def _comments(text: str) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Return what stands above each CREATE by (kind, name), and beside each column."""
    abouts: dict[tuple[str, str], str] = {}
    told: dict[tuple[str, str], str] = {}
    above: list[str] = []
    table = ""
    for line in text.splitlines():
        if line.startswith("--"):
            above.append(line.removeprefix("--").strip())
        elif create := _CREATE.match(line):
            abouts[create["kind"].lower(), create["name"]] = " ".join(above)
            table = create["name"] if create["kind"] == "TABLE" else ""
        elif table and (column := _COLUMN.match(line)) and column["told"]:
            told[table, column["name"]] = column["told"].strip()
        if not line.startswith("--"):
            above = []
    return abouts, told
