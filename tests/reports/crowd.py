"""An estate of any size, made in SQL: what a report costs when there is much to say."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files

from scanner.store import Store
from tests.ledger import add_cells
from tests.reports.sample import BEGAN, FIRST, SECOND, scan_row


def many(strays: int, accounts: int = 40) -> Store:
    """Return an estate of that many strays, each with a finding, over accounts and regions."""
    store = Store.memory()
    store.table_from_rows("scan", [scan_row(FIRST, BEGAN - timedelta(days=1))])
    store.table_from_rows("scan", [scan_row(SECOND, BEGAN)])
    values = {"scan": SECOND, "began": BEGAN, "n": strays, "accounts": accounts}
    for statement in files("tests.reports").joinpath("crowd.sql").read_text().split(";\n"):
        named = {key: value for key, value in values.items() if f"${key}" in statement}
        store.rows(statement, named)
    add_cells(store, "FROM cells")
    return store
