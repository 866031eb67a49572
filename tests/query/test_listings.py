"""Rows as table, JSON and CSV."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.listings import format_rows
from scanner.sandbox import run_query

ROWS = [
    {"name": "jobs", "count": 3, "tags": {"team": "a"}, "seen": datetime(2026, 1, 2, 3, 4, 5)},
    {"name": None, "count": 12, "tags": {}, "seen": None},
]


def test_a_table_aligns_text_to_the_left_and_numbers_to_the_right() -> None:
    assert format_rows(ROWS, "table") == (
        "name  count  tags          seen\n"
        "----  -----  ------------  --------------------\n"
        'jobs      3  {"team":"a"}  2026-01-02T03:04:05Z\n'
        "         12  {}\n"
    )


def test_json_is_a_list_of_objects() -> None:
    assert json.loads(format_rows(ROWS, "json")) == [
        {"name": "jobs", "count": 3, "tags": {"team": "a"}, "seen": "2026-01-02T03:04:05Z"},
        {"name": None, "count": 12, "tags": {}, "seen": None},
    ]


def test_csv_has_a_header_and_a_line_per_row() -> None:
    assert format_rows(ROWS, "csv") == (
        '"name","count","tags","seen"\r\n'
        '"jobs",3,"{""team"":""a""}","2026-01-02T03:04:05Z"\r\n'
        '"",12,"{}",""\r\n'
    )


@pytest.mark.parametrize(
    ("fmt", "text"),
    [("table", "arn  name\n---  ----\n"), ("json", "[]\n"), ("csv", '"arn","name"\r\n')],
)
def test_no_rows_still_show_the_columns_that_were_asked_for(fmt: str, text: str) -> None:
    assert format_rows([], fmt, ["arn", "name"]) == text


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="'xml' is none of table, json, csv"):
        format_rows(ROWS, "xml")


def test_columns_choose_and_order() -> None:
    assert json.loads(format_rows(ROWS[:1], "json", ["count", "name"])) == [
        {"count": 3, "name": "jobs"}
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=1))), "2026-01-02T02:00:00Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006Z"),
        (date(2026, 1, 2), "2026-01-02"),
        (timedelta(days=1), 86400),
        (timedelta(milliseconds=1500), 1.5),
        (Decimal("1.50"), 1.5),
        (2**100, 2**100),
        (b"\x00\xff", "00ff"),
        ([1, {"a": (date(2026, 1, 2), None)}], [1, {"a": ["2026-01-02", None]}]),
        ({1: True}, {"1": True}),
        (Path("a/b"), "a/b"),
        (float("inf"), None),
    ],
)
def test_values_have_one_form_in_json(value: object, shown: object) -> None:
    assert json.loads(format_rows([{"v": value}], "json")) == [{"v": shown}]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_no_cell_and_no_header_of_a_csv_is_a_formula(text: str) -> None:
    lines = csv.reader(StringIO(format_rows([{text: text}], "csv"), newline=""))
    assert list(lines) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("width", [None, 60])
def test_hidden_characters_and_markup_are_shown_as_they_are(width: int | None) -> None:
    drawn = format_rows([{"a\x1b[2J": "x\x1b[31m\u202e [red]y[/red]"}], "table", width=width)
    assert "\\x1b[2J" in drawn
    assert "\\x1b[31m\\u202e [red]y[/red]" in drawn
    assert "\u202e" not in drawn
    assert "\x1b[31m" not in drawn


def test_on_a_terminal_a_table_is_folded_into_the_width() -> None:
    drawn = format_rows([{"arn": "a" * 100, "region": "us-east-1"}], "table", width=40)
    assert max(len(line) for line in drawn.splitlines() if "\x1b" not in line) <= 40
    assert drawn.count("a") >= 100


def test_a_query_comes_out_as_the_objects_that_a_script_expects(database: Path) -> None:
    result = run_query(database, "SELECT tags, properties, seen_at FROM inventory")
    [shown] = json.loads(format_rows(result.records(), "json", result.columns))
    assert shown["tags"] == {"team": "=cmd()"}
    assert shown["properties"] == {"DelaySeconds": 0, "Big": 12345678901234567890}
    assert shown["seen_at"] == "2026-01-02T00:00:00Z"
