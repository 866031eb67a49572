"""One view per resource type that has rows, named and shaped in the Steampipe way."""

from __future__ import annotations

import re

from scanner import catalog
from scanner.store import Store


def make_type_views(store: Store) -> None:
    """Make `aws_sqs_queue` and its like: common columns, then each top-level property as JSON."""
    unreviewed = bool(store.value("SELECT count(*) FROM current_resource WHERE unreviewed"))
    entries = catalog.load(all_types=unreviewed).entries
    for row in store.rows(
        "SELECT resource_type, list(DISTINCT key) AS keys"
        " FROM (SELECT resource_type, unnest(json_keys(properties)) AS key FROM current_resource)"
        " GROUP BY resource_type"
    ):
        if row["resource_type"] in entries:
            store.run(_view(entries[row["resource_type"]].table, row["resource_type"], row["keys"]))


def _view(name: str, resource_type: str, properties: list[str]) -> str:
    columns = "".join(
        f", properties->{_literal('$.' + _path(key))} AS {_identifier(column)}"
        for column, key in _columns(properties)
    )
    return (
        f"CREATE OR REPLACE VIEW {_identifier(name)} AS SELECT arn,"  # noqa: S608 (quoted above)
        " coalesce(name, resource_id) AS title, name, tags, account_id, region, partition,"
        f" created_at, status, owner{columns} FROM inventory"
        f" WHERE resource_type = {_literal(resource_type)}"
    )


def _columns(properties: list[str]) -> list[tuple[str, str]]:
    """Snake-case column names for top-level properties, those that clash left out."""
    taken = {"arn", "title", "name", "tags", "account_id", "region", "partition", "created_at"}
    taken |= {"status", "owner"}
    found = []
    for key in sorted(properties):
        column = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", key).lower()
        if column not in taken:
            taken.add(column)
            found.append((column, key))
    return found


def _path(key: str) -> str:
    return '"' + key.replace('"', '\\"') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
