"""The strays that a hand-off is about: chosen by name, or all of them, with their dependents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scanner.catalog import Catalog
from scanner.documents import Document
from scanner.errors import UsageError
from scanner.store import Store

_COLUMNS = (
    "arn, resource_type, terraform_type, resource_id, terraform_id, name, account_id, region,"
    " partition, environment, tags, properties, parent_arn, root, status, created_at, first_seen"
)

Rows = dict[tuple[str, str], dict[str, Any]]
"""Rows of the inventory by ARN and type: a thing and its part may share an ARN."""


@dataclass(frozen=True)
class Stray:
    """One unmanaged resource. `document` is what the catalog's templates are filled from."""

    arn: str
    resource_type: str
    terraform_type: str | None
    resource_id: str
    terraform_id: str
    name: str | None
    account_id: str
    region: str
    partition: str
    environment: str | None
    root: str | None
    status: str
    created_at: datetime | None
    first_seen: datetime
    tags: dict[str, str]
    document: Document = field(repr=False)
    refers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The name that people know it by."""
        return self.name or self.resource_id

    @property
    def place(self) -> tuple[str, str]:
        """Account and region."""
        return self.account_id, self.region


def choose(store: Store, catalog: Catalog, named: Iterable[str], everything: bool) -> list[Stray]:
    """Return the strays that were named (ARN, id or name) or every one, each with its dependents.

    Roots come before their dependents. Raises `UsageError` for a name that fits nothing, or
    several things, or something that is no stray.
    """
    wanted = [] if everything else [_one(store, text) for text in named]
    if not everything and not wanted:
        raise UsageError("name the strays (ARN, id or name), or give --all")
    if everything:
        return from_rows(store, catalog, "status = 'unmanaged'")
    condition = "status = 'unmanaged' AND list_contains($wanted, coalesce(root, arn))"
    return from_rows(store, catalog, condition, {"wanted": wanted})


def from_rows(
    store: Store, catalog: Catalog, condition: str, values: dict[str, Any] | None = None
) -> list[Stray]:
    """Return the resources of the inventory for which a condition of ours holds, roots first."""
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM inventory WHERE {condition}"  # noqa: S608
        " ORDER BY account_id, region, root IS NOT NULL, resource_type, arn",
        values,
    )
    return _strays(store, catalog, rows)


def _one(store: Store, text: str) -> str:
    """Return the ARN of the root that a name means."""
    rows = store.rows(
        "SELECT DISTINCT arn, status, root FROM inventory"
        " WHERE arn = $text OR resource_id = $text OR name = $text ORDER BY arn = $text DESC",
        {"text": text},
    )
    if not rows:
        raise UsageError(f"{text} is not in the inventory: give an ARN, an id or a name")
    if len(rows) > 1 and rows[0]["arn"] != text:
        raise UsageError(f"{text} fits {len(rows)} resources: give its ARN")
    if rows[0]["status"] != "unmanaged":
        raise UsageError(f"{text} is {rows[0]['status']}, so there is nothing to hand over")
    return str(rows[0]["root"] or rows[0]["arn"])


def _strays(store: Store, catalog: Catalog, rows: list[dict[str, Any]]) -> list[Stray]:
    parents = _parents(store, rows)
    refers = _references(store, [row["arn"] for row in rows])
    found = []
    for row in rows:
        document = as_document(catalog, row, parents)
        del row["properties"], row["parent_arn"]
        row["terraform_id"] = row["terraform_id"] or row["resource_id"]
        row["tags"] = row["tags"] or {}
        found.append(Stray(**row, document=document, refers=refers.get(row["arn"], ())))
    return found


def _parents(store: Store, rows: list[dict[str, Any]]) -> Rows:
    """Return the rows above these, up to the top."""
    found: Rows = {}
    wanted = {row["parent_arn"] for row in rows if row["parent_arn"]}
    while wanted:
        above = store.rows(
            f"SELECT {_COLUMNS} FROM inventory WHERE list_contains($wanted, arn)",  # noqa: S608
            {"wanted": sorted(wanted)},
        )
        found.update(((row["arn"], row["resource_type"]), row) for row in above)
        seen = {arn for arn, _ in found}
        wanted = {row["parent_arn"] for row in above if row["parent_arn"]} - seen
    return found


def as_document(catalog: Catalog, row: dict[str, Any], parents: Rows) -> Document:
    """Return a stored row as the document that the catalog's expressions are written for."""
    properties = row["properties"]
    document: Document = json.loads(properties) if isinstance(properties, str) else {}
    entry = catalog.entries.get(row["resource_type"])
    document.update(
        _arn=row["arn"], _id=row["resource_id"], _name=row["name"], _tags=row["tags"] or {},
        _account=row["account_id"], _region=row["region"], _partition=row["partition"],
        _terraform_id=row["terraform_id"] or row["resource_id"], _created=row["created_at"],
    )  # fmt: skip
    if entry and entry.key.id == "_item":
        document["_item"] = row["resource_id"]
    above_type = entry.parent or "" if entry else ""
    if above := parents.get((row["parent_arn"] or "", above_type)):
        document["_parent"] = as_document(catalog, above, parents)
    return document


def _references(store: Store, arns: list[str]) -> dict[str, tuple[str, ...]]:
    """Return what each of these names, by ARN: the far ends of its links."""
    rows = store.rows(
        "SELECT arn, list(DISTINCT target_arn) AS far FROM link_target"
        " WHERE target_arn IS NOT NULL AND target_arn <> arn AND list_contains($arns, arn)"
        " GROUP BY arn",
        {"arns": arns},
    )
    return {row["arn"]: tuple(sorted(row["far"])) for row in rows}
