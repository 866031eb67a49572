"""`strays report`, `verify` and `query`: results of the database, for people and for machines."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from scanner import options as opt
from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.config import Config
    from scanner.store import Store

app = typer.Typer(rich_markup_mode=None)


@app.command()
def report(
    output: opt.Outputs = [],
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    scan_id: opt.Scan = None,
    redact: opt.Redact = False,
    lock_timeout: opt.LockTimeout = None,
    no_color: opt.NoColor = False,
) -> None:
    """Write reports of the newest scan, or of a past one, from the database alone."""
    settings = opt.configuration(config, db, lock_timeout=lock_timeout)
    from scanner import pipeline

    with pipeline.open_store(settings, read_only=True) as store:
        store.as_of(scan_id)
        _write(store, opt.split(output) or ["console://stdout"], settings, no_color, redact)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A compliance report, or a register of them.")],
) -> None:
    """Check that compliance reports are as they were written, without AWS or the database."""
    from reports.compliance.manifest import verify as verified

    for found in verified(folder):
        typer.echo(f"{found.folder}: {found.files} files as written, manifest {found.sha256}")


@app.command()
def query(
    statement: Annotated[
        str | None,
        typer.Argument(help="One SELECT, .tables, or .schema NAME [default: standard input]."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="File with the statement.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Named query to run.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the named queries.")] = False,
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    format_: opt.Format = "table",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the result there as Parquet.")
    ] = None,
    scan_id: opt.Scan = None,
    timeout: Annotated[
        float, typer.Option("--timeout", help="Seconds that the statement may take.")
    ] = 60.0,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Run one read-only SQL statement over the inventory; on a terminal, one after the other."""
    settings = opt.configuration(config, db, lock_timeout=lock_timeout)
    from scanner import sandbox
    from scanner.queries import named, named_queries
    from scanner.shell import Shell, line_editing

    if list_:
        told = named_queries().values()
        rows = [{"name": q.name, "title": q.title, "about": q.about} for q in told]
        print_rows(rows, format_, ("name", "title") if format_ == "table" else None)
        return
    limits: dict[str, Any] = {
        "timeout_s": timeout, "as_of": scan_id, "lock_timeout": settings.lock_timeout,
    }  # fmt: skip

    def run(text: str) -> None:
        if out or format_ == "parquet":
            if out is None:
                raise UsageError("--format parquet needs --out FILE")
            sandbox.write_parquet(Path(settings.database), text, out, **limits)
            return
        result = sandbox.run_query(Path(settings.database), text, **limits)
        print_rows(result.records(), format_, result.columns)

    shell = Shell(run, lambda text: typer.echo(text, nl=False))
    given = named(name).sql if name else statement or (_read(file) if file else None)
    if given is None and sys.stdin.isatty():
        with line_editing():
            shell.loop(input)
        return
    shell.execute(sys.stdin.read() if given is None else given)


def finish(
    settings: Config, outputs: list[str], only_new: bool, quiet: bool, no_color: bool, redact: bool
) -> NoReturn:
    """Write the reports and leave with the code that the findings deserve."""
    from reports.exits import exit_code
    from scanner import notices, pipeline

    with pipeline.open_store(settings, read_only=True) as store:
        shown = any(spec.endswith("://stdout") for spec in outputs)
        extra = [] if shown or quiet else ["console://stdout"]
        _write(store, [*outputs, *extra], settings, no_color, redact)
        code = exit_code(store, settings.fail_on, only_new=only_new)
        if not quiet:
            typer.echo(f"strays: {notices.line(store)}", err=True)
    raise typer.Exit(code)


def _write(
    store: Store, outputs: list[str], settings: Config, no_color: bool, redact: bool
) -> None:
    from reports import Context, write
    from reports.redact import redacted
    from scanner.aws import Aws
    from scanner.deliver import s3_writer, wanted

    colour = sys.stdout.isatty() and not no_color and "NO_COLOR" not in os.environ
    shown = redacted(store, os.environ.get("STRAYS_REDACT_KEY")) if redact else store
    deliver = s3_writer(Aws(settings.scan.profile)) if wanted(outputs) else None
    context = Context.of(
        shown, colour=colour, rules=_rule_facts(settings), redacted=redact, deliver=deliver
    )
    for spec in outputs:
        write(spec, shown, context)


def _rule_facts(settings: Config) -> dict[str, Any]:
    from hashlib import sha256

    import rules as rulebook
    from reports import RuleFacts

    return {
        rule.rule_id: RuleFacts(
            rule.title, rule.kind, rule.controls, sha256(rule.sql.encode()).hexdigest()
        )
        for rule in rulebook.load(settings.rules)
    }


def print_rows(
    rows: list[dict[str, Any]], format_: str, columns: Sequence[str] | None = None
) -> None:
    """Print rows as a table, as JSON or as CSV."""
    from shutil import get_terminal_size

    from scanner.listings import format_rows

    if format_ not in ("table", "json", "csv"):
        raise UsageError(f"--format {format_!r} is none of table, json, csv")
    width = get_terminal_size().columns if sys.stdout.isatty() else None
    typer.echo(format_rows(rows, format_, columns, width=width), nl=False)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
