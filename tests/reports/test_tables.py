"""Parquet and CSV, read back by others."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from pyarrow.dataset import dataset, field

from reports import Context, write
from reports.tables import EXPORTS, snapshot
from reports.text import defused
from scanner.errors import ReportError
from tests.reports.sample import (
    BEGAN,
    FIRST,
    FORMULA,
    IMAGE,
    LONG,
    PRODUCTION,
    RTL,
    SANDBOX,
    SCRIPT,
    SECOND,
    estate,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Both formats written into folders of their own."""
    store = estate()
    for name in ("parquet", "csv"):
        write(f"{name}://{tmp_path}/{name}/", store, Context.of(store))
    return tmp_path


def test_csv_makes_a_file_per_table_and_parquet_a_data_set(folder: Path) -> None:
    assert {p.name for p in (folder / "csv").iterdir()} == {f"{t}.csv" for t in EXPORTS}
    made = {p.name for p in (folder / "parquet").iterdir()}
    store = estate()
    full = {name for name, query in snapshot(store).items() if store.rows(query)}
    assert {"resource", "ownership", "finding", "exception", "scan"} <= full <= made
    assert {"inventory", "findings", "claims", "cell", "clusters", "trend"} <= made


def test_a_data_set_is_partitioned_by_scan_date_and_account(folder: Path) -> None:
    paths = [
        str(p.relative_to(folder / "parquet")) for p in (folder / "parquet").rglob("*.parquet")
    ]
    assert f"inventory/scan_date=2026-11-22/account={PRODUCTION}/{SECOND}.parquet" in paths
    assert f"exception/scan_date=2026-11-22/{SECOND}.parquet" in paths
    nobody = "account=__HIVE_DEFAULT_PARTITION__"
    assert f"source/scan_date=2026-11-22/{nobody}/{SECOND}.parquet" in paths


def test_each_scan_adds_its_date_and_the_same_scan_no_row(tmp_path: Path) -> None:
    store = estate()
    for scan in (FIRST, SECOND, SECOND):
        store.as_of(scan)
        write(f"parquet://{tmp_path}/", store, Context.of(store))
    read = duckdb.sql(
        f"SELECT scan_date, count(*) AS n FROM '{tmp_path}/inventory/**/*.parquet'"
        " GROUP BY scan_date ORDER BY scan_date"
    ).fetchall()
    assert [(str(day), n) for day, n in read] == [("2026-11-21", 9), ("2026-11-22", 11)]


def test_arrow_reads_the_data_set_with_its_partitions(folder: Path) -> None:
    """As pandas and Polars do: both read Hive's partitions through Arrow or like it."""
    data = dataset(folder / "parquet" / "inventory", partitioning="hive")
    table = data.to_table(filter=field("account") == PRODUCTION)
    assert set(table.column("account_id").to_pylist()) == {PRODUCTION}
    assert str(data.schema.field("account_id").type) in ("string", "large_string")
    claims = dataset(folder / "parquet" / "claims", partitioning="hive").to_table()
    assert claims.num_rows == estate().value("SELECT count(*) FROM claims")


def test_a_single_file_holds_the_findings(tmp_path: Path) -> None:
    store = estate()
    write(f"parquet://{tmp_path}/findings.parquet", store, Context.of(store))
    table = pq.read_table(tmp_path / "findings.parquet")
    assert table.num_rows == store.value("SELECT count(*) FROM findings")
    assert {"finding_id", "severity", "age_seconds", "evidence"} <= set(table.column_names)


def test_parquet_keeps_types_for_arrow(folder: Path) -> None:
    (file,) = (folder / "parquet" / "inventory").rglob(f"*{PRODUCTION}/*.parquet")
    schema = pq.read_schema(file)
    assert str(schema.field("seen_at").type) == "timestamp[us]"
    assert str(schema.field("tags").type).startswith("map<string, string")
    assert str(schema.field("owned_via").type).startswith("list<")
    assert schema.metadata[b"scan_id"] == SECOND.encode()


def test_parquet_keeps_types_and_values_for_duckdb(folder: Path) -> None:
    path = folder / "parquet"
    read = duckdb.connect()
    tags = read.execute(
        f"SELECT tags FROM '{path}/inventory/**/*.parquet' WHERE resource_id = 'leak-2019'"
    ).fetchone()
    assert tags == ({"Name": FORMULA, IMAGE: SCRIPT, "note": LONG, "rtl": RTL},)
    age = read.execute(
        f"SELECT max(last_seen - first_seen), max(age_seconds) FROM '{path}/findings/**/*.parquet'"
    ).fetchone()
    assert age is not None
    assert age[0].total_seconds() == age[1] == 30 * 86_400
    seen = read.execute(f"SELECT max(seen_at) FROM '{path}/cell/**/*.parquet'").fetchone()
    assert seen == (datetime(2026, 11, 22, 2, 0),)


def test_every_file_has_the_rows_of_its_view(folder: Path) -> None:
    store = estate()
    for name, query in EXPORTS.items():
        expected = store.value(f"SELECT count(*) FROM ({query})")
        assert expected > 0
        with (folder / "csv" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            assert len(list(csv.DictReader(lines))) == expected
    for name, query in snapshot(store).items():
        files = (folder / "parquet" / name).rglob("*.parquet")
        counted = sum(pq.read_metadata(file).num_rows for file in files)
        assert counted == store.value(f"SELECT count(*) FROM ({query})"), name


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


def test_events_leave_once_with_the_scan_after_them() -> None:
    store = estate()
    known = {"account_id": SANDBOX, "region": "us-east-1", "event_source": "s", "makes": [],
             "principal": "p", "channel": "cli", "keys": [], "source_id": "t"}  # fmt: skip
    for number, days in enumerate((0, 3)):
        event = {"event_id": f"e{number}", "event_time": BEGAN - timedelta(days=days)}
        store.table_from_rows("event", [{**known, **event, "event_name": "CreateBucket"}])
    events = snapshot(store)["event"]
    assert [row["event_id"] for row in store.rows(events)] == ["e0"]
    store.as_of(FIRST)
    assert len(store.rows(events)) == 2


def test_spans_leave_as_seconds_in_every_table(folder: Path) -> None:
    for file in (folder / "parquet").rglob("*.parquet"):
        for kind in pq.read_schema(file).types:
            assert "interval" not in str(kind)
    (file,) = (folder / "parquet" / "trend").rglob("*.parquet")
    assert "time_to_close_seconds" in pq.read_schema(file).names


def test_s3_gets_whole_objects_from_the_writer_that_is_given() -> None:
    put: dict[str, bytes] = {}
    store = estate()
    context = Context.of(store, deliver=put.__setitem__)
    write("parquet://s3://lake/strays/", store, context)
    write("json://s3://lake/report.json", store, context)
    write("html://s3://lake/report.html", store, context)
    place = f"s3://lake/strays/findings/scan_date=2026-11-22/account={PRODUCTION}/{SECOND}.parquet"
    query = f"SELECT count(*) FROM findings WHERE account_id = '{PRODUCTION}'"
    assert pq.read_table(BytesIO(put[place])).num_rows == store.value(query)
    assert json.loads(put["s3://lake/report.json"])["verdict"] == "INCOMPLETE"
    assert put["s3://lake/report.html"].endswith(b"</html>")


def test_without_a_writer_nothing_goes_to_s3() -> None:
    store = estate()
    for spec in ("json://s3://lake/x", "parquet://s3://lake/x/", "compliance://s3://lake/x"):
        with pytest.raises(ReportError, match=r"not allowed here|folder of this machine"):
            write(spec, store, Context.of(store))


def test_parquet_does_not_go_to_the_standard_output() -> None:
    with pytest.raises(ReportError, match="name a file"):
        write("parquet://stdout", estate(), Context())
