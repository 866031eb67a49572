"""`strays events` and `strays drift`: who made it, and what changed under what code owns."""

from __future__ import annotations

from pathlib import Path
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
            help="trail://s3/BUCKET/PREFIX, lookup:// or file://PATH (JSON, CSV, Parquet).",
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


@app.command()
def drift(
    plan: Annotated[
        list[str] | None,
        typer.Option(
            "--plan",
            help="terraform show -json PLAN: a file, a folder or s3://BUCKET/PREFIX; repeat.",
        ),
    ] = None,
    run: Annotated[
        list[Path] | None,
        typer.Option("--run", help="Terraform root to plan in (-refresh-only); repeat."),
    ] = None,
    stack: Annotated[
        list[str] | None,
        typer.Option("--stack", help="ARN of a stack whose drift AWS detects; repeat."),
    ] = None,
    direct: Annotated[
        bool, typer.Option("--direct/--no-direct", help="Compare the states with what AWS says.")
    ] = True,
    source: opt.From = [],
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    profile: opt.Profile = None,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Find what changed under what code owns; `strays check` then reports it."""
    settings = opt.configuration(
        config, db, sources=opt.split(source), plan=[{"from": place} for place in plan or []],
        drift__stacks=opt.split(stack or []), scan__profile=profile, lock_timeout=lock_timeout,
    )  # fmt: skip
    from scanner import pipeline
    from scanner.clock import utc_now
    from scanner.find_drift import Ways, find_drift

    asked = Ways(settings.plan, run or [], settings.drift.stacks, direct)
    with pipeline.open_store(settings) as store:
        looks = find_drift(store, settings, pipeline.newest_scan(store), asked, utc_now())
    for look in looks:
        if look.failed or look.remark:
            told = f"not read: {look.failed}" if look.failed else look.remark
            typer.echo(f"{look.source_id}: {told}", err=True)
    count = sum(len(look.rows) for look in looks)
    typer.echo(f"{count} differences; `strays check` reports them")
    raise typer.Exit(2 if any(look.failed for look in looks) else 0)
