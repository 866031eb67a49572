"""`strays doctor`, `init` and `demo`: before the first scan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scanner import options as opt
from scanner.commands.flags import collecting

app = typer.Typer()


@app.command()
def doctor(
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    source: opt.From = [],
    account: opt.Accounts = [],
    region: opt.Regions = [],
    profile: opt.Profile = None,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
) -> None:
    """Say in seconds what a scan would trip over: credentials, roles, regions, states, database."""
    settings = collecting(
        config, db, source, [], account, region, [], [], profile, role_name, external_id, None, None
    )
    from scanner import doctor as diagnosis

    healthy = True
    for finding in diagnosis.examine(settings):
        healthy = healthy and finding.well
        typer.echo(str(finding))
    raise typer.Exit(0 if healthy else 2)


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(opt.CONFIG_FILE),
) -> None:
    """Write a starter configuration with every key explained."""
    from scanner.starter import write_starter

    write_starter(path)
    typer.echo(f"wrote {path}: every key is explained there; then run `strays doctor`")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the results go.")] = Path("demo"),
    port: Annotated[int | None, typer.Option("--port", help="Port of the embedded AWS.")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the embedded AWS running until Ctrl-C.")
    ] = False,
    quiet: opt.Quiet = False,
) -> None:
    """Scan a demo organization on an embedded AWS: nothing to configure."""
    from scanner.demo.run import run_demo
    from scanner.progress import progress_for

    run_demo(folder, port, keep, lambda: progress_for(quiet), typer.echo)
