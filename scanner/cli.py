"""The command line. It alone prints results and exits.

Exit codes: 0 clean; 1 an open finding at or above --fail-on; 2 error or wrong usage; 3 no such
finding, but not everything in scope could be seen.
"""

from __future__ import annotations

import logging
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from scanner import (
    __version__,
    action_commands,
    event_commands,
    exception_commands,
    graph_commands,
    report_commands,
)
from scanner import options as opt
from scanner.errors import StraysError, UsageError

if TYPE_CHECKING:
    from scanner.config import Config

app = typer.Typer(
    name="strays",
    help="Find every AWS resource that no infrastructure as code owns.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(exception_commands.app)
app.add_typer(action_commands.app)
app.add_typer(event_commands.app)
app.add_typer(graph_commands.app)
app.add_typer(report_commands.app)


def main() -> None:
    """Run the command; every error of ours is one line on stderr and its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)
    try:
        app()
    except StraysError as error:
        typer.echo(f"strays: {error}", err=True)
        sys.exit(error.exit_code)


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    raise StraysError("stopped; what was collected stays, `strays scan --resume` goes on with it")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"strays {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """What every command shares."""


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
    tag_claim: opt.TagClaims = [],
    profile: opt.Profile = None,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
    threads: opt.Threads = None,
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
    settings = _collecting(
        config, db, source, tag_claim, account, region, type_, exclude_type, profile, role_name,
        external_id, threads, lock_timeout, scan__all_types=all_types or None, fail_on=fail_on,
        driftignore=driftignore, filter=filter_,
    )  # fmt: skip
    _log(quiet, verbose)
    from reports import parse
    from scanner import pipeline
    from scanner.progress import progress_for

    outputs = [*opt.split(output), *(item.to for item in settings.output)]
    for spec in outputs:
        parse(spec)
    with progress_for(quiet) as progress:
        pipeline.scan(settings, progress, resume=resume)
    report_commands.finish(settings, outputs, only_new, quiet, no_color, redact)


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
    profile: opt.Profile = None,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
    threads: opt.Threads = None,
    resume: opt.Resume = False,
    lock_timeout: opt.LockTimeout = None,
    no_load: Annotated[
        bool, typer.Option("--no-load", help="Leave the shards for `strays load`.")
    ] = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> None:
    """List what there is and read the states, and stop there."""
    settings = _collecting(
        config, db, source, [], account, region, type_, exclude_type, profile, role_name,
        external_id, threads, lock_timeout, scan__all_types=all_types or None,
    )  # fmt: skip
    _log(quiet, verbose)
    from scanner import pipeline
    from scanner.progress import progress_for

    with progress_for(quiet) as progress:
        folder = pipeline.collect_scan(settings, progress, resume=resume)
    typer.echo(str(folder.path) if no_load else pipeline.load_scan(settings, folder))


@app.command()
def load(
    folder: Annotated[
        Path | None, typer.Argument(help="Work folder [default: the newest].")
    ] = None,
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    lock_timeout: opt.LockTimeout = None,
) -> None:
    """Load the shards of a collection into the database, without calling AWS."""
    settings = opt.configuration(config, db, lock_timeout=lock_timeout)
    from scanner import pipeline
    from scanner.shards import WorkFolder

    parent = pipeline.work_parent(settings)
    found = WorkFolder.read(folder) if folder else WorkFolder.newest(parent)
    if found is None:
        raise UsageError(f"there are no shards to load below {parent}")
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
    report_commands.finish(settings, opt.split(output), only_new, quiet, no_color, redact)


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
        report_commands.print_rows(history.diff(store, before, after), format_)


@app.command()
def types(
    config: opt.ConfigPath = None,
    account: opt.Accounts = [],
    region: opt.Regions = [],
    type_: opt.Types = [],
    exclude_type: opt.ExcludedTypes = [],
    all_types: opt.AllTypes = False,
    calls: Annotated[
        bool, typer.Option("--calls", help="Count the list calls that a scan makes at least.")
    ] = False,
    format_: opt.Format = "table",
) -> None:
    """List the resource types that Strays can see, and how well each is proved."""
    settings = _choosing(config, account, region, type_, exclude_type, all_types)
    from scanner import directory, pipeline

    entries = pipeline.chosen_entries(settings)
    if calls:
        from scanner.calls import least_calls

        report_commands.print_rows(least_calls(entries, settings.scan), format_)
        return
    report_commands.print_rows(directory.types(entries), format_)
    typer.echo(directory.counted(entries), err=True)


@app.command()
def policy(
    config: opt.ConfigPath = None,
    grant: Annotated[
        str, typer.Option("--grant", help="scan, organization, assume or sources.")
    ] = "scan",
    source: opt.From = [],
    account: opt.Accounts = [],
    type_: opt.Types = [],
    exclude_type: opt.ExcludedTypes = [],
    all_types: opt.AllTypes = False,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
    format_: Annotated[
        str, typer.Option("--format", help="json, cloudformation or terraform.")
    ] = "json",
) -> None:
    """Print the exact IAM policy that a grant needs for the chosen types."""
    settings = _choosing(
        config, account, [], type_, exclude_type, all_types, sources=opt.split(source),
        scan__role_name=role_name, scan__external_id=external_id,
    )  # fmt: skip
    from scanner import pipeline
    from scanner.policy import MOST_PER_ROLE, policies
    from scanner.policy.templates import written

    found = policies(settings, pipeline.chosen_entries(settings), grant)
    typer.echo(written(found, settings, format_))
    if len(found) > MOST_PER_ROLE:
        told = f"{len(found)} managed policies: a role may have {MOST_PER_ROLE}, or a raised quota"
        typer.echo(told, err=True)


@app.command()
def rules(
    config: opt.ConfigPath = None,
    format_: opt.Format = "table",
) -> None:
    """List the rules with their severity and what to do about a finding."""
    from scanner import directory

    report_commands.print_rows(directory.rules(opt.configuration(config).rules), format_)


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
    settings = _collecting(
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


def _collecting(
    config: Path | None, db: str | None, source: list[str], tag_claim: list[str],
    account: list[str], region: list[str], type_: list[str], exclude_type: list[str],
    profile: str | None, role_name: str | None, external_id: str | None, threads: int | None,
    lock_timeout: float | None, **more: Any,
) -> Config:  # fmt: skip
    return opt.configuration(
        config,
        db,
        sources=opt.split(source),
        tag_claims=tag_claim,
        scan__accounts=opt.split(account),
        scan__regions=opt.split(region),
        scan__types=opt.split(type_),
        scan__exclude_types=opt.split(exclude_type),
        scan__profile=profile,
        scan__role_name=role_name,
        scan__external_id=external_id,
        scan__threads=threads,
        lock_timeout=lock_timeout,
        **more,
    )


def _choosing(
    config: Path | None, account: list[str], region: list[str], type_: list[str],
    exclude_type: list[str], all_types: bool, **more: Any,
) -> Config:  # fmt: skip
    """Return the configuration with the flags that choose what to look at."""
    return opt.configuration(
        config,
        scan__accounts=opt.split(account),
        scan__regions=opt.split(region),
        scan__types=opt.split(type_),
        scan__exclude_types=opt.split(exclude_type),
        scan__all_types=all_types or None,
        **more,
    )


def _log(quiet: bool, verbose: bool) -> None:
    level = logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="strays: %(message)s", stream=sys.stderr)
    logging.getLogger("botocore").setLevel(logging.ERROR)


if __name__ == "__main__":
    main()
