"""The ownership graph: resources, owners and links. The one importer of networkx.

Sets are computed in SQL (`resolve.py`); the graph explains them, for one neighbourhood or, in the
reference check, for everything.

Nodes are ARNs (`kind="resource"`) and owners (`kind="state" | "stack" | "tag"`, named by
`source_id`); edges carry `kind` (claims, owns, contains, uses ...), `rule`, `trust`, `evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx as nx

from scanner.store import Store

PASSES_ON = "owns"
"""Edge kinds that pass ownership on: claims and owning links that rest on more than a name."""

_OWNER_KINDS = {"terraform": "state", "cloudformation": "stack", "tag": "tag"}


def build(store: Store, arns: Iterable[str] | None = None) -> nx.MultiDiGraph:
    """Return the graph of the whole inventory, or of these ARNs and what they touch."""
    graph = nx.MultiDiGraph()
    only = list(arns) if arns is not None else None
    where = "" if only is None else " WHERE list_contains($only, arn)"
    given = None if only is None else {"only": only}
    for row in store.rows(
        "SELECT arn, resource_type, name, account_id, region, status, owner_source, root"
        f" FROM inventory{where}",
        given,
    ):
        graph.add_node(row.pop("arn"), kind="resource", **row)
    _add_claims(graph, store, where, given)
    _add_links(graph, store, only)
    return graph


def _add_claims(graph: nx.MultiDiGraph, store: Store, where: str, given: Any) -> None:
    matched = "state = 'matched'" if not where else f"{where[7:]} AND state = 'matched'"
    for row in store.rows(
        "SELECT arn, source_id, source_kind, owner, address, inline, evidence"
        f" FROM claims WHERE {matched}",
        given,
    ):
        graph.add_node(row["source_id"], kind=_OWNER_KINDS[row["source_kind"]], name=row["owner"])
        graph.add_edge(
            row["source_id"], row["arn"], kind="claims", address=row["address"],
            inline=row["inline"], evidence=row["evidence"], passes_on=True,
        )  # fmt: skip


def _add_links(graph: nx.MultiDiGraph, store: Store, only: list[str] | None) -> None:
    query = "SELECT * FROM link_target WHERE target_arn IS NOT NULL AND target_arn <> arn"
    given = None
    if only is not None:
        query += " AND (list_contains($only, arn) OR list_contains($only, target_arn))"
        given = {"only": only}
    for row in store.rows(query, given):
        ends = (
            (row["target_arn"], row["arn"])
            if row["owns"] == "self"
            else (row["arn"], row["target_arn"])
        )
        graph.add_edge(
            *ends, kind=row["kind"], rule=row["rule"], trust=row["trust"], evidence=row["evidence"],
            passes_on=row["owns"] is not None and row["kind"] != "contains" and row["trust"] != "name",
        )  # fmt: skip


def owned(
    graph: nx.MultiDiGraph, source_kinds: Iterable[str] = ("state", "stack", "tag")
) -> set[str]:
    """Return every resource that can be reached from an owner along edges that pass ownership on."""
    wanted = set(source_kinds)
    passing = nx.DiGraph((a, b) for a, b, edge in graph.edges(data=True) if edge["passes_on"])
    owners = [
        n for n, data in graph.nodes(data=True) if data.get("kind") in wanted and n in passing
    ]
    reached = set(nx.multi_source_dijkstra_path_length(passing, owners)) if owners else set()
    return reached - set(owners)


def neighbourhood(store: Store, arn: str, hops: int) -> nx.MultiDiGraph:
    """Return the graph around one resource, as far as `hops` links in either direction."""
    reached, frontier = {arn}, {arn}
    for _ in range(hops):
        rows = store.rows(
            "SELECT arn, target_arn FROM link_target WHERE target_arn IS NOT NULL"
            " AND (list_contains($near, arn) OR list_contains($near, target_arn))",
            {"near": sorted(frontier)},
        )
        found = {row[end] for row in rows for end in ("arn", "target_arn")}
        frontier = found - reached
        reached |= found
    graph = build(store, reached)
    return graph.subgraph(
        [n for n in graph if n in reached or graph.nodes[n].get("kind") != "resource"]
    ).copy()
