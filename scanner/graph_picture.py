"""A picture of a neighbourhood as one page: a column per hop, no script, nothing from elsewhere."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 280, 44, 400, 62, 20
"""Of a box, from one box to the next, and around all of them; in pixels."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ margin: 0; font: 13px system-ui, sans-serif; color: #111; background: #fff }}
h1 {{ font-size: 15px; margin: 12px 20px 0 }} p {{ margin: 4px 20px }}
rect {{ stroke: #78909c }} rect.centre {{ stroke: #111; stroke-width: 3 }}
path {{ stroke: #78909c; fill: none }} path.names {{ stroke-dasharray: 5 4 }}
marker path {{ stroke: none; fill: #78909c }}
text.small, text.edge {{ font-size: 10px; fill: #37474f }}
text.edge {{ paint-order: stroke; stroke: #fff; stroke-width: 3px }}
</style></head><body>
<h1>{title}</h1><p>{summary} A full line owns, a broken one only names.</p>
<svg width="{width}" height="{height}" role="img" aria-label="{title}">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"
 orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>
{lines}
{boxes}
</svg></body></html>
"""

Label = Callable[[str, dict[str, Any]], tuple[str, str]]
Colour = Callable[[dict[str, Any]], str]


def picture(graph: nx.MultiDiGraph, centre: str, label: Label, colour: Colour) -> str:
    """Return the page: `centre` in the middle of its column, what is a hop away beside it."""
    places = _places(graph, centre)
    boxes = [
        _box(places[node], label(node, data), colour(data), node, node == centre)
        for node, data in graph.nodes(data=True)
    ]
    lines = [_line(places, pair, edges) for pair, edges in _pairs(graph).items()]
    return _PAGE.format(
        title=escape(f"What {centre} has to do with"),
        summary=f"{len(boxes)} resources and owners, {graph.number_of_edges()} links.",
        width=max(x for x, _ in places.values()) + WIDTH + MARGIN,
        height=max(y for _, y in places.values()) + HEIGHT + MARGIN,
        lines="\n".join(lines),
        boxes="\n".join(boxes),
    )


def _places(graph: nx.MultiDiGraph, centre: str) -> dict[str, tuple[int, int]]:
    """Return the upper left corner of each box: a column per hop, owners left of the centre."""
    columns: dict[int, list[str]] = defaultdict(list)
    for node, hop in _hops(graph, centre).items():
        owner = graph.nodes[node].get("kind") != "resource"
        columns[-hop if owner else hop].append(node)
    tallest = max(len(column) for column in columns.values())
    places = {}
    for across, hop in enumerate(sorted(columns)):
        column = sorted(columns[hop], key=lambda node: (node != centre, node))
        top = MARGIN + (tallest - len(column)) * DOWN // 2
        for down, node in enumerate(column):
            places[node] = (MARGIN + across * ACROSS, top + down * DOWN)
    return places


def _hops(graph: nx.MultiDiGraph, centre: str) -> dict[str, int]:
    found, waiting = {centre: 0}, deque([centre])
    while waiting:
        node = waiting.popleft()
        for other in sorted({*graph.successors(node), *graph.predecessors(node)} - set(found)):
            found[other] = found[node] + 1
            waiting.append(other)
    return found | {node: max(found.values()) + 1 for node in graph if node not in found}


def _box(place: tuple[int, int], lines: tuple[str, str], fill: str, node: str, centre: bool) -> str:
    x, y = place
    what, which = (escape(text if len(text) < 36 else f"{text[:34]}…") for text in lines)
    mark = ' class="centre"' if centre else ""
    return (
        f'<g><title>{escape(node)}</title><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}"'
        f' rx="5" fill="{fill}"{mark}/><text class="small" x="{x + 8}" y="{y + 16}">{what}</text>'
        f'<text x="{x + 8}" y="{y + 34}">{which}</text></g>'
    )


def _pairs(graph: nx.MultiDiGraph) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return what is said between each two boxes: one arrow each way is drawn."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for one, other, edge in graph.edges(data=True):
        if one != other:
            found[one, other].append(edge)
    return found


def _line(
    places: dict[str, tuple[int, int]], pair: tuple[str, str], edges: list[dict[str, Any]]
) -> str:
    """Return an arrow between two boxes, or a bow beside those of one column."""
    (x1, y1), (x2, y2) = (places[node] for node in pair)
    left, right = (WIDTH, 0) if x1 < x2 else (0, WIDTH) if x1 > x2 else (WIDTH, WIDTH)
    x1, x2, y1, y2 = x1 + left, x2 + right, y1 + HEIGHT // 2, y2 + HEIGHT // 2
    bow = (ACROSS - WIDTH) * 2 // 3 if x1 == x2 else 0
    bend = f"C{x1 + bow} {y1} {x2 + bow} {y2} " if bow else "L"
    mark = "" if any(edge["owns"] for edge in edges) else ' class="names"'
    kinds = ", ".join(sorted({edge["kind"] for edge in edges}))
    return (
        f'<path d="M{x1} {y1} {bend}{x2} {y2}" marker-end="url(#tip)"{mark}/>'
        f'<text class="edge" x="{(x1 + x2) // 2 + bow * 3 // 4}" y="{(y1 + y2) // 2}"'
        f' text-anchor="middle">{escape(kinds)}</text>'
    )
