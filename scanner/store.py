"""The DuckDB file: load shards, read, run SQL. The one importer of duckdb.

A DuckDB file has one writer and then no other reader, so everything here opens late, writes in
one short transaction and closes early (https://duckdb.org/docs/current/connect/concurrency).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

from scanner import __version__
from scanner.clock import utc_now
from scanner.connecting import connect, is_full, writable
from scanner.errors import QueryError, SchemaError, StoreError
from scanner.parts import folders
from scanner.sql_steps import steps

if TYPE_CHECKING:
    import pyarrow as pa

DatabaseError = duckdb.Error
"""What DuckDB raises, for those who must not import duckdb."""
SCHEMA_VERSION = 4
SHARD_TABLES = ("account", "coverage", "resource", "link", "claim", "source", "cross_check")
"""The tables that shards hold; the others are made from them."""
RESOLVED_TABLES = ("claim_match", "ownership")  # what resolving makes of them
COVERAGE = "coverage"
LEDGER = ("coverage_group", "looked")
"""What the rows of `coverage` become, by the numbers in `type_number`; it is a view of them."""


class Store:
    """One open database. Use it as a context manager; rows come back as lists of dicts."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._connection = connection
        self.path = path
        # Where no script is run (a worker) DuckDB draws its progress onto the standard output.
        self.run("SET enable_progress_bar = false")

    @classmethod
    def memory(cls) -> Self:
        """Return an empty database in memory."""
        store = cls(duckdb.connect(), None)
        store._create()
        return store

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        lock_timeout: float = 300.0,
        settings: Mapping[str, str] | None = None,
    ) -> Self:
        """Open a database, made first where there is none, or an empty one that a kill left.

        Waits up to `lock_timeout` seconds for another process to let go, then raises `LockedError`
        naming it. Raises `SchemaError` for a file that is no Strays database of this version, and
        `StoreError` where there is none to read. `settings` are DuckDB's, for the sandbox.
        """
        if read_only and not path.exists():
            raise StoreError(
                f"there is no database at {path}: run `strays scan` first, or name it with --db"
            )
        store = cls(connect(path, read_only, lock_timeout, settings), path)
        if not (read_only or store.value("SELECT count(*) FROM duckdb_tables()")):
            store._create()
        store._check_version()
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection, for the sandbox, which runs statements that are not ours."""
        return self._connection

    def close(self) -> None:
        """Close the file so that others may use it."""
        self._connection.close()

    def _create(self) -> None:
        made = "INSERT INTO meta VALUES (?, now()::TIMESTAMP, ?)"
        with self.transaction():
            self.run(schema())
            self.run(made, [SCHEMA_VERSION, __version__])

    def _check_version(self) -> None:
        try:
            found = self._connection.execute("SELECT schema_version FROM meta").fetchall()
        except duckdb.CatalogException as error:
            self.close()
            raise SchemaError(
                f"{self.path} is a DuckDB file but no Strays database: name another with --db"
            ) from error
        version = found[0][0] if found else "none"
        if version != SCHEMA_VERSION:
            self.close()
            raise SchemaError(
                f"{self.path} has schema version {version}, this Strays writes {SCHEMA_VERSION}: "
                "name a new file with --db, or use the Strays that made it"
            )

    def rows(
        self, query: str, parameters: Iterable[Any] | Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Run SQL of ours and return its rows as dicts by column name."""
        return list(self.stream(query, parameters))

    def stream(
        self, query: str, parameters: Iterable[Any] | Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a long answer; nothing else may be asked before its end."""
        cursor = self._connection.execute(query, _bound(parameters))
        names = [column[0] for column in cursor.description or []]
        while rows := cursor.fetchmany(10_000):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def value(self, query: str, parameters: Iterable[Any] | None = None) -> Any:
        """Return the first column of the first row, or None where there is no row."""
        # All of them: a result left open keeps DuckDB from appending Arrow tables.
        rows = self._connection.execute(query, _bound(parameters)).fetchall()
        return rows[0][0] if rows else None

    def run(self, query: str, parameters: Iterable[Any] | None = None) -> None:
        """Run SQL of ours that returns nothing of interest."""
        self._connection.execute(query, _bound(parameters))

    def run_all(self, statements: Iterable[str], scan_id: str) -> None:
        """Run statements of ours that speak of one scan as `$scan`."""
        for statement in statements:
            self.run(statement.replace("$scan", f"'{scan_id}'"))

    def checked(self, query: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run SQL that holds a user's text; raises `QueryError` with the database's first line."""
        try:
            self._connection.execute(query, parameters)
        except duckdb.Error as error:
            raise QueryError(str(error).strip().splitlines()[0]) from error

    def close_doors(self) -> None:
        """Let this connection reach neither files, the network nor our variables from now on."""
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET python_enable_replacements = false")

    def arrow(self, query: str, parameters: Iterable[Any] | None = None) -> pa.Table:
        """Return a result as an Arrow table, for Parquet."""
        return self._connection.sql(query, params=_bound(parameters)).to_arrow_table()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that is done inside, or nothing of it; rows may be written in any order.

        In order DuckDB 2.0.0 takes a table for empty where one transaction inserts nothing into it
        and then, on several threads, more than 122,880 rows (`tests/resolve/test_many.py`).
        """
        with writable(self.path), ExitStack() as always, ExitStack() as failed:
            self.run("SET preserve_insertion_order = false")
            always.callback(self.run, "RESET preserve_insertion_order")
            self.run("BEGIN")
            failed.callback(self.run, "ROLLBACK")
            yield
            failed.pop_all()
            self.run("COMMIT")

    def table_from_rows(
        self, table: str, rows: list[dict[str, Any]], scan_id: str | None = None
    ) -> None:
        """Append rows (dicts by column name) to one of our tables, `scan_id` added where given."""
        if rows:
            import pyarrow as pa

            batch = pa.Table.from_pylist(rows, schema=arrow_schema(table))
            self.table_from_arrow(table, batch, scan_id)

    def table_from_arrow(self, table: str, batch: pa.Table, scan_id: str | None = None) -> None:
        """Append an Arrow table with a table's own columns, `scan_id` added where given."""
        self._connection.register("incoming_batch", batch)
        extra = f"'{scan_id}' AS scan_id, " if scan_id else ""
        self.append(table, f"SELECT {extra}* FROM incoming_batch", scan_id or "%")  # noqa: S608
        self._connection.unregister("incoming_batch")

    def append(self, table: str, query: str, scan_id: str = "%") -> None:
        """Append what a query of ours tells of one scan, or (`%`) of any; cells become groups."""
        if table == COVERAGE:
            statements = chain.from_iterable(steps(_text("looks.sql")).values())
            self.run_all((each.replace("$incoming", f"({query})") for each in statements), scan_id)
        else:
            self.run(f"INSERT INTO {table} BY NAME {query}")

    def tables(self) -> dict[str, list[str]]:
        """Return the tables with their columns, `coverage` in place of what it is kept in."""
        rows = self.rows(
            "SELECT table_name AS name, list(column_name ORDER BY column_index) AS columns"
            " FROM duckdb_columns() WHERE NOT internal AND (table_name = $coverage OR table_name IN"
            " (SELECT table_name FROM duckdb_tables() WHERE NOT temporary)) GROUP BY table_name",
            {"coverage": COVERAGE},
        )
        kept_in = (*LEDGER, "type_number")
        return {row["name"]: row["columns"] for row in rows if row["name"] not in kept_in}

    def as_of(self, scan_id: str | None) -> None:
        """Make every view show the past as it stood after a scan; None: now."""
        if scan_id is None:
            self._connection.execute("RESET VARIABLE as_of")
            return
        if not self.value("SELECT count(*) FROM scan WHERE scan_id = ?", [scan_id]):
            held = self.value("SELECT array_to_string(max(scan_id, 5), ', ') FROM scan")
            raise StoreError(f"no scan {scan_id!r} in {self.path}; it holds {held}")
        self._connection.execute("SET VARIABLE as_of = $1", [scan_id])

    def load(self, scan_id: str, folder: Path) -> None:
        """Load a scan's shards in one transaction, over an earlier try.

        Raises `StoreError` where a shard cannot be read; then nothing has changed.
        """
        with self.transaction():
            for table in (*(set(SHARD_TABLES) - {COVERAGE}), *LEDGER, *RESOLVED_TABLES):
                kept = " AND kind <> 'trail'" if table == "source" else ""  # read before, not here
                self.run(f"DELETE FROM {table} WHERE scan_id = ?{kept}", [scan_id])  # noqa: S608
            for table in SHARD_TABLES:
                self._load_table(table, scan_id, folder)
            self.run(
                "UPDATE scan SET state = 'loaded', finished_at = coalesce(finished_at, ?)"
                " WHERE scan_id = ?",
                [utc_now(), scan_id],
            )

    def _load_table(self, table: str, scan_id: str, folder: Path) -> None:
        tried = (each / f"{table}.parquet" for each in folders(folder))
        shards = [str(path) for path in tried if path.exists()]
        if not shards:
            return
        self.run("SET VARIABLE shards = ?", [shards])
        rows = f"SELECT '{scan_id}' AS scan_id, * FROM read_parquet(getvariable('shards'))"  # noqa: S608
        try:
            self.append(table, rows, scan_id)
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            if is_full(error):
                raise
            raise StoreError(
                f"a shard below {folder} cannot be read ({str(error).splitlines()[0]}): "
                "remove the folder of its account there, then `strays scan --resume`"
            ) from error


def schema() -> str:
    """Return the text of `schema.sql`."""
    return _text("schema.sql")


def _text(name: str) -> str:
    return files("scanner").joinpath(name).read_text("utf-8")


@cache
def arrow_schema(table: str) -> pa.Schema:
    """Return a table's columns less `scan_id` (shards) as an Arrow schema, from `schema.sql`."""
    with Store.memory() as store:
        columns = store.arrow(f"SELECT * FROM {table} LIMIT 0").schema  # noqa: S608
    keep = [name for name in columns.names if name != "scan_id" or table not in SHARD_TABLES]
    import pyarrow as pa

    return pa.schema([columns.field(name) for name in keep])


def statement_kinds(text: str) -> list[str]:
    """Return DuckDB's name for the kind of each SQL statement in a text: `SELECT`, `INSERT` ...

    Raises `DatabaseError` where it is no SQL.
    """
    return [_kind(statement) for statement in duckdb.extract_statements(text)]


def _kind(statement: duckdb.Statement) -> str:
    try:
        return statement.type.name
    except ValueError:  # duckdb 2.0's Python enum lacks kinds of its engine (UPDATE EXTENSIONS)
        return "UNNAMED"


def _bound(parameters: Iterable[Any] | Mapping[str, Any] | None) -> Any:
    if parameters is None or isinstance(parameters, Mapping):
        return parameters
    return list(parameters)
