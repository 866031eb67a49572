"""A query's result as a Parquet file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from scanner.errors import QueryError, ReportError
from scanner.sandbox import write_parquet
from tests.query.conftest import ARN, FIRST

VALUES = {
    "SELECT arn FROM inventory": ARN,
    "SELECT tags FROM inventory": [("team", "=cmd()")],
    "SELECT seen_at FROM inventory": datetime(2026, 1, 2),
    "SELECT TIMESTAMPTZ '2026-01-02 03:04:05+01'": datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC),
    "SELECT INTERVAL '2 months 1 day 90 seconds'": 61 * 86_400 + 90,
    "SELECT NULL::INTERVAL": None,
    "SELECT keys FROM resource LIMIT 1": [ARN],
    "SELECT column_name FROM (DESCRIBE SELECT 1 AS a)": "a",
}


@pytest.mark.parametrize(("statement", "value"), VALUES.items())
def test_values_keep_their_types_and_spans_become_seconds(
    database: Path, tmp_path: Path, statement: str, value: object
) -> None:
    [row] = _written(database, statement, tmp_path)
    assert list(row.values()) == [value]


@pytest.mark.parametrize("view", ["inventory", "claims", "findings", "cell"])
def test_every_view_can_be_written(database: Path, tmp_path: Path, view: str) -> None:
    assert isinstance(_written(database, f"FROM {view}", tmp_path), list)


def test_a_result_of_many_batches_comes_whole_with_names_told_apart(
    database: Path, tmp_path: Path
) -> None:
    rows = _written(database, "SELECT range AS a, -range AS a FROM range(25001)", tmp_path)
    assert rows == [{"a": number, "a_1": -number} for number in range(25001)]


def test_the_past_is_written_as_it_stood_after_a_scan(database: Path, tmp_path: Path) -> None:
    [row] = _written(database, "SELECT status FROM inventory", tmp_path, as_of=FIRST)
    assert row == {"status": "managed"}


FAILING = {
    "SELECT if(range = 90000, error('here'), range::VARCHAR) FROM range(100000)": (
        "failed: .*here",
        600,
    ),
    "FROM range(100000000000)": ("stopped after 1 s", 1),
    "SELECT repeat('x', 10000000) FROM range(1000)": ("needs more than 100MB", 600),
}


@pytest.mark.parametrize(("statement", "told"), FAILING.items())
def test_a_query_that_fails_midway_leaves_the_old_file(
    database: Path, tmp_path: Path, statement: str, told: tuple[str, float]
) -> None:
    sentence, seconds = told
    out = tmp_path / "out.parquet"
    out.write_text("old")
    with pytest.raises(QueryError, match=sentence):
        write_parquet(database, statement, out, timeout_s=seconds, memory_limit="100MB")
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet", "strays.duckdb"]


def test_a_place_that_cannot_be_written_is_named(database: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"nowhere/out\.parquet cannot be written"):
        write_parquet(database, "SELECT 1", tmp_path / "nowhere" / "out.parquet")


def test_a_type_that_parquet_lacks_is_said(database: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no form in Parquet"):
        write_parquet(database, "SELECT union_value(a := 1)", tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def _written(database: Path, statement: str, folder: Path, **more: Any) -> list[dict[str, Any]]:
    out = folder / "out.parquet"
    count = write_parquet(database, statement, out, **more)
    rows: list[dict[str, Any]] = parquet.read_table(out).to_pylist()
    assert len(rows) == count
    return rows
