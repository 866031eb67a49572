"""`strays query` by hand: dot commands, named queries, a terminal with completion and history."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scanner.schema_docs import relations
from scanner.shell import Shell, completions

STRAYS = (sys.executable, "-m", "scanner.cli", "query")


def query(database: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*STRAYS, *arguments, "--db", str(database)],
        input=stdin, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_named_queries_are_listed_and_run(database: Path) -> None:
    listed = query(database, "--list").stdout
    assert re.search(r"(?m)^oldest_strays +The oldest strays", listed)
    ran = query(database, "--name", "oldest_strays", "--format", "csv")
    assert "arn:aws:sqs:us-east-1:111111111111:jobs" in ran.stdout
    wrong = query(database, "--name", "nothing")
    assert (wrong.returncode, "oldest_strays" in wrong.stderr) == (2, True)


def test_tables_and_schema_work_without_a_terminal(database: Path) -> None:
    assert re.search(r"(?m)^inventory +view ", query(database, ".tables").stdout)
    described = query(database, ".schema findings").stdout
    assert re.search(r"(?m)^ +closed_how +VARCHAR +deleted \| adopted", described)
    assert "CREATE" not in described
    assert query(database, stdin=".schema cell\n").stdout.startswith("view cell: ")
    assert query(database, ".schema nothing").returncode == 2
    assert query(database, ".drop x").returncode == 2


def told(lines: list[str], **answers: str) -> list[str]:
    """What a shell says to these lines; statements are echoed in brackets."""
    said: list[str] = []
    asked = iter(lines)

    def ask(prompt: str) -> str:
        for line in asked:
            return line
        raise EOFError

    Shell(lambda text: said.append(f"[{text}]"), said.append).loop(ask)
    return said


def test_a_statement_ends_with_its_semicolon() -> None:
    assert told(["SELECT 1", "  + 1;", "", "SELECT 2;"]) == ["[SELECT 1\n  + 1;]", "[SELECT 2;]"]


def test_an_error_is_told_and_the_shell_goes_on() -> None:
    said = told([".nothing", ".schema x", "SELECT 1;", ".quit", "SELECT 2;"])
    assert "no command .nothing" in said[0]
    assert "no table or view 'x'" in said[1]
    assert said[2:] == ["[SELECT 1;]"]


def test_completion_knows_tables_columns_commands_and_named_queries() -> None:
    assert "inventory" in completions("inv", "SELECT * FROM inv")
    assert {"owner", "owner_source"} <= set(completions("own", "SELECT own"))
    assert completions(".ta", ".ta") == [".tables"]
    assert "oldest_strays" in completions("old", ".run old")
    assert completions("findi", ".schema findi") == ["finding", "findings"]
    assert "SELECT" in completions("SEL", "SEL")


def test_every_table_view_and_column_is_told_about() -> None:
    untold = [
        f"{relation.name}.{column.name}"
        for relation in relations().values()
        for column in relation.columns
        if not column.told
    ]
    assert untold == [], "say it in scanner/schema.sql, beside the column or at the head"
    assert [r.name for r in relations().values() if not r.about] == []


def test_a_views_columns_are_told_as_those_of_the_table_it_reads() -> None:
    told_of = {c.name: c.told for c in relations()["findings"].columns}
    assert told_of["state"].startswith("open | excepted")
    assert {c.name: c.told for c in relations()["claims"].columns}["state"].startswith("matched")
    assert relations()["cell"].columns[0].kind == "VARCHAR"


@contextmanager
def terminal(database: Path, home: Path) -> Iterator[int]:
    """The command on a terminal of its own; yields what to write to and read from."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "XDG_STATE_HOME": str(home), "TERM": "dumb", "COLUMNS": "80"}
    process = subprocess.Popen(
        [*STRAYS, "--db", str(database)],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield ours
        assert process.wait(120) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def until(handle: int, pattern: str) -> str:
    """Read from a terminal until a pattern shows."""
    seen, end = "", time.monotonic() + 120
    while not re.search(pattern, seen):
        assert time.monotonic() < end, seen
        seen += os.read(handle, 65536).decode()
    return seen


def test_a_terminal_gets_a_prompt_completion_and_a_history(database: Path, tmp_path: Path) -> None:
    pytest.importorskip("readline", reason="NO READLINE: the terminal was NOT tried")
    with terminal(database, tmp_path) as handle:
        until(handle, "strays> ")
        os.write(handle, b"SELECT count(*) + 41 AS answer FROM invent\t;\n")
        shown = until(handle, r"(?s)answer.*42.*strays> ")
        assert "inventory" in shown
        os.write(handle, b"SELECT nonsense;\n")
        assert "nonsense" in until(handle, r"(?s)failed.*strays> ")
        os.write(handle, b".quit\n")
    history = tmp_path / "strays" / "query_history"
    assert "FROM inventory" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0
