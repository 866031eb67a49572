"""The graph in other tools' languages, with names that mean something in each."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from typer.testing import CliRunner

from scanner import graph_export
from scanner.cli import app
from scanner.errors import UsageError
from scanner.graph import CROWD, build, neighbourhood
from scanner.store import Store
from tests.graph.webstack import link, stack, thing
from tests.resolve.build import resolved

EVIL = "</script><script>alert(1)</script>\"];x--\x1b[2J\x00'\\"


@pytest.fixture(scope="module")
def store() -> Store:
    return stack()


@pytest.fixture(scope="module")
def evil() -> nx.MultiDiGraph:
    one, two = thing("i-1"), thing("vpc-1")
    return build(resolved([replace(one, name=EVIL), two], links=[link(one, "in_vpc", two)]))


def exported(graph: nx.MultiDiGraph, name: str, folder: Path, centre: str) -> str:
    path = folder / "out"
    graph_export.write(graph, graph_export.parse(f"{name}://{path}"), centre)
    return path.read_text("utf-8")


@pytest.mark.parametrize("name", graph_export.FORMATS)
def test_strangers_text_does_nothing(evil: nx.MultiDiGraph, name: str, tmp_path: Path) -> None:
    text = exported(evil, name, tmp_path, thing("i-1").arn)
    assert "\x1b" not in text
    assert "\x00" not in text
    if name not in ("dot", "cytoscape"):
        assert "<script>" not in text


def test_dot_keeps_quotes_inside_quotes(evil: nx.MultiDiGraph, tmp_path: Path) -> None:
    text = exported(evil, "dot", tmp_path, thing("i-1").arn)
    assert '\\"];x--' in text


def test_graphml_is_read_back_by_networkx(store: Store, tmp_path: Path) -> None:
    graph = neighbourhood(store, thing("vpc-hand").arn, 2)
    text = exported(graph, "graphml", tmp_path, thing("vpc-hand").arn)
    ElementTree.fromstring(text)
    read = nx.read_graphml(tmp_path / "out", force_multigraph=True)
    assert set(read) == set(graph)
    assert read.number_of_edges() == graph.number_of_edges()


def test_cytoscape_elements_name_their_ends(store: Store, tmp_path: Path) -> None:
    graph = neighbourhood(store, thing("vpc-hand").arn, 2)
    elements = json.loads(exported(graph, "cytoscape", tmp_path, thing("vpc-hand").arn))["elements"]
    nodes = {node["data"]["id"] for node in elements["nodes"]}
    assert {edge["data"]["source"] for edge in elements["edges"]} <= nodes
    assert [n["data"]["id"] for n in elements["nodes"] if n["data"]["centre"]] == [
        thing("vpc-hand").arn
    ]


def test_page_runs_no_script_and_shows_every_node(store: Store, tmp_path: Path) -> None:
    graph = neighbourhood(store, thing("vpc-hand").arn, 2)
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append(tag)

    text = exported(graph, "html", tmp_path, thing("vpc-hand").arn)
    Reader().feed(text)
    assert found.count("rect") == len(graph)
    assert "script" not in found
    assert "default-src 'none'" in text


def test_mermaid_draws_owning_links_full_and_others_broken(store: Store, tmp_path: Path) -> None:
    text = exported(
        neighbourhood(store, thing("i-1").arn, 1), "mermaid", tmp_path, thing("i-1").arn
    )
    assert "-->|owns|" in text
    assert "-.->|assumes|" in text


def test_neighbourhood_reaches_as_far_as_asked_with_owners(store: Store) -> None:
    assert set(neighbourhood(store, thing("vpc-hand").arn, 0)) == {thing("vpc-hand").arn}
    near = neighbourhood(store, thing("vpc-hand").arn, 1)
    assert {node.rpartition(":")[2] for node in near} == {"vpc-hand", "subnet-a", "subnet-b"}
    assert "tfstate://a" in neighbourhood(store, thing("i-code").arn, 0)


def test_walk_ends_at_what_aws_made_and_where_a_crowd_meets(store: Store) -> None:
    beyond = neighbourhood(store, thing("i-code").arn, 3)
    assert thing("vpc-default").arn in beyond
    assert thing("i-other").arn not in beyond
    key, disks = thing("key-all"), [thing(f"vol-{number}") for number in range(CROWD + 1)]
    crowded = resolved([key, *disks], links=[link(disk, "encrypted_by", key) for disk in disks])
    assert len(neighbourhood(crowded, disks[0].arn, 3)) == 2
    assert len(neighbourhood(crowded, key.arn, 1)) == CROWD + 2


def test_unknown_format_is_named() -> None:
    with pytest.raises(UsageError, match="'pdf://x' is none of dot://PATH"):
        graph_export.parse("pdf://x")


def test_command_writes_every_output(tmp_path: Path) -> None:
    path = tmp_path / "strays.duckdb"
    memory = stack()
    memory.run(f"ATTACH '{path}' AS file")
    memory.run("COPY FROM DATABASE memory TO file")
    memory.close()
    specs = [f"{name}://{tmp_path / name}" for name in graph_export.FORMATS]
    args = [
        "graph",
        "vpc-hand",
        "--db",
        str(path),
        "--hops",
        "1",
        *(a for s in specs for a in ("-o", s)),
    ]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0, done.output
    assert all((tmp_path / name).stat().st_size for name in graph_export.FORMATS)
