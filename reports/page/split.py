"""One page per account where one page would be too large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.summary import NOT_COVERAGE, ROOT
from scanner.store import Store

if TYPE_CHECKING:
    from reports.reading import Row

SPLIT = 200_000
"""Findings above which every account gets a page of its own."""
GRAVEST = 20_000
"""Findings that the index page keeps."""

_LEFT_OUT = ("meta", "link", "baseline", "notice")
_BY_ANOTHER = {
    "ownership": "arn IN (SELECT arn FROM resource WHERE account_id = $1)",
    "claim_match": "claim_id IN (SELECT claim_id FROM claim WHERE account_id = $1)",
    "cluster": "list_contains(accounts, $1)",
}


def accounts(store: Store) -> list[Row]:
    """Return the accounts that have findings, with what an index says of each, worst first."""
    return store.rows(
        "SELECT account_id, count(*) FILTER (state = 'open') AS open,"  # noqa: S608
        " count(*) FILTER (state = 'open' AND severity = 'critical') AS critical,"
        " count(*) FILTER (state = 'open' AND severity = 'high') AS high,"
        " count(*) AS findings, any_value(strays) AS strays FROM findings LEFT JOIN"
        f" (SELECT account_id, count(*) AS strays FROM inventory WHERE {ROOT} GROUP BY account_id)"
        f" USING (account_id) WHERE account_id IS NOT NULL AND {NOT_COVERAGE}"
        " GROUP BY account_id ORDER BY critical DESC, high DESC, open DESC, account_id"
    )


def only(store: Store, account_id: str) -> Store:
    """Return a copy in memory that holds one account, and what belongs to no account."""
    copy = Store.memory()
    for name, columns in store.tables().items():
        if name in _LEFT_OUT:
            continue
        of_account = "account_id" in columns and name != "source"
        own = "account_id = $1" if of_account else "$1 IS NOT NULL"
        query = f"SELECT * FROM {name} WHERE {_BY_ANOTHER.get(name, own)}"  # noqa: S608
        copy.table_from_arrow(name, store.arrow(query, [account_id]))
    copy.as_of(store.value("SELECT getvariable('as_of')::VARCHAR"))
    return copy
