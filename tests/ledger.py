"""Rows of `coverage` by hand: it is a view, since it is kept in groups."""

from __future__ import annotations

from scanner.store import Store


def add_cells(store: Store, query: str) -> None:
    """Append the rows that a query tells of."""
    store.table_from_arrow("coverage", store.arrow(query))


def change_cells(store: Store, column: str, value: str, where: str = "true") -> None:
    """Set a column of the rows that fit, as an UPDATE would."""
    picked = f"CASE WHEN {where} THEN {value} ELSE {column} END AS {column}"
    rows = store.arrow(f"SELECT * REPLACE ({picked}) FROM coverage")
    store.run("DELETE FROM coverage_group")
    store.table_from_arrow("coverage", rows)
