"""Marks findings that somebody allowed: they stay visible and name what allows them.

In this order: out of scope, exceptions, the ignore file, the filter, the baseline. The first that
fits is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from scanner import exceptions
from scanner.config import Config
from scanner.driftignore import FILE_NAME, DriftIgnore, check_filter, selects
from scanner.sql_steps import steps
from scanner.store import Store

Row = dict[str, Any]


@dataclass(frozen=True)
class Allowed:
    """Everything that may except a finding, read and checked before anything is judged."""

    exceptions: dict[str, tuple[Path, exceptions.Entry]] = field(default_factory=dict)
    ignore: DriftIgnore | None = None
    filter: str | None = None

    @classmethod
    def read(cls, config: Config, today: date) -> Allowed:
        """Read the files that the configuration names; raises `ConfigError`, `UsageError`."""
        path = Path(config.driftignore or FILE_NAME)
        ignore = DriftIgnore.read(path) if config.driftignore or path.is_file() else None
        if config.filter:
            check_filter(config.filter)
        return cls(exceptions.load(config.exceptions, today), ignore, config.filter)

    def write(self, store: Store, scan_id: str, today: date) -> None:
        """Write the exceptions into their table, in place of an earlier try of the same scan."""
        store.run("DELETE FROM exception WHERE scan_id = ?", [scan_id])
        rows = exceptions.as_rows(self.exceptions.values(), scan_id, today)
        store.table_from_rows("exception", rows)

    def mark(self, store: Store, scan_id: str) -> None:
        """Except the open findings of a scan that are allowed, and count what each entry covers."""
        script = _script()
        store.run_all(script["out_of_scope"], scan_id)
        store.run_all(script["covered"], scan_id)
        self._read_ignore_lines(store, scan_id)
        store.run_all(script["except"], scan_id)
        if self.ignore:
            _except(store, scan_id, _ignored_by(self.ignore))
        if self.filter:
            _except(store, scan_id, _left_out_by(self.filter))

    def _read_ignore_lines(self, store: Store, scan_id: str) -> None:
        """Take back what an exception's `ignore` lines do not fit."""
        for _, entry in self.exceptions.values():
            lines = entry.ignores()
            if lines is not None:
                fits = _ignored_by(lines)
                kept = [found for found, rows in _things(store, scan_id) if _all(fits, rows)]
                store.run(
                    "DELETE FROM covered WHERE exception_id = ?"
                    " AND NOT list_contains(?::VARCHAR[], finding_id)",
                    [entry.id, kept],
                )


def baseline(store: Store, scan_id: str) -> None:
    """Mark the open findings of a scan that were accepted as known."""
    store.run_all(_script()["baseline"], scan_id)


def _script() -> dict[str, list[str]]:
    return steps(files("rules").joinpath("steps/allowed.sql").read_text("utf-8"))


def _ignored_by(lines: DriftIgnore) -> Callable[[Row], str | None]:
    def why(row: Row) -> str | None:
        line = lines.ignoring(row["type"], (row["terraform_id"], row["resource_id"]))
        return f"driftignore:{line.number}" if line else None

    return why


def _left_out_by(expression: str) -> Callable[[Row], str | None]:
    def why(row: Row) -> str | None:
        identifier = row["terraform_id"] or row["resource_id"]
        resource = {"Type": row["type"], "Id": identifier, "Attr": _attributes(row)}
        return None if selects(expression, resource) else "filter"

    return why


def _attributes(row: Row) -> Row:
    """Return AWS's members of a resource, under Terraform's spelling of them too, and its tags."""
    properties = json.loads(row["properties"] or "{}")
    spelled = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower(): name for name in properties}
    snake = {name: properties[member] for name, member in spelled.items()}
    known = {name: row[name] for name in ("arn", "name", "region", "account_id")}
    return {**properties, **snake, **known, "tags": row["tags"] or {}}


def _except(store: Store, scan_id: str, why: Callable[[Row], str | None]) -> None:
    """Except the open findings of which every resource is allowed; the first names the reason."""
    found = {name: _all(why, rows) for name, rows in _things(store, scan_id)}
    excepted = {name: reason for name, reason in found.items() if reason}
    store.run(
        "UPDATE finding SET state = 'excepted', exception_id = allowed.reason"
        " FROM (SELECT unnest(?::VARCHAR[]) AS name, unnest(?::VARCHAR[]) AS reason) AS allowed"
        " WHERE scan_id = ? AND state = 'open' AND finding_id = allowed.name",
        [list(excepted), list(excepted.values()), scan_id],
    )


def _all(why: Callable[[Row], str | None], rows: list[Row]) -> str | None:
    reasons = [why(row) for row in rows]
    return reasons[0] if all(reasons) else None


def _things(store: Store, scan_id: str) -> Iterator[tuple[str, list[Row]]]:
    """Yield each finding of a scan that speaks of resources, with those resources.

    One finding may speak of several (`evidence.arns`), or of one that is not there (a missing one).
    """
    rows = store.rows(
        "WITH said AS (SELECT *, unnest(CASE WHEN json_exists(evidence, '$.arns')"
        "   THEN evidence->>'$.arns[*]' ELSE [arn] END) AS thing FROM finding WHERE scan_id = ?)"
        " SELECT said.finding_id, it.terraform_id, it.properties, it.tags,"
        " coalesce(it.terraform_type, said.terraform_type, it.resource_type, said.resource_type)"
        "   AS type, coalesce(it.resource_id, said.resource_id) AS resource_id,"
        " thing AS arn, coalesce(it.name, said.name) AS name, said.region, said.account_id"
        " FROM said LEFT JOIN inventory AS it ON it.arn = said.thing ORDER BY said.finding_id",
        [scan_id],
    )
    for name, found in groupby(rows, key=lambda row: str(row["finding_id"])):
        things = list(found)
        if all(row["type"] and row["resource_id"] for row in things):
            yield name, things
