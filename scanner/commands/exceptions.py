"""`strays exceptions`: list, check, add, expire and import approved exceptions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from scanner import options as opt
from scanner.errors import StraysError, UsageError

app = typer.Typer(
    name="exceptions",
    help="List, check, add, end and import approved exceptions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(
    config: opt.ConfigPath = None, db: opt.Database = None, format_: opt.Format = "table"
) -> None:
    """List the exceptions with what each covered in the newest scan."""
    from shutil import get_terminal_size
    from sys import stdout

    from scanner.listings import format_rows
    from scanner.register import register

    if format_ not in ("table", "json", "csv"):
        raise UsageError(f"--format {format_!r} is none of table, json, csv")
    rows = register(opt.configuration(config, db), _today())
    width = get_terminal_size().columns if stdout.isatty() else None
    typer.echo(format_rows(rows, format_, width=width), nl=False)


@app.command()
def check(config: opt.ConfigPath = None, db: opt.Database = None) -> None:
    """Say what is wrong: malformed entries (exit code 2), ended, unused, self-approved ones."""
    from scanner.register import register

    rows = register(opt.configuration(config, db), _today())
    told = [(row["exception_id"], remark) for row in rows for remark in row["remarks"]]
    for name, remark in told:
        typer.echo(f"{name}: {remark}")
    typer.echo(f"{len(rows)} exceptions, {len(told)} remarks")


@app.command()
def add(
    exception_id: Annotated[str, typer.Option("--id", help="Its id, as in EXC-14.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is allowed.")],
    owner: Annotated[str, typer.Option("--owner", help="Who answers for it.")],
    approver: Annotated[str, typer.Option("--approver", help="Who allowed it.")],
    ticket: Annotated[str, typer.Option("--ticket", help="Where that stands.")],
    expires: Annotated[str, typer.Option("--expires", help="The last day it holds, YYYY-MM-DD.")],
    rule: Annotated[str | None, typer.Option("--rule", help="Glob over rule ids.")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="Glob over resource types.")] = None,
    resource: Annotated[
        str | None, typer.Option("--resource", help="Glob over ARNs and ids.")
    ] = None,
    account: Annotated[str | None, typer.Option("--account", help="Glob over accounts.")] = None,
    environment: Annotated[
        str | None, typer.Option("--environment", help="Glob over environments.")
    ] = None,
    region: Annotated[str | None, typer.Option("--region", help="Glob over regions.")] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", help="Tag as KEY=VALUE-GLOB; repeat: all must fit."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Where to add it [default: the first file].")
    ] = None,
    config: opt.ConfigPath = None,
) -> None:
    """Add an exception to the file; it is for the approver to review the change."""
    from scanner.exception_files import add as add_entry

    fields: dict[str, Any] = {
        "id": exception_id, "rule": rule, "type": type_, "resource": resource, "account": account,
        "environment": environment, "region": region, "tags": dict(map(_tag, tag or [])),
        "reason": reason, "owner": owner, "approver": approver, "ticket": ticket,
        "created": _today(), "expires": _day(expires),
    }  # fmt: skip
    path = add_entry(opt.configuration(config).exceptions, fields, _today(), file)
    typer.echo(f"added {exception_id} to {path}")


@app.command()
def expire(
    exception_id: Annotated[str, typer.Argument(help="Id of the exception.")],
    config: opt.ConfigPath = None,
) -> None:
    """End an exception now: what it covers counts again from the next check on."""
    from scanner.exception_files import end

    path = end(opt.configuration(config).exceptions, exception_id, _today())
    typer.echo(f"ended {exception_id} in {path}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The .driftignore to convert.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write [default: standard output].")
    ] = None,
) -> None:
    """Convert a .driftignore into entries that still need an owner, an approver and an end."""
    from scanner.driftignore import DriftIgnore
    from scanner.exception_files import import_text

    text = import_text(DriftIgnore.read(file), _today())
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise StraysError(f"{out} cannot be written: {error.strerror}") from error


def _today() -> date:
    from scanner.clock import utc_now

    return utc_now().date()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--expires {text!r} is no day: write YYYY-MM-DD") from error


def _tag(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value or "*"
