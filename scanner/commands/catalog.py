"""`strays types`, `policy` and `rules`: what can be seen, with which rights, what is looked for."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner import options as opt
from scanner.commands import reports
from scanner.commands.flags import choosing

app = typer.Typer()


@app.command()
def types(
    config: opt.ConfigPath = None,
    account: opt.Accounts = [],
    region: opt.Regions = [],
    type_: opt.Types = [],
    exclude_type: opt.ExcludedTypes = [],
    all_types: opt.AllTypes = False,
    cross_check: opt.CrossChecks = [],
    hints: opt.Hints = False,
    calls: Annotated[
        bool, typer.Option("--calls", help="Count the list calls that a scan makes at least.")
    ] = False,
    format_: opt.Format = "table",
) -> None:
    """List the resource types that Strays can see, and how well each is proved."""
    settings = choosing(
        config, account, region, type_, exclude_type, all_types,
        scan__cross_check=opt.split(cross_check), scan__hints=hints or None,
    )  # fmt: skip
    from scanner import directory, pipeline

    entries = pipeline.chosen_entries(settings)
    if calls:
        from scanner.calls import least_calls

        reports.print_rows(least_calls(entries, settings.scan), format_)
        return
    reports.print_rows(directory.types(entries), format_)
    typer.echo(directory.counted(entries), err=True)


@app.command()
def policy(
    config: opt.ConfigPath = None,
    grant: Annotated[
        str,
        typer.Option(
            "--grant", help="scan, organization, assume, sources, deliver, work or detect."
        ),
    ] = "scan",
    source: opt.From = [],
    output: opt.Outputs = [],
    work: opt.Work = None,
    account: opt.Accounts = [],
    type_: opt.Types = [],
    exclude_type: opt.ExcludedTypes = [],
    all_types: opt.AllTypes = False,
    cross_check: opt.CrossChecks = [],
    hints: opt.Hints = False,
    role_name: opt.RoleName = None,
    external_id: opt.ExternalId = None,
    format_: Annotated[
        str, typer.Option("--format", help="json, cloudformation or terraform.")
    ] = "json",
) -> None:
    """Print the exact IAM policy that a grant needs for the chosen types, sources and outputs."""
    places = opt.split(source)
    events = [place for place in places if place.startswith(("trail://", "lookup://"))]
    settings = choosing(
        config, account, [], type_, exclude_type, all_types,
        sources=[place for place in places if place not in events],
        events=[{"from": place} for place in events],
        output=[{"to": place} for place in opt.split(output)],
        scan__role_name=role_name, scan__external_id=external_id, work=work,
        scan__cross_check=opt.split(cross_check), scan__hints=hints or None,
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

    reports.print_rows(directory.rules(opt.configuration(config).rules), format_)
