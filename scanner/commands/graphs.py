"""`strays explain` and `strays graph`: why a resource has its status, and what is around it."""

from __future__ import annotations

from typing import Annotated

import typer

from scanner import options as opt

app = typer.Typer(rich_markup_mode=None)

Outputs = Annotated[
    list[str],
    typer.Option(
        "--output",
        "-o",
        help="FORMAT://PATH with one of dot, graphml, mermaid, cytoscape, html; repeat.",
        show_default="mermaid://stdout",
    ),
]


@app.command()
def explain(
    resource: Annotated[str, typer.Argument(help="ARN, id or name of a resource, or an address.")],
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    scan_id: opt.Scan = None,
) -> None:
    """Say why a resource has its status: the chain for and against, and what would change it."""
    settings = opt.configuration(config, db)
    from scanner import explain as explaining
    from scanner import pipeline

    with pipeline.open_store(settings, read_only=True) as store:
        store.as_of(scan_id)
        typer.echo(explaining.explain(store, resource))


@app.command()
def graph(
    resource: Annotated[str, typer.Argument(help="ARN, id or name of a resource.")],
    hops: Annotated[
        int, typer.Option("--hops", min=0, help="How many links to go in each direction.")
    ] = 2,
    output: Outputs = [],
    config: opt.ConfigPath = None,
    db: opt.Database = None,
    scan_id: opt.Scan = None,
) -> None:
    """Draw what a resource belongs to and has to do with."""
    settings = opt.configuration(config, db)
    from scanner import graph_export, lookup, pipeline
    from scanner.graph import neighbourhood

    outputs = [graph_export.parse(spec) for spec in opt.split(output) or ["mermaid://stdout"]]
    with pipeline.open_store(settings, read_only=True) as store:
        store.as_of(scan_id)
        thing = lookup.resource(store, resource)
        if thing is None:
            raise lookup.unknown(store, resource)
        found = neighbourhood(store, thing["arn"], hops)
    for target in outputs:
        graph_export.write(found, target, thing["arn"])
