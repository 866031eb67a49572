"""The graph in the languages of other tools: DOT, GraphML, Mermaid, Cytoscape JSON, HTML.

Names and tags in it are strangers' text: each format escapes them in its own way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reports.target import Target
from reports.text import visible
from scanner.errors import UsageError
from scanner.graph import as_graphml
from scanner.graph_picture import picture

if TYPE_CHECKING:
    import networkx as nx

COLOURS = {
    "managed": "#d7f0dd",
    "derived": "#e6f4ea",
    "default": "#eceff1",
    "unmanaged": "#fde0dc",
    "unknown": "#fff3cd",
}
OWNER_COLOUR = "#dbe7fb"


def parse(spec: str) -> Target:
    """Return the target that `FORMAT://PATH` names (PATH `stdout`, or none: the standard output).

    Raises `UsageError` for a format that there is not.
    """
    name, separator, path = spec.partition("://")
    if not separator or name not in FORMATS:
        raise UsageError(f"output {spec!r} is none of {', '.join(f'{f}://PATH' for f in FORMATS)}")
    return Target(name, path)


def write(graph: nx.MultiDiGraph, target: Target, centre: str) -> None:
    """Write a graph; `centre` is the ARN that it is about."""
    with target.open() as stream:
        stream.write(FORMATS[target.format](graph, centre).encode())


def label(node: str, data: dict[str, Any]) -> tuple[str, str]:
    """Return the two lines that stand for a node: what it is, and which."""
    if data["kind"] != "resource":
        return data["kind"], visible(data["name"], 60)
    name = data.get("name") or data.get("resource_id") or node
    return f"{data.get('resource_type', 'not seen')}, {data.get('status', 'unknown')}", visible(
        name, 60
    )


def colour(data: dict[str, Any]) -> str:
    """Return the colour of a node, by its status."""
    return COLOURS.get(data.get("status", ""), OWNER_COLOUR)


def dot(graph: nx.MultiDiGraph, centre: str) -> str:
    """Return the graph for Graphviz (https://graphviz.org/doc/info/lang.html)."""
    lines = [
        "digraph strays {",
        "  rankdir=LR;",
        "  node [shape=box, style=filled, fontname=Helvetica];",
    ]
    for node, data in graph.nodes(data=True):
        text = "\\n".join(_in_quotes(line) for line in label(node, data))
        thick = ", penwidth=3" if node == centre else ""
        lines.append(f'  "{_in_quotes(node)}" [label="{text}", fillcolor="{colour(data)}"{thick}];')
    for one, other, edge in graph.edges(data=True):
        style = "" if edge["owns"] else ", style=dashed"
        ends = f'"{_in_quotes(one)}" -> "{_in_quotes(other)}"'
        lines.append(f'  {ends} [label="{_in_quotes(edge["kind"])}"{style}];')
    return "\n".join([*lines, "}", ""])


def _in_quotes(text: str) -> str:
    return visible(text, 2_000).replace("\\", "\\\\").replace('"', '\\"')


def mermaid(graph: nx.MultiDiGraph, centre: str) -> str:
    """Return the graph for a Markdown page (https://mermaid.js.org/syntax/flowchart.html)."""
    numbers = {node: f"n{number}" for number, node in enumerate(graph)}
    lines = ["flowchart LR"]
    for node, data in graph.nodes(data=True):
        text = "<br/>".join(_entities(line) for line in label(node, data))
        lines.append(f'  {numbers[node]}["{text}"]')
        width = ",stroke-width:3px" if node == centre else ""
        lines.append(f"  style {numbers[node]} fill:{colour(data)},color:#111{width}")
    for one, other, edge in graph.edges(data=True):
        arrow = "-->" if edge["owns"] else "-.->"
        lines.append(f"  {numbers[one]} {arrow}|{_entities(edge['kind'])}| {numbers[other]}")
    return "\n".join([*lines, ""])


def _entities(text: str) -> str:
    """Return text in which nothing is Mermaid's or a browser's: other signs as their numbers."""
    plain = set(" ,.:/_-=")
    return "".join(c if c.isalnum() or c in plain else f"#{ord(c)};" for c in text)


def cytoscape(graph: nx.MultiDiGraph, centre: str) -> str:
    """Return Cytoscape's elements (https://js.cytoscape.org/#notation/elements-json)."""
    nodes = [
        {"data": {"id": node, "label": label(node, data)[1], "centre": node == centre, **data}}
        for node, data in graph.nodes(data=True)
    ]
    edges = [
        {"data": {"id": f"e{number}", "source": one, "target": other, **edge}}
        for number, (one, other, edge) in enumerate(graph.edges(data=True))
    ]
    return json.dumps({"elements": {"nodes": nodes, "edges": edges}}, indent=2, default=str) + "\n"


def graphml(graph: nx.MultiDiGraph, centre: str) -> str:
    """Return the graph as GraphML (http://graphml.graphdrawing.org), for Gephi and networkx."""
    return as_graphml(graph, centre, lambda text: visible(text, 10_000))


def html(graph: nx.MultiDiGraph, centre: str) -> str:
    """Return the graph as a page that shows it."""
    return picture(graph, centre, label, colour)


FORMATS: dict[str, Callable[[nx.MultiDiGraph, str], str]] = {
    each.__name__: each for each in (dot, graphml, mermaid, cytoscape, html)
}
