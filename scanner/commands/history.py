"""`strays baseline` and `diff`: what is known, and what changed."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner import options as opt
from scanner.commands import reports

app = typer.Typer()


@app.command()
def baseline(
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Take back what was accepted; all counts again.")
    ] = False,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Accept the open findings of the newest scan as known: only new ones fail a build."""
    settings = opt.configuration(config, db, lock_timeout=lock_timeout)
    from scanner import pipeline

    count = pipeline.baseline(settings, forget=forget)
    typer.echo(f"{count} findings {'count again' if forget else 'are accepted as known'}")


@app.command()
def diff(
    before: Annotated[
        str | None, typer.Argument(help="Older scan [default: the one before].")
    ] = None,
    after: Annotated[str | None, typer.Argument(help="Newer scan [default: the newest].")] = None,
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    format_: opt.Format = "table",
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Say what changed between two scans: resources new or gone, owners, coverage."""
    settings = opt.configuration(config, db, lock_timeout=lock_timeout)
    from scanner import history, pipeline

    with pipeline.open_store(settings, read_only=True) as store:
        reports.print_rows(history.diff(store, before, after), format_)
