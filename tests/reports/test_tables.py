"""Parquet and CSV, read back by others."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from reports import Context, write
from reports.tables import EXPORTS
from reports.text import defused
from scanner.errors import ReportError
from tests.reports.sample import FORMULA, IMAGE, LONG, RTL, SCRIPT, SECOND, estate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Both formats written into folders of their own."""
    store = estate()
    for name in ("parquet", "csv"):
        write(f"{name}://{tmp_path}/{name}/", store, Context.of(store))
    return tmp_path


def test_a_folder_gets_one_file_per_table(folder: Path) -> None:
    for name in ("parquet", "csv"):
        assert {p.name for p in (folder / name).iterdir()} == {f"{t}.{name}" for t in EXPORTS}


def test_a_single_file_holds_the_findings(tmp_path: Path) -> None:
    store = estate()
    write(f"parquet://{tmp_path}/findings.parquet", store, Context.of(store))
    table = pq.read_table(tmp_path / "findings.parquet")
    assert table.num_rows == store.value("SELECT count(*) FROM findings")
    assert {"finding_id", "severity", "age_seconds", "evidence"} <= set(table.column_names)


def test_parquet_keeps_types_for_arrow(folder: Path) -> None:
    schema = pq.read_schema(folder / "parquet" / "inventory.parquet")
    assert str(schema.field("seen_at").type) == "timestamp[us]"
    assert str(schema.field("tags").type).startswith("map<string, string")
    assert str(schema.field("owned_via").type).startswith("list<")
    assert schema.metadata[b"scan_id"] == SECOND.encode()


def test_parquet_keeps_types_and_values_for_duckdb(folder: Path) -> None:
    path = folder / "parquet"
    read = duckdb.connect()
    tags = read.execute(
        f"SELECT tags FROM '{path}/inventory.parquet' WHERE resource_id = 'leak-2019'"
    ).fetchone()
    assert tags == ({"Name": FORMULA, IMAGE: SCRIPT, "note": LONG, "rtl": RTL},)
    age = read.execute(
        f"SELECT max(last_seen - first_seen), max(age_seconds) FROM '{path}/findings.parquet'"
    ).fetchone()
    assert age is not None
    assert age[0].total_seconds() == age[1] == 30 * 86_400
    seen = read.execute(f"SELECT max(seen_at) FROM '{path}/cell.parquet'").fetchone()
    assert seen == (datetime(2026, 11, 22, 2, 0),)


def test_every_file_has_the_rows_of_its_view(folder: Path) -> None:
    store = estate()
    for name, query in EXPORTS.items():
        expected = store.value(f"SELECT count(*) FROM ({query})")
        assert expected > 0
        assert pq.read_metadata(folder / "parquet" / f"{name}.parquet").num_rows == expected
        with (folder / "csv" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            assert len(list(csv.DictReader(lines))) == expected


def test_csv_cells_are_no_formulas_and_lose_nothing_else(folder: Path) -> None:
    with (folder / "csv" / "inventory.csv").open(newline="", encoding="utf-8") as lines:
        rows = {row["resource_id"]: row for row in csv.DictReader(lines)}
    leak = rows["leak-2019"]
    assert leak["name"] == f"'{FORMULA}"
    assert json.loads(leak["tags"])["rtl"] == RTL
    assert leak["created_at"] == "2025-10-18T02:00:00Z"
    assert leak["unreviewed"] == "false"
    assert json.loads(rows["i-0a"]["owned_via"]) == ["arn:aws:sqs:us-east-1:111111111111:jobs"]
    assert all(cell[:1] not in "=+-@\t\r" for row in rows.values() for cell in row.values() if cell)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\ufeff=1"]
)
def test_what_a_spreadsheet_would_run_gets_a_quote(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "arn:aws:s3:::x", "2026-01-01", "'=1", "שלום"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


def test_parquet_does_not_go_to_the_standard_output() -> None:
    with pytest.raises(ReportError, match="name a file"):
        write("parquet://stdout", estate(), Context())
