"""`strays exceptions`, `baseline`, `diff` and the flags of judgement, on two scans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scanner.cli import app
from scanner.errors import ConfigError, StraysError, UsageError
from scanner.store import Store
from tests.judge.scans import add_scan, scan_id
from tests.resolve.build import resource

OWNER = ["--reason", "load test", "--owner", "data@x", "--approver", "ciso@x", "--ticket", "T-1"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a database: `stays` on both days, `new` on the second only."""
    monkeypatch.chdir(tmp_path)
    with Store.open(tmp_path / "strays.duckdb") as store:
        add_scan(store, 1, [resource("stays")])
        add_scan(store, 2, [resource("stays"), resource("new")], judged=False)
    return tmp_path


def strays(*arguments: str) -> tuple[int, str]:
    """Run a command in this process; return its exit code and what it printed."""
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, StraysError):
        raise result.exception
    return result.exit_code, result.stdout


def findings() -> dict[str, str]:
    query = "SELECT name, state FROM findings WHERE rule_id = 'unmanaged_resource'"
    rows: list[dict[str, Any]] = json.loads(strays("query", query, "--format", "json")[1])
    return {row["name"]: row["state"] for row in rows}


def test_check_exits_1_for_a_finding_and_0_where_it_is_accepted(folder: Path) -> None:
    assert strays("check")[0] == 1
    assert strays("baseline") == (0, "2 findings are accepted as known\n")
    assert findings() == {"stays": "baselined", "new": "baselined"}
    assert strays("check")[0] == 0
    assert strays("baseline", "--forget") == (0, "2 findings count again\n")
    assert strays("check")[0] == 1


def test_only_new_fails_on_findings_of_this_scan_alone(folder: Path) -> None:
    assert strays("check", "--only-new", "--driftignore", "/dev/null")[0] == 1
    (folder / "ignore").write_text("aws_sqs_queue.new\n", "utf-8")
    assert strays("check", "--only-new", "--driftignore", "ignore")[0] == 0
    assert strays("check", "--driftignore", "ignore")[0] == 1
    assert findings() == {"stays": "open", "new": "excepted"}


def test_ignore_file_has_its_other_name_and_is_read_from_the_working_folder(folder: Path) -> None:
    (folder / ".driftignore").write_text("*\n", "utf-8")
    assert strays("check")[0] == 0
    (folder / "other").write_text("aws_s3_bucket\n", "utf-8")
    assert strays("check", "--ignore-file", "other")[0] == 1


def test_filter_judges_only_what_it_selects(folder: Path) -> None:
    assert strays("check", "--filter", "Type=='aws_s3_bucket'")[0] == 0
    assert strays("check", "--filter", "Id=='new'")[0] == 1
    assert findings() == {"stays": "excepted", "new": "open"}
    with pytest.raises(UsageError, match="--filter"):
        strays("check", "--filter", "Id==")


def test_diff_lists_what_changed(folder: Path) -> None:
    [row] = json.loads(strays("diff", "--format", "json")[1])
    assert (row["change"], row["name"], row["after"]) == ("new", "new", "unmanaged")
    assert strays("diff", scan_id(1), scan_id(2), "--format", "csv")[1].count("\n") == 2
    assert "unmanaged" in strays("diff")[1]
    with pytest.raises(StraysError, match="no loaded scan 'x'"):
        strays("diff", "x", scan_id(2))


def test_exception_is_added_listed_checked_and_ended(folder: Path) -> None:
    add = ["exceptions", "add", "--id", "E1", "--resource", "*:new", "--expires", "2026-06-01"]
    with pytest.raises(ConfigError, match="longer"):
        strays(*add[:-1], "2099-01-01", *OWNER)
    assert not (folder / "exceptions.toml").exists()
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        strays(*add[:-1], "soon", *OWNER)
    from datetime import UTC, datetime, timedelta

    end = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert strays(*add[:-1], end, *OWNER) == (0, "added E1 to exceptions.toml\n")
    strays("check")
    assert findings() == {"stays": "open", "new": "excepted"}
    [row] = json.loads(strays("exceptions", "list", "--format", "json")[1])
    assert (row["exception_id"], row["state"], row["hits"], row["expires"]) == (
        "E1",
        "active",
        1,
        end,
    )
    assert strays("exceptions", "check") == (0, "1 exceptions, 0 remarks\n")
    assert strays("exceptions", "expire", "E1") == (0, "ended E1 in exceptions.toml\n")
    strays("check")
    assert findings() == {"stays": "open", "new": "open"}
    assert "E1: ended on" in strays("exceptions", "check")[1]


def test_malformed_exceptions_stop_the_check(folder: Path) -> None:
    (folder / "exceptions.toml").write_text("[[exception]]\nid = 'x'\n", "utf-8")
    for command in (["check"], ["exceptions", "check"], ["exceptions", "list"]):
        with pytest.raises(ConfigError, match=r"exceptions\.toml, line 1"):
            strays(*command)


def test_ignore_file_is_imported_to_be_completed(folder: Path) -> None:
    (folder / ".driftignore").write_text("# old things\naws_sqs_queue.new\n", "utf-8")
    text = strays("exceptions", "import", ".driftignore")[1]
    assert 'ignore = ["aws_sqs_queue.new"]' in text
    assert 'reason = "old things"' in text
    strays("exceptions", "import", ".driftignore", "--out", "exceptions.toml")
    with pytest.raises(StraysError, match="cannot be written"):
        strays("exceptions", "import", ".driftignore", "--out", "exceptions.toml")
    with pytest.raises(ConfigError, match="owner"):
        strays("check")
