"""The ownership graph: resources, owners and links. The one importer of networkx.

Sets are computed in SQL (`resolve.py`); the graph explains them, for one neighbourhood or, in the
reference check, for everything.

Nodes are ARNs (`kind="resource"`) and owners (`kind="state" | "stack" | "tag"`, named by
`source_id`; a stack that was listed is a resource that claims others). Edges go from owner to
owned, and from what names to what is named where nothing is owned; they carry `kind` (claims, owns,
contains, uses ...), `owns`, `rule`, `trust`, `evidence`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import networkx as nx

from scanner.store import Store

CROWD = 60
"""A resource with more links than this is shown in a neighbourhood, and not walked through."""

_OWNER_KINDS = {"terraform": "state", "cloudformation": "stack", "tag": "tag"}
_RESOURCES = """
SELECT arn, resource_type, resource_id, name, account_id, region, status, owner, owner_source, root,
    evidence->>'$.rule' AS rule
FROM inventory
"""
_CLAIMS = """
SELECT arn, source_id, source_kind, owner, address, inline, evidence
FROM claims WHERE state = 'matched'
"""
_AROUND = "CREATE OR REPLACE TEMP TABLE around AS SELECT unnest(?::VARCHAR[]) AS arn"
_LINKS_AROUND = """
CREATE OR REPLACE TEMP TABLE around_link AS
WITH own AS (
    SELECT unnest(keys) AS key, resource_type FROM resource SEMI JOIN around USING (arn)
)
SELECT * FROM link SEMI JOIN around USING (arn)
UNION
SELECT * FROM link SEMI JOIN own ON target_key = own.key AND target_type = own.resource_type;

CREATE OR REPLACE TEMP TABLE around_named AS
SELECT DISTINCT number, key, arn, resource_type, account_id, region, cell_region
FROM (SELECT rowid AS number, unnest(keys) AS key, * EXCLUDE (keys) FROM resource)
SEMI JOIN around_link ON target_key = key AND target_type = resource_type;

CREATE OR REPLACE TEMP TABLE around_look AS
SELECT * FROM resource_look
SEMI JOIN (SELECT arn FROM around_link UNION SELECT arn FROM around_named) USING (arn);

CREATE OR REPLACE TEMP TABLE around_row AS
SELECT * FROM around_look SEMI JOIN current_rows('around_look') AS live USING (number);

CREATE OR REPLACE TEMP TABLE around_key AS
SELECT * EXCLUDE (number) FROM around_named SEMI JOIN around_row USING (number);

CREATE OR REPLACE TEMP TABLE live_link AS
SELECT * FROM around_link SEMI JOIN around_row USING (arn, scan_id);
"""
_ENDS_AROUND = """
SELECT * FROM link_ends('live_link', 'around_key')
WHERE target_arn <> arn AND (arn IN (FROM around) OR target_arn IN (FROM around))
ORDER BY ALL
"""


def build(store: Store) -> nx.MultiDiGraph:
    """Return the graph of the whole inventory."""
    graph = nx.MultiDiGraph()
    _add_resources(graph, store.rows(_RESOURCES))
    _add_links(
        graph,
        store.rows("SELECT * FROM link_target WHERE target_arn <> arn"),
    )
    _add_claims(graph, store.rows(_CLAIMS))
    return graph


def neighbourhood(store: Store, arn: str, hops: int) -> nx.MultiDiGraph:
    """Return the graph around one resource, as far as `hops` links in either direction.

    What AWS made for everyone, and what more than `CROWD` links meet at, ends a walk: beyond the
    default VPC lies the whole account. The owners of everything reached are in it.
    """
    reached, frontier = {arn}, {arn}
    links: dict[tuple[str, ...], dict[str, Any]] = {}
    for hop in range(hops):
        if hop:
            frontier = _walkable(store, frontier)
        found = links_around(store, frontier)
        links.update({_identity(link): link for link in found})
        ends = {link[end] for link in found for end in ("arn", "target_arn")}
        frontier, reached = ends - reached, reached | ends
    graph = nx.MultiDiGraph()
    given = {"only": sorted(reached)}
    _add_resources(
        graph, store.rows(f"{_RESOURCES} WHERE arn IN (SELECT unnest($only::VARCHAR[]))", given)
    )
    _add_links(graph, links.values())
    _add_claims(graph, store.rows(f"{_CLAIMS} AND arn IN (SELECT unnest($only::VARCHAR[]))", given))
    return graph


def links_around(store: Store, arns: Iterable[str]) -> list[dict[str, Any]]:
    """Return the links that begin or end at these ARNs, each with both its ends.

    They have the columns of `link`, and `target_arn`. Links to what is not there are left out.
    """
    store.run(_AROUND, [sorted(arns)])
    store.run(_LINKS_AROUND)
    return store.rows(_ENDS_AROUND)


def as_graphml(graph: nx.MultiDiGraph, centre: str, shown: Callable[[object], str]) -> str:
    """Return GraphML. It knows no null, so attributes without a value are left out."""
    plain = nx.MultiDiGraph(centre=shown(centre))
    for node, data in graph.nodes(data=True):
        plain.add_node(shown(node), **_given(data, shown))
    for one, other, data in graph.edges(data=True):
        plain.add_edge(shown(one), shown(other), **_given(data, shown))
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _given(data: dict[str, Any], shown: Callable[[object], str]) -> dict[str, Any]:
    values = ((name, value) for name, value in data.items() if value is not None)
    return {name: value if isinstance(value, bool) else shown(value) for name, value in values}


def components(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Return what hangs together through pairs, as sets of at least two."""
    return [set(found) for found in nx.connected_components(nx.Graph(pairs))]


def _identity(link: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(link[name]) for name in ("arn", "target_arn", "kind", "owns", "rule", "trust"))


def _walkable(store: Store, arns: set[str]) -> set[str]:
    """Return those that a walk goes on through: neither AWS's own nor where a crowd meets."""
    default = store.rows(
        "SELECT arn FROM ownership WHERE scan_id = (SELECT scan_id FROM resolved_scan)"
        " AND status = 'default' AND arn IN (SELECT unnest($only::VARCHAR[]))",
        {"only": sorted(arns)},
    )
    left = arns - {row["arn"] for row in default}
    met: dict[str, int] = dict.fromkeys(left, 0)
    for link in links_around(store, left):
        for end in {link["arn"], link["target_arn"]} & left:
            met[end] += 1
    return {arn for arn, count in met.items() if count <= CROWD}


def _add_resources(graph: nx.MultiDiGraph, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        graph.add_node(row.pop("arn"), kind="resource", **row)


def _add_claims(graph: nx.MultiDiGraph, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        if row["source_id"] not in graph:
            kind = _OWNER_KINDS.get(row["source_kind"], row["source_kind"])
            graph.add_node(row["source_id"], kind=kind, name=row["owner"])
        graph.add_edge(
            row["source_id"], row["arn"], kind="claims", owns=True, rule=None, trust=None,
            evidence=row["evidence"], address=row["address"], inline=row["inline"],
            source_kind=row["source_kind"],
        )  # fmt: skip


def _add_links(graph: nx.MultiDiGraph, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        ends = (row["arn"], row["target_arn"])
        graph.add_edge(
            *(reversed(ends) if row["owns"] == "self" else ends), kind=row["kind"],
            owns=row["owns"] is not None, rule=row["rule"], trust=row["trust"],
            evidence=row["evidence"],
        )  # fmt: skip
