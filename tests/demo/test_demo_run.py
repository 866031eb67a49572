"""`strays demo` as a newcomer runs it."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import duckdb


def strays(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scanner.cli", *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def test_demo_sees_everything_and_every_verdict_is_as_meant(demo_run: tuple[Path, str]) -> None:
    assert "verdict: FINDINGS" in demo_run[1]
    assert "Every verdict is the expected one" in demo_run[1]


def test_demo_leaves_its_four_files(demo_run: tuple[Path, str]) -> None:
    folder = demo_run[0] / "demo"
    report = json.loads((folder / "findings.json").read_text())
    assert report["verdict"] == "FINDINGS"
    assert len(report["missing"]) == 3
    assert "<html" in (folder / "report.html").read_text()
    rules = duckdb.sql(f"SELECT DISTINCT rule_id FROM '{folder}/findings.parquet'").fetchall()
    assert {("burst_of_alike_resources",), ("iam_principal_outside_code",)} <= set(rules)


def test_demo_begins_anew_where_an_earlier_one_left_its_database(
    demo_run: tuple[Path, str],
) -> None:
    with duckdb.connect(str(demo_run[0] / "demo" / "strays.duckdb"), read_only=True) as database:
        assert database.sql("SELECT count(*) FROM scan").fetchall() == [(1,)]


def test_the_commands_that_the_demo_names_work(demo_run: tuple[Path, str]) -> None:
    lines = [line.strip() for line in demo_run[1].splitlines() if line.startswith("  strays ")]
    assert len(lines) == 3
    for line in lines:
        done = strays(demo_run[0], *shlex.split(line)[1:])
        assert done.returncode == 0, done.stderr
        assert "query" not in line or "AWS::EC2::Instance" in done.stdout
        assert "explain" not in line or "is unmanaged: " in done.stdout


def test_what_nuke_hands_over_removes_strays_and_nothing_else(
    demo_run: tuple[Path, str], tmp_path: Path
) -> None:
    database = next((demo_run[0] / "demo").glob("*.duckdb"))
    out = ("--out", str(tmp_path / "nuke"), "--db", str(database))
    done = strays(demo_run[0], "nuke", "--all", *out)
    assert done.returncode == 0, done.stderr
    assert "the filters match no other" in done.stdout
    told = (tmp_path / "nuke" / "PLAN.md").read_text()
    going = [line[8:-1] for line in told.splitlines() if line.startswith("- ARN: `")]
    assert len(going) > 10
    rows = duckdb.connect(str(database), read_only=True).sql("SELECT arn, status FROM inventory")
    status = dict(rows.fetchall())
    assert {status[arn] for arn in going} == {"unmanaged"}


def test_no_secret_of_the_demo_states_reaches_a_file(demo_run: tuple[Path, str]) -> None:
    for path in (demo_run[0] / "demo").iterdir():
        if path.is_file():
            assert b"demo-only-not-a-secret" not in path.read_bytes(), path.name


def test_port_that_is_taken_gets_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = strays(tmp_path, "demo", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr


def test_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = strays(tmp_path, "demo", "--folder", "file/below")
    assert done.returncode == 2
    assert "choose another with --folder" in done.stderr
