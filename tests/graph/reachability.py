"""Every verdict worked out again by walking the graph: networkx's word against the table's."""

from __future__ import annotations

import networkx as nx

from scanner import catalog
from scanner.graph import build
from scanner.store import Store

STACK = "AWS::CloudFormation::Stack"
Told = tuple[str, str | None]


def disagreements(store: Store) -> dict[str, tuple[Told, Told]]:
    """Return, by ARN, what `ownership` and the graph say where they differ: (status, root)."""
    graph = build(store)
    found = {**statuses(graph)}
    rows = {row["arn"]: row for row in store.rows("SELECT arn, status, root FROM inventory")}
    roots = possible_roots(graph, set(rows) - set(found))
    wrong = {}
    for arn, row in rows.items():
        told = (row["status"], row["root"])
        expected = {(found[arn], None)} if arn in found else roots[arn]
        if told not in expected:
            wrong[arn] = (told, min(expected, key=str))
    return wrong


def statuses(graph: nx.MultiDiGraph) -> dict[str, str]:
    """Return the status of all that something owns, by reachability alone."""
    resources = {n: data for n, data in graph.nodes(data=True) if data["kind"] == "resource"}
    state, stack, tag = (_claimed(graph, kind) for kind in ("terraform", "cloudformation", "tag"))
    stack |= {n for n, data in resources.items() if data["resource_type"] == STACK}
    passing = _passing(graph, state)
    rules = [rule for rules in catalog.load().rules.values() for rule in rules]
    marks = {rule.rule for rule in rules if rule.verdict == "default"}
    marked = (
        {
            n
            for n, data in resources.items()
            if data["status"] == "default" and data["rule"] in marks
        }
        - state
        - stack
    )
    told = dict.fromkeys(state | stack, "managed") | dict.fromkeys(marked, "default")
    for seeds, status in ((state | stack, "derived"), (marked, "default"), (tag, "derived")):
        if seeds is tag:
            told = dict.fromkeys(tag, "managed") | told
        told = dict.fromkeys(_below(passing, seeds, set(told) - seeds), status) | told
    return told


def _claimed(graph: nx.MultiDiGraph, source_kind: str) -> set[str]:
    edges = graph.edges(data="source_kind")
    return {claimed for _, claimed, kind in edges if kind == source_kind}


def _passing(graph: nx.MultiDiGraph, state: set[str]) -> nx.DiGraph:
    """The edges that pass ownership on; some rules do not hold below what a state claims."""
    rules = (rule for rules in catalog.load().rules.values() for rule in rules)
    limited = {rule.rule for rule in rules if rule.unless_source == "terraform"}
    return nx.DiGraph(
        (a, b)
        for a, b, edge in graph.edges(data=True)
        if edge["owns"] and edge["kind"] not in ("contains", "claims") and edge["trust"] != "name"
        and not (edge["rule"] in limited and a in state)
    )  # fmt: skip


def _below(passing: nx.DiGraph, seeds: set[str], closed: set[str]) -> set[str]:
    """What can be reached from the seeds without passing through what is decided otherwise."""
    open_ = passing.subgraph(set(passing) - closed)
    reached: set[str] = set()
    for seed in seeds & set(open_):
        reached |= nx.descendants(open_, seed)
    return reached - seeds


def possible_roots(graph: nx.MultiDiGraph, strays: set[str]) -> dict[str, set[Told]]:
    """Return what may be said of each stray: hanging on a root that it can be reached from."""
    hanging = nx.DiGraph(
        (a, b)
        for a, b, edge in graph.edges(data=True)
        if edge["owns"] and edge["kind"] != "claims" and edge["trust"] != "name"
        and a in strays and b in strays
    )  # fmt: skip
    hanging.add_nodes_from(strays)
    whole = nx.condensation(hanging)
    told: dict[str, set[Told]] = {arn: set() for arn in strays}
    for top in (n for n in whole if whole.in_degree(n) == 0):
        root = min(whole.nodes[top]["members"])
        for part in {top} | nx.descendants(whole, top):
            for arn in whole.nodes[part]["members"]:
                told[arn].add(("unmanaged", None if arn == root else root))
    return told
