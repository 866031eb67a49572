"""What the sandbox runs, and in which shape the values come out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scanner.sandbox import run_query
from tests.query.conftest import ARN, FIRST, SECOND

ALLOWED = [
    "SELECT arn FROM inventory",
    "select arn from inventory;",
    "-- a comment\n(SELECT arn FROM inventory) -- another",
    "WITH strays AS (SELECT arn FROM inventory) SELECT * FROM strays",
    "FROM inventory SELECT arn",
    "FROM inventory",
    "TABLE inventory",
    "VALUES (1), (2)",
    "SELECT 1 UNION ALL SELECT 2",
    "DESCRIBE inventory",
    "DESC SELECT 1",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SUMMARIZE resource",
    "EXPLAIN SELECT * FROM inventory",
    "EXPLAIN ANALYZE SELECT * FROM inventory",
    "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
    "PIVOT resource ON region IN ('us-east-1') USING count(*) GROUP BY arn",
]


@pytest.mark.parametrize("statement", ALLOWED)
def test_a_statement_that_only_reads_gives_rows(database: Path, statement: str) -> None:
    result = run_query(database, statement)
    assert result.rows
    assert len(result.columns) == len(result.types) == len(result.rows[0])


VALUES = {
    "SELECT tags FROM inventory": {"team": "=cmd()"},
    "SELECT properties FROM inventory": {"DelaySeconds": 0, "Big": 12345678901234567890},
    "SELECT NULL::JSON": None,
    "SELECT seen_at FROM inventory": datetime(2026, 1, 2),
    "SELECT TIMESTAMPTZ '2026-01-02 03:04:05+01'": datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC),
    "SELECT '2026-01-02 03:04:05+01'::TIMESTAMPTZ::TIMESTAMP": datetime(2026, 1, 2, 2, 4, 5),
    "SELECT INTERVAL 36 HOUR": timedelta(hours=36),
    "SELECT DATE '2026-01-02'": date(2026, 1, 2),
    "SELECT 1.50": Decimal("1.50"),
    "SELECT sum(resources) FROM coverage": 2,
    "SELECT keys FROM resource LIMIT 1": [ARN],
    "SELECT {'a': [1, NULL]}": {"a": [1, None]},
    "SELECT 'é 💥'": "é 💥",
}


@pytest.mark.parametrize(("statement", "value"), VALUES.items())
def test_values_come_as_python_knows_them(database: Path, statement: str, value: object) -> None:
    [record] = run_query(database, statement).records()
    assert list(record.values()) == [value]


def test_columns_of_one_name_are_told_apart(database: Path) -> None:
    statement = "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a"
    assert run_query(database, statement).columns == ("a", "a_1", "a_1_1", "a_2")


def test_a_result_without_rows_still_has_its_columns(database: Path) -> None:
    result = run_query(database, "SELECT arn, tags FROM inventory WHERE false")
    assert (result.columns, result.rows, result.more) == (("arn", "tags"), [], False)


@pytest.mark.parametrize(
    ("asked", "given", "more"), [(0, 0, True), (2, 2, True), (3, 3, False), (9, 3, False)]
)
def test_rows_beyond_the_asked_are_left_out_and_that_is_said(
    database: Path, asked: int, given: int, more: bool
) -> None:
    result = run_query(database, "FROM range(3)", max_rows=asked)
    assert (len(result.rows), result.more) == (given, more)


def test_a_result_of_many_chunks_comes_whole_and_in_order(database: Path) -> None:
    result = run_query(database, "FROM range(25001) ORDER BY 1")
    assert [number for (number,) in result.rows] == list(range(25001))


@pytest.mark.parametrize(
    ("as_of", "status"), [(None, "unmanaged"), (FIRST, "managed"), (SECOND, "unmanaged")]
)
def test_the_past_is_shown_as_it_stood_after_a_scan(
    database: Path, as_of: str | None, status: str
) -> None:
    statement = "SELECT status FROM inventory"
    assert run_query(database, statement, as_of=as_of).rows == [(status,)]
