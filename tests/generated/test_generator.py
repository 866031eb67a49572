"""The generator: what is committed is current, and the same input gives the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import botocore
import pytest

from tests.house.files import ROOT
from tools.catalog import lists, pages
from tools.catalog.outputs import outputs
from tools.catalog.outputs import pages as written_pages
from tools.catalog.peers import HOWS, PEERS, UNCOVERED, coverage

PINNED = re.search(r"^botocore==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
ANEW = "run `make catalog` and commit what it writes"


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What the generator writes now, by path."""
    return {str(path.relative_to(ROOT)): text for path, text in outputs().items()}


@pytest.mark.parametrize(
    "name",
    [f"generated/{name}.json" for name in ("entries", "actions", "made_from")] + ["proved.json"],
)
def test_what_is_committed_is_current(name: str, made: dict[str, str]) -> None:
    assert PINNED is not None
    if botocore.__version__ != PINNED[1] and name.startswith("generated"):
        pytest.skip(f"BOTOCORE {botocore.__version__} IS NOT THE PINNED {PINNED[1]}: NOT CHECKED")
    path = f"scanner/catalog/{name}"
    assert made[path] == (ROOT / path).read_text("utf-8"), f"{path} is old: {ANEW}"


def test_the_pages_of_the_catalog_are_current() -> None:
    for path, text in written_pages().items():
        assert text == path.read_text("utf-8"), f"{path.relative_to(ROOT)} is old: {ANEW}"


def test_another_order_of_hashing_gives_the_same_bytes(made: dict[str, str]) -> None:
    code = (
        "import sys; from tools.catalog.outputs import GENERATED, outputs;"
        "sys.stdout.write(outputs()[GENERATED / 'entries.json'])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    assert ran.stdout.decode() == made["scanner/catalog/generated/entries.json"]


def test_every_glob_of_what_is_left_out_still_leaves_something_out() -> None:
    from fnmatch import fnmatchcase

    from tools.catalog.models import services

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
