"""What the sandbox does not do, and what it says instead."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from scanner.errors import QueryError, StoreError
from scanner.sandbox import run_query, write_parquet

REFUSED_BY_KIND = {
    "INSERT INTO meta VALUES (2, now(), 'x')": "INSERT",
    "UPDATE meta SET schema_version = 2": "UPDATE",
    "DELETE FROM resource": "DELETE",
    "TRUNCATE resource": "DELETE",
    "MERGE INTO meta USING meta m ON true WHEN MATCHED THEN DELETE": "MERGE INTO",
    "CREATE TABLE mine (a INT)": "CREATE",
    "CREATE OR REPLACE TEMP VIEW inventory AS SELECT 1": "CREATE",
    "CREATE MACRO mine() AS 1": "CREATE",
    "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'b')": "CREATE",
    "DROP TABLE resource": "DROP",
    "ALTER TABLE resource ADD COLUMN x INT": "ALTER",
    "COMMENT ON TABLE resource IS 'x'": "ALTER",
    "COPY resource TO '{folder}/out.csv'": "COPY",
    "COPY resource FROM '/etc/passwd'": "COPY",
    "EXPORT DATABASE '{folder}/out'": "EXPORT",
    "IMPORT DATABASE '{folder}/out'": "PRAGMA",
    "ATTACH '{folder}/other.duckdb'": "ATTACH",
    "DETACH memory": "DETACH",
    "USE memory": "SET",
    "SET lock_configuration = false": "SET",
    "SET enable_external_access = true": "SET",
    "RESET memory_limit": "SET",
    "SET VARIABLE as_of = 'x'": "SET",
    "PRAGMA database_list": "PRAGMA",
    "PRAGMA enable_external_access": "PRAGMA",
    "CALL pragma_version()": "CALL",
    "CHECKPOINT": "CALL",
    "INSTALL httpfs": "LOAD",
    "FORCE INSTALL httpfs": "LOAD",
    "LOAD httpfs": "LOAD",
    "UPDATE EXTENSIONS": "UNNAMED",
    "VACUUM": "VACUUM",
    "ANALYZE": "VACUUM",
    "BEGIN": "TRANSACTION",
    "PREPARE mine AS SELECT 1": "PREPARE",
    "EXECUTE mine": "EXECUTE",
}
NO_FILES = "file system operations are disabled"
REFUSED_BY_WALLS = {
    "FROM read_csv('/etc/passwd')": NO_FILES,
    "FROM read_text('/etc/passwd')": NO_FILES,
    "FROM read_blob('/proc/self/environ')": NO_FILES,
    "FROM read_json('/etc/passwd')": NO_FILES,
    "FROM read_parquet('{folder}/*.parquet')": NO_FILES,
    "FROM glob('/etc/*')": NO_FILES,
    "FROM sniff_csv('/etc/passwd')": NO_FILES,
    "FROM parquet_metadata('{folder}/x.parquet')": NO_FILES,
    "FROM '{folder}/x.parquet'": NO_FILES,
    "FROM '{folder}/x.csv'": NO_FILES,
    "FROM read_duckdb('{folder}/other.duckdb')": NO_FILES,
    "FROM 'https://example.com/x.parquet'": NO_FILES,
    "FROM 's3://example/x.parquet'": NO_FILES,
    "SELECT (SELECT content FROM read_text('/etc/passwd'))": NO_FILES,
    "WITH a AS (FROM glob('/*')) FROM a": NO_FILES,
    "FROM query('FROM read_text(''/etc/passwd'')')": NO_FILES,
    "EXPLAIN COPY resource TO '{folder}/out.csv'": NO_FILES,
    "EXPLAIN ANALYZE COPY resource TO '{folder}/out.csv'": NO_FILES,
    "FROM duckdb_secrets()": "directory",
    "FROM query('DELETE FROM resource')": "Expected a single SELECT",
    "WITH d AS (DELETE FROM resource RETURNING *) FROM d": "read-only",
    "EXPLAIN ANALYZE DELETE FROM resource": "read-only",
    "EXPLAIN ANALYZE SET threads = 1": "the configuration has been locked",
    "FROM enable_logging()": "the configuration has been locked",
    "FROM enable_profiling()": "the configuration has been locked",
    "SELECT getenv('HOME')": "getenv does not exist",
    "FROM statement": "statement does not exist",  # a variable of the function that runs it
}
NOT_ONE_STATEMENT = {
    "": "holds none",
    " -- only a comment": "holds none",
    "SELECT 1; SELECT 2": "holds 2",
    "SELECT 1; DROP TABLE resource": "holds 2",
    "SELEC 1": "no SQL",
    "SELECT '\udcff'": "no SQL",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000: "no SQL",
    "PIVOT resource ON region": "PIVOT must list its values",
    "COPY (PIVOT resource ON region) TO '{folder}/out.csv'": "PIVOT must list its values",
}


@pytest.mark.parametrize(("statement", "kind"), REFUSED_BY_KIND.items())
def test_a_statement_that_does_not_only_read_is_named_and_refused(
    database: Path, statement: str, kind: str
) -> None:
    with pytest.raises(QueryError, match=rf"only a statement that reads.* this is {kind}$"):
        run_query(database, statement.format(folder=database.parent))


@pytest.mark.parametrize(("statement", "told"), (REFUSED_BY_WALLS | NOT_ONE_STATEMENT).items())
def test_what_reaches_out_is_stopped_with_a_sentence_of_one_line(
    database: Path, statement: str, told: str
) -> None:
    with pytest.raises(QueryError, match=told) as raised:
        run_query(database, statement.format(folder=database.parent))
    assert "\n" not in str(raised.value)


def test_nothing_that_was_refused_left_a_trace(database: Path) -> None:
    out = database.parent / "result.parquet"
    before = sha256(database.read_bytes()).digest()
    for statement in REFUSED_BY_KIND | REFUSED_BY_WALLS | NOT_ONE_STATEMENT:
        with pytest.raises(QueryError):
            write_parquet(database, statement.format(folder=database.parent), out)
    assert sha256(database.read_bytes()).digest() == before
    assert [path.name for path in database.parent.iterdir()] == [database.name]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("enable_external_access", "false"),
        ("lock_configuration", "true"),
        ("autoload_known_extensions", "false"),
        ("autoinstall_known_extensions", "false"),
        ("allow_community_extensions", "false"),
        ("python_enable_replacements", "false"),
        ("access_mode", "read_only"),
    ],
)
def test_the_walls_stand_while_a_query_runs(database: Path, setting: str, value: str) -> None:
    result = run_query(database, f"SELECT lower(current_setting('{setting}')::VARCHAR)")
    assert result.rows == [(value,)]


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database at"):
        run_query(tmp_path / "none.duckdb", "SELECT 1")
    assert not list(tmp_path.iterdir())


def test_an_unknown_scan_is_named_with_those_there_are(database: Path) -> None:
    with pytest.raises(StoreError, match=r"no scan 'x'.*20260102T000000-bbbb"):
        run_query(database, "SELECT 1", as_of="x")
