"""Which files are databases of ours, and what is said of the others."""

from __future__ import annotations

import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import duckdb
import pytest

from scanner.errors import SchemaError, StoreError
from scanner.store import SCHEMA_VERSION, Store


def test_an_empty_file_that_a_kill_left_becomes_a_database(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "s.duckdb")).close()
    with Store.open(tmp_path / "s.duckdb") as store:
        assert store.value("SELECT count(*) FROM scan") == 0
    with Store.open(tmp_path / "s.duckdb", read_only=True) as store:
        assert store.value("SELECT schema_version FROM meta") == SCHEMA_VERSION


def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "their.duckdb")) as theirs:
        theirs.execute("CREATE TABLE account (name VARCHAR)")
    with pytest.raises(SchemaError, match=r"their\.duckdb is .* no Strays database: .*--db"):
        Store.open(tmp_path / "their.duckdb")
    with duckdb.connect(str(tmp_path / "their.duckdb")) as theirs:
        assert theirs.sql("SELECT table_name FROM duckdb_tables()").fetchall() == [("account",)]


def test_a_database_of_another_version_is_named_with_both(database: Path) -> None:
    with Store.open(database) as store:
        store.run("UPDATE meta SET schema_version = 1")
    with pytest.raises(
        SchemaError, match=rf"schema version 1, this Strays writes {SCHEMA_VERSION}"
    ):
        Store.open(database, read_only=True)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not one " * 1000)
    with pytest.raises(StoreError, match=r"notes\.txt cannot be opened: "):
        Store.open(tmp_path / "notes.txt")


TOLD = """
from scanner.store import Store
print(Store.memory().value("SELECT current_setting('enable_progress_bar')"))
"""


def test_the_database_draws_no_progress_onto_the_standard_output() -> None:
    """DuckDB would where no script is run: in the processes of a crew."""
    told = subprocess.run([sys.executable, "-c", TOLD], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


FILL = """
import sys
from pathlib import Path
from scanner.errors import StoreError
from scanner.store import Store
try:
    with Store.open(Path(sys.argv[1])) as store, store.transaction():
        store.run("CREATE TABLE t AS SELECT sha256(i::VARCHAR) FROM range(200000) AS made (i)")
except StoreError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_is_told_with_what_to_do(tmp_path: Path) -> None:
    size = resource.RLIMIT_FSIZE, (2_000_000, 2_000_000)
    told = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "s.duckdb")], capture_output=True, text=True,
        check=True, preexec_fn=partial(resource.setrlimit, *size), timeout=120,
    ).stdout  # fmt: skip
    assert "s.duckdb cannot be written (" in told
    assert "make room there; what was collected stays" in told
