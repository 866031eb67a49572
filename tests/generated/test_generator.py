"""The generator: what is committed is current, and the same input gives the same bytes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

from scanner import catalog
from tests.house.files import ROOT
from tools.catalog import lists, pages
from tools.catalog.difference import told
from tools.catalog.items import secret_members
from tools.catalog.listing import list_operations
from tools.catalog.models import services
from tools.catalog.outputs import pages as written_pages
from tools.catalog.peers import HOWS, PEERS, UNCOVERED, coverage
from tools.catalog.proved import proved

PINNED = re.search(r"^botocore==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
ANEW = "run `make catalog` and commit what it writes"


MAKE = (
    "import json, sys; from tools.catalog.outputs import ROOT, outputs;"
    "json.dump({str(path.relative_to(ROOT)): text for path, text in outputs().items()}, sys.stdout)"
)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What the generator writes now, by path; it hashes in another order than whoever ran it."""
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    ran = subprocess.run(
        [sys.executable, "-c", MAKE], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    written: dict[str, str] = json.loads(ran.stdout)
    return written


FILES = [
    "scanner/catalog/generated/entries.json",
    "scanner/catalog/generated/actions.json",
    "scanner/catalog/generated/made_from.json",
    "scanner/catalog/proved.json",
    "tools/catalog/ownership_members.txt",
]


@pytest.mark.parametrize("path", FILES)
def test_what_is_committed_is_current_in_whatever_order_things_are_hashed(
    path: str, made: dict[str, str]
) -> None:
    assert PINNED is not None
    assert sorted(made) == sorted(FILES)
    if botocore.__version__ != PINNED[1] and not path.endswith("proved.json"):
        pytest.skip(f"BOTOCORE {botocore.__version__} IS NOT THE PINNED {PINNED[1]}: NOT CHECKED")
    assert made[path] == (ROOT / path).read_text("utf-8"), f"{path} is old: {ANEW}"


def test_a_new_version_tells_what_came_what_went_and_whose_it_may_be() -> None:
    one, two = '[{"type":"A","service":"x"}]', '[{"type":"B","service":"y"}]'
    text = told(Path("entries.json"), one, two)
    for line in ("new: 1: B", "gone: 1: A", "services new: 1: y", "services gone: 1: x"):
        assert f"  {line}\n" in text
    assert "new: 1: ec2.DescribeX Operator" in told(
        Path("m.txt"), "a\n", "a\nec2.DescribeX Operator\n"
    )
    assert told(Path("entries.json"), one, one) == "entries.json: unchanged\n"


def test_proof_is_read_from_the_calls_of_the_tests() -> None:
    proof = proved()
    assert {"AWS::SQS::Queue", "AWS::Kinesis::Stream"} <= set(proof["verified"])
    assert "AWS::AccessAnalyzer::Analyzer" in proof["documented"]


def test_what_botocore_calls_sensitive_is_never_stored() -> None:
    items = {
        (listing.service.name, listing.name): listing
        for service in services()
        for listing in list_operations(service)
    }
    for entry in catalog.load(all_types=True).entries.values():
        if entry.state == "generated" and entry.list.op:
            listing = items[entry.service, entry.list.op]
            assert set(secret_members(listing.service, listing.item)) == set(entry.never_store)


def test_the_pages_of_the_catalog_are_current() -> None:
    for path, text in written_pages().items():
        assert text == path.read_text("utf-8"), f"{path.relative_to(ROOT)} is old: {ANEW}"


def test_every_glob_of_what_is_left_out_still_leaves_something_out() -> None:
    from fnmatch import fnmatchcase

    known = {f"{service.name}.{name}" for service in services() for name in service.operations}
    known |= {name.partition(".")[0] for name in known}
    idle = [
        glob
        for glob, _ in lists.table("left_out.tsv")
        if not any(fnmatchcase(name, glob) for name in known)
    ]
    assert idle == []


@pytest.mark.parametrize("peer", PEERS)
def test_every_type_of_a_peer_is_told_of(peer: str) -> None:
    rows = coverage(peer)
    assert {row.how for row in rows} <= set(HOWS)
    assert all(row.told for row in rows if row.how != UNCOVERED)


def test_each_type_of_driftctl_is_scanned_or_no_inventory_with_a_reason() -> None:
    assert [row.name for row in coverage("driftctl") if row.how == UNCOVERED] == []


def test_the_page_of_types_names_each_state_once() -> None:
    text = pages.types_page()
    assert [text.count(f"\n| {state} | ") for state in pages.STATES] == [1, 1, 1, 1]
