"""Redaction: every format tells how much, and none tells who or what."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reports import Context, formats, summarize, write
from reports.redact import column_sql, redacted
from scanner.store import Store
from tests.reports.sample import (
    ANSI,
    BROKEN_STATE,
    FORMULA,
    IMAGE,
    LONG,
    PRODUCTION,
    RTL,
    SANDBOX,
    SCRIPT,
    STAGING,
    STATE,
    estate,
)

SECRET = (
    PRODUCTION, STAGING, SANDBOX, STATE, BROKEN_STATE, IMAGE, SCRIPT, FORMULA, RTL, LONG, ANSI,
    "leak-2019", "i-gpu", "role/ghost", "pulumi", "jobs", "acme", "just-an-id", "sqs.us-east-1",
    "web@example.com", "ciso@example.com", "lineage-of-app", "SEC-9", "EXC-1", "/Audit", "sandbox",
    "identity team",
)  # fmt: skip
"""What the estate knows of its owners, and what strangers called their things."""
FOLDERS = ("csv", "parquet", "asff", "compliance")


def files_of(name: str, store: Store, folder: Path) -> list[Path]:
    path = f"{folder}/out/" if name in FOLDERS else f"{folder}/out"
    write(f"{name}://{path}", store, Context.of(store, redacted=True))
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", sorted(formats()))
def test_no_format_tells_a_secret_of_the_estate(name: str, tmp_path: Path) -> None:
    store = redacted(estate())
    for path in files_of(name, store, tmp_path):
        if name == "parquet":
            text = repr(pq.read_table(path, partitioning=None).to_pydict())
        else:
            text = path.read_text("utf-8")
        assert [secret for secret in SECRET if secret in text] == []


def test_the_numbers_stay_what_they_are() -> None:
    store = estate()
    whole, copy = summarize(store), summarize(redacted(store))
    for name in ("verdict", "by_status", "by_severity", "strays", "missing", "cells", "sources",
                 "cells_complete", "cells_out_of_scope", "tag_only"):  # fmt: skip
        assert getattr(copy, name) == getattr(whole, name), name


def test_one_thing_has_one_pseudonym_in_every_table() -> None:
    store = redacted(estate())
    assert store.value(
        "SELECT count(*) FROM findings WHERE arn IN (SELECT arn FROM inventory)"
    ) == estate().value("SELECT count(*) FROM findings WHERE arn IN (SELECT arn FROM inventory)")
    (queue,) = store.rows("SELECT * FROM inventory WHERE status = 'managed' AND name IS NOT NULL")
    assert re.fullmatch(
        rf"arn:aws:sqs:us-east-1:{queue['account_id']}:{queue['name']}", queue["arn"]
    )
    assert re.fullmatch(r"\d{12}", queue["account_id"])


def test_one_key_gives_one_pseudonym_and_no_key_another_each_time() -> None:
    arns = [redacted(estate(), key).rows("SELECT arn FROM inventory") for key in ("a", "a", "b")]
    assert arns[0] == arns[1] != arns[2]
    assert redacted(estate()).rows("FROM inventory") != redacted(estate()).rows("FROM inventory")


def test_a_past_scan_stays_the_past() -> None:
    store = estate()
    store.as_of("20261121T020000Z-aaaa")
    assert summarize(redacted(store)).strays == summarize(store).strays


def test_a_database_file_that_is_only_read_can_be_redacted(tmp_path: Path) -> None:
    Store.open(tmp_path / "x.duckdb").close()
    with Store.open(tmp_path / "x.duckdb", read_only=True) as store:
        assert summarize(redacted(store)).strays == 0


def test_what_is_not_known_to_be_harmless_is_hashed() -> None:
    assert column_sql("event", "invented_later", "VARCHAR", True) == 'redacted("invented_later")'
    assert column_sql("event", "detail", "JSON", True) == "NULL::JSON"
    assert "redacted" in column_sql("event", "pairs", "MAP(VARCHAR, VARCHAR)", True)
    assert column_sql("event", "number", "BIGINT", True) == '"number"'


def test_an_entry_for_some_accounts_still_takes_their_cells_out_of_scope() -> None:
    store = estate()
    store.run("UPDATE out_of_scope SET account = '2222*' WHERE NOT expired")
    assert summarize(redacted(store)).cells_out_of_scope == summarize(store).cells_out_of_scope == 1
