"""`strays events`: who made it, read from trails, exports or LookupEvents."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner import options as opt

app = typer.Typer()


@app.command()
def events(
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="trail://s3/BUCKET/PREFIX, lookup://, or file://PATH (JSON, CSV, Parquet); repeat.",
        ),
    ] = None,
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    profile: opt.Profile = None,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Read write events of CloudTrail and say who made what; `scan` does it where configured."""
    given = [{"from": text} for text in opt.split(source or [])]
    settings = opt.configuration(
        config, db, events=given, scan__profile=profile, lock_timeout=lock_timeout
    )
    from scanner import pipeline
    from scanner.errors import UsageError

    if not settings.events:
        raise UsageError("name a trail with --from, or configure [[events]]")
    new, makers = pipeline.events_scan(settings)
    typer.echo(f"{new} new events; the maker of {makers} resources is known")
