"""`strays adopt`, `nuke` and `alarm`: files that people take further. Nothing here calls AWS."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scanner import options as opt

if TYPE_CHECKING:
    from scanner.actions.adopt import Adoption
    from scanner.actions.nuke import Handover

app = typer.Typer()

Named = Annotated[list[str] | None, typer.Argument(help="ARN, id or name of a stray; repeat.")]
Every = Annotated[bool, typer.Option("--all", help="Every stray of the newest scan.")]


@app.command()
def adopt(
    named: Named = None,
    everything: Every = False,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("adopt"),
    format_: Annotated[
        str, typer.Option("--format", help="terraform or cloudformation.")
    ] = "terraform",
    config: opt.ConfigPath = None,
    db: opt.Database = None,
) -> None:
    """Write files that import strays into code: Terraform (OpenTofu too) or CloudFormation."""
    settings = opt.configuration(config, db)
    from scanner import catalog, pipeline
    from scanner.actions.adopt import plan_adoption, write_adoption
    from scanner.actions.chosen import choose
    from scanner.errors import UsageError

    if format_ not in ("terraform", "cloudformation"):
        raise UsageError(f"--format {format_!r} is neither terraform nor cloudformation")
    with pipeline.open_store(settings, read_only=True) as store:
        strays = choose(store, catalog.load(), named or [], everything)
    if format_ == "cloudformation":
        from scanner.actions.stack_import import plan_stack_import, write_stack_import

        imports = plan_stack_import(strays)
        written = write_stack_import(imports, out)
        lines = [f"{sum(len(t['Resources']) for t, _ in imports.stacks.values())} in templates"]
        lines += [f"left out: {stray.arn}: {why}" for stray, why in imports.left_out]
    else:
        adoption = plan_adoption(strays)
        written = write_adoption(adoption, out)
        lines = _adoption_told(adoption)
    for line in [*lines, *(f"wrote {path}" for path in written)]:
        typer.echo(line)


def _adoption_told(adoption: Adoption) -> list[str]:
    whole = sum(len(root.written) for root in adoption.roots.values())
    half = sum(len(root.generated) for root in adoption.roots.values())
    lines = [f"{whole} with a configuration, {half} for terraform plan -generate-config-out"]
    for root in adoption.roots.values():
        lines += [
            f"no configuration: {arn}: {why}" for arn, why in sorted(root.why_generated.items())
        ]
    return lines + [f"left out: {stray.arn}: {why}" for stray, why in adoption.left_out]


@app.command()
def nuke(
    named: Named = None,
    everything: Every = False,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("nuke"),
    days: Annotated[int, typer.Option("--days", help="Days until the files end.")] = 2,
    config: opt.ConfigPath = None,
    db: opt.Database = None,
) -> None:
    """Write aws-nuke configurations that can match only these strays, and a plan for people."""
    settings = opt.configuration(config, db)
    from scanner import catalog, pipeline
    from scanner.actions.adopt import plan_adoption, write_adoption
    from scanner.actions.chosen import choose
    from scanner.actions.nuke import check_only_these_go, plan_removal, write_removal
    from scanner.actions.nuke_refusals import refusals
    from scanner.actions.removal_plan import removal_plan
    from scanner.clock import utc_now

    now = utc_now()
    expires = now + timedelta(days=days)
    with pipeline.open_store(settings, read_only=True) as store:
        everything_known = catalog.load()
        strays = choose(store, everything_known, named or [], everything)
        reasons = refusals(store, everything_known, settings, strays, now)
        accounts = store.rows("SELECT DISTINCT account_id FROM coverage ORDER BY 1")
        handover = plan_removal(strays, reasons, [row["account_id"] for row in accounts])
        asked = check_only_these_go(store, everything_known, handover)
        undo = plan_adoption([*handover.going, *handover.with_parent])
        kept = {arn for root in undo.roots.values() for arn in root.written}
        plan = removal_plan(store, handover, expires, kept)
    for line in _removal_told(handover, asked):
        typer.echo(line)
    if handover.going:
        for path in [
            *write_removal(handover, out, expires, plan),
            *write_adoption(undo, out / "undo"),
        ]:
            typer.echo(f"wrote {path}")
    raise typer.Exit(0 if handover.going else 2)


def _removal_told(handover: Handover, asked: int) -> list[str]:
    lines = [f"stays: {stray.arn}: {'; '.join(why)}" for stray, why in handover.refused]
    lines.append(
        f"{len(handover.going)} would go, {len(handover.with_parent)} with them,"
        f" {len(handover.refused)} stay; of {asked} resources there, the filters match no other"
    )
    return lines


@app.command()
def alarm(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("alarm"),
    config: opt.ConfigPath = None,
) -> None:
    """Write an EventBridge rule that fires on writes outside the pipeline."""
    settings = opt.configuration(config)
    from scanner.actions.alarm import write_alarm

    for path in write_alarm(settings, out):
        typer.echo(f"wrote {path}")
