"""`strays scan`, and its steps alone."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner import options as opt
from scanner.commands import reports
from scanner.commands.flags import collecting, log_to_stderr
from scanner.errors import UsageError

app = typer.Typer()


@app.command()
def scan(
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    source: opt.From = [],
    output: opt.Outputs = [],
    account: opt.Accounts = [],
    region: opt.Regions = [],
    type_: opt.Types = [],
    exclude_type: opt.ExcludedTypes = [],
    all_types: opt.AllTypes = False,
    cross_check: opt.CrossChecks = [],
    hints: opt.Hints = False,
    tag_claim: opt.TagClaims = [],
    profile: opt.Profile = None,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
    threads: opt.Threads = None,
    max_calls: opt.MaxCalls = None,
    max_minutes: opt.MaxMinutes = None,
    processes: opt.Processes = None,
    since: opt.Since = None,
    cluster: opt.Cluster = None,
    parent: opt.Work = None,
    resume: opt.Resume = False,
    lock_timeout: opt.LockTimeout = None,
    fail_on: opt.FailOn = None,
    only_new: opt.OnlyNew = False,
    driftignore: opt.DriftIgnore = None,
    filter_: opt.Filter = None,
    redact: opt.Redact = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    no_color: opt.NoColor = False,
) -> None:
    """List what there is, read who claims it, judge, and report."""
    settings = collecting(
        config, db, source, tag_claim, account, region, type_, exclude_type, profile, role_name,
        external_id, threads, lock_timeout, work=parent, scan__all_types=all_types or None,
        scan__cross_check=opt.split(cross_check), scan__hints=hints or None,
        scan__processes=processes, scan__cluster=cluster, scan__since=since,
        scan__max_calls=max_calls, scan__max_minutes=max_minutes,
        fail_on=fail_on, driftignore=driftignore, filter=filter_,
    )  # fmt: skip
    log_to_stderr(quiet, verbose)
    from reports import parse
    from scanner import pipeline
    from scanner.progress import progress_for

    outputs = [*opt.split(output), *(item.to for item in settings.output)]
    for spec in outputs:
        parse(spec)
    with progress_for(quiet) as progress:
        pipeline.scan(settings, progress, resume=resume)
    reports.finish(settings, outputs, only_new, quiet, no_color, redact)


@app.command()
def collect(
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    source: opt.From = [],
    account: opt.Accounts = [],
    region: opt.Regions = [],
    type_: opt.Types = [],
    exclude_type: opt.ExcludedTypes = [],
    all_types: opt.AllTypes = False,
    cross_check: opt.CrossChecks = [],
    hints: opt.Hints = False,
    profile: opt.Profile = None,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
    threads: opt.Threads = None,
    max_calls: opt.MaxCalls = None,
    max_minutes: opt.MaxMinutes = None,
    processes: opt.Processes = None,
    cluster: opt.Cluster = None,
    parent: opt.Work = None,
    resume: opt.Resume = False,
    lock_timeout: opt.LockTimeout = None,
    no_load: Annotated[
        bool, typer.Option("--no-load", help="Leave the shards for `strays load`.")
    ] = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """List what there is and read the states, and stop there."""
    settings = collecting(
        config, db, source, [], account, region, type_, exclude_type, profile, role_name,
        external_id, threads, lock_timeout, work=parent, scan__all_types=all_types or None,
        scan__cross_check=opt.split(cross_check), scan__hints=hints or None,
        scan__processes=processes, scan__cluster=cluster,
        scan__max_calls=max_calls, scan__max_minutes=max_minutes,
    )  # fmt: skip
    log_to_stderr(quiet, verbose)
    from scanner import pipeline
    from scanner.progress import progress_for
    from scanner.work import alone

    with alone(settings):
        with progress_for(quiet) as progress:
            work = pipeline.collect_scan(settings, progress, resume=resume)
        told = work.address if no_load else pipeline.load_scan(settings, work)
    typer.echo(told)


@app.command()
def load(
    work: Annotated[
        str | None,
        typer.Argument(help="Work folder, or s3://BUCKET/PREFIX/SCAN_ID [default: the newest]."),
    ] = None,
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    parent: opt.Work = None,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Load the shards of a collection into the database; only shards in S3 call AWS."""
    settings = opt.configuration(config, db, lock_timeout=lock_timeout, work=parent)
    from scanner import pipeline
    from scanner.work import alone, newest_work, open_work, parent_of

    found = open_work(work, settings) if work else newest_work(settings)
    if found is None:
        raise UsageError(f"there are no shards to load below {parent_of(settings)}")
    with alone(settings, found):
        typer.echo(pipeline.load_scan(settings, found))


@app.command()
def resolve(
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    source: opt.From = [],
    tag_claim: opt.TagClaims = [],
    profile: opt.Profile = None,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Work out who owns what, from what the database holds; --from reads states anew."""
    settings = opt.configuration(
        config, db, sources=opt.split(source), tag_claims=tag_claim, scan__profile=profile,
        lock_timeout=lock_timeout,
    )  # fmt: skip
    from scanner import pipeline

    typer.echo(pipeline.resolve_scan(settings, settings.terraform if source else None))


@app.command()
def check(
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    output: opt.Outputs = [],
    fail_on: opt.FailOn = None,
    only_new: opt.OnlyNew = False,
    driftignore: opt.DriftIgnore = None,
    filter_: opt.Filter = None,
    lock_timeout: opt.LockTimeout = None,
    redact: opt.Redact = False,
    quiet: opt.Quiet = False,
    no_color: opt.NoColor = False,
) -> None:
    """Run the rules over what is resolved, and report."""
    settings = opt.configuration(
        config, db, fail_on=fail_on, lock_timeout=lock_timeout, driftignore=driftignore,
        filter=filter_,
    )  # fmt: skip
    from scanner import pipeline

    pipeline.check_scan(settings)
    reports.finish(settings, opt.split(output), only_new, quiet, no_color, redact)
