"""Redaction: a copy of the database in which strangers learn how much, not who and what.

The copy holds the same rows with every text replaced by a keyed hash, except for what `_KEPT`
names, so every format reads it as it reads the original, and one thing has one pseudonym in all of
them. What is not known to be harmless is hashed or left out: a column that a later schema adds
tells nothing until somebody lists it here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from scanner.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

_KEPT = frozenset(
    """
    scan_id state started_at strays_version partition outcome region regions cell_region
    resource_type service error_code kind terraform_type default_rule target_type owns trust
    source_kind claimed_type status owner_source rule rule_id type severity environment closed_how
    channel channels makes event_source event_name principal_type how
    """.split()
)
"""Columns of text that stay: words of ours and of AWS, and the names of environments."""

_TOLD = frozenset("message reason evidence default_evidence ignored fix covers properties".split())
"""Columns of free text, which may hold any name: left out whole."""

_SPECIAL = {
    ("scan", "scope"): "json_object('regions', scope->'regions', 'types', scope->'types')",
    ("finding", "message"): "replace(rule_id, '_', ' ')",
    ("finding", "fix"): "NULL",
}

# A keyed hash: the 10^12 account ids could be tried one by one against a bare one. ARNs keep their
# partition, service and region; the account `aws` owns what AWS makes for everybody.
_MACROS = """
CREATE OR REPLACE TEMP MACRO keyed(word) AS
    sha256(getvariable('redact_key') || sha256(getvariable('redact_key') || word));
CREATE OR REPLACE TEMP MACRO pseudonym(word) AS CASE
    WHEN word IN ('', '*', 'aws') THEN word
    WHEN regexp_full_match(word, '[0-9]{12}')
    THEN lpad((('0x' || keyed(word)[:14])::UBIGINT % 1000000000000)::VARCHAR, 12, '0')
    ELSE 'x' || keyed(word)[:16] END;
CREATE OR REPLACE TEMP MACRO redacted(word) AS CASE
    WHEN regexp_matches(word, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:')
    THEN array_to_string(string_split(word, ':')[:4], ':')
        || ':' || pseudonym(string_split(word, ':')[5])
        || ':' || pseudonym(array_to_string(string_split(word, ':')[6:], ':'))
    ELSE pseudonym(word) END;
"""

# An entry for a glob of accounts stands as one entry per account that it fits.
_OUT_OF_SCOPE = """
SELECT out_of_scope.* REPLACE (coalesce(place.account_id, out_of_scope.account) AS account)
FROM out_of_scope
LEFT JOIN (SELECT DISTINCT scan_id, account_id FROM coverage) AS place
    ON place.scan_id = out_of_scope.scan_id AND out_of_scope.account <> '*'
    AND place.account_id GLOB out_of_scope.account
"""


def redacted(store: Store, key: str | None = None) -> Store:
    """Return a copy in memory in which account ids, ARNs, names and all other texts are hashed.

    `key` makes the pseudonyms: with one key they are the same in every report, without it they are
    random for each call. The copy shows the same past as the original (`Store.as_of`).
    """
    store.run("SET VARIABLE redact_key = $1", [key or secrets.token_hex()])
    for macro in filter(str.strip, _MACROS.split(";\n")):
        store.run(macro)
    copy = Store.memory()
    for table in store.tables():
        if table != "meta" and store.value(f"SELECT count(*) FROM {table}"):  # noqa: S608
            copy.table_from_arrow(table, _copy_of(store, table))
    copy.as_of(store.value("SELECT getvariable('as_of')::VARCHAR"))
    return copy


def _copy_of(store: Store, table: str) -> pa.Table:
    columns = store.rows(
        "SELECT column_name AS name, data_type AS kind, is_nullable AS nullable"
        " FROM duckdb_columns() WHERE table_name = ? AND NOT internal ORDER BY column_index",
        [table],
    )
    picked = [f'{column_sql(table, **column)} AS "{column["name"]}"' for column in columns]
    rows = _OUT_OF_SCOPE if table == "out_of_scope" else f"FROM {table}"
    return store.arrow(f"SELECT {', '.join(picked)} FROM ({rows})")  # noqa: S608


def column_sql(table: str, name: str, kind: str, nullable: bool) -> str:
    """Return the SQL that a redacted copy holds in place of one column."""
    if (table, name) in _SPECIAL:
        return _SPECIAL[table, name]
    if name in _TOLD or kind == "JSON":
        empty = "'{}'" if kind == "JSON" else "'left out'"
        return f"NULL::{kind}" if nullable else empty
    if name in _KEPT:
        return f'"{name}"'
    if kind.startswith("MAP(VARCHAR"):
        value = "redacted(pair.value)" if kind.endswith("VARCHAR)") else "pair.value"
        entry = f"{{'key': redacted(pair.key), 'value': {value}}}"
        return f'map_from_entries([{entry} for pair in map_entries("{name}")])'
    if kind == "VARCHAR[]":
        return f'[redacted(word) for word in "{name}"]'
    return f'redacted("{name}")' if kind == "VARCHAR" else f'"{name}"'
