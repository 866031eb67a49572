"""The parts of a shard: which count, which are whole, and what is loaded of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.aws import Aws
from scanner.clock import utc_now
from scanner.model import Coverage
from scanner.parts import Part, cut, standing, whole
from scanner.shard_files import Cut
from scanner.shards import Work, WorkFolder
from scanner.shards_s3 import Prefix, WorkPrefix
from scanner.store import Store
from tests.world import World

ACCOUNT = "111111111111"


def cell(type_: str, outcome: str) -> Coverage:
    return Coverage(ACCOUNT, "r", type_, "s", outcome, None, None, 0, 1, utc_now())  # type: ignore[arg-type]


@pytest.fixture(params=["folder", "s3"])
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Work:
    if request.param == "folder":
        return WorkFolder.create(tmp_path, {}, None)
    world: World = request.getfixturevalue("world")
    world.client("s3").create_bucket(Bucket=f"work-{world.account_id}")
    return WorkPrefix.create(Prefix.of(f"s3://work-{world.account_id}/w", Aws()), {}, None)


def loaded(work: Work) -> list[tuple[Any, ...]]:
    with Store.memory() as store, work.local() as shards:
        store.load(work.manifest.scan_id, shards)
        rows = store.rows("SELECT resource_type, outcome FROM coverage ORDER BY ALL")
        return [tuple(row.values()) for row in rows]


def test_what_was_cut_counts_until_a_later_run_has_looked_again(work: Work) -> None:
    left = frozenset({("B", "r"), ("C", "r")})
    unseen = [cell("B", "untried"), cell("C", "untried")]
    work.write(
        "111111111111-cut1", {"coverage": [cell("A", "ok")]}, Cut({"coverage": unseen}, left)
    )
    assert (work.has(ACCOUNT), work.has(ACCOUNT, 2), work.has("1111")) == (True, False, False)
    assert work.left("111111111111-cut1") == left
    assert loaded(work) == [("A", "ok"), ("B", "untried"), ("C", "untried")]
    then = Cut({"coverage": [cell("C", "untried")]}, None)
    work.write("111111111111-cut2", {"coverage": [cell("B", "ok")]}, then)
    assert work.left("111111111111-cut2") is None
    assert cut(work.names()) == {ACCOUNT: Part(ACCOUNT, 2, cut=True)}
    assert loaded(work) == [("A", "ok"), ("B", "ok"), ("C", "untried")]
    work.write("111111111111-3", {"coverage": [cell("C", "ok")]})
    assert loaded(work) == [("A", "ok"), ("B", "ok"), ("C", "ok")]
    assert whole(work.names()) == {ACCOUNT}


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (["1", "1-cut1", "1-2"], ["1"]),  # the first run was done twice, once to its end
        (["1-cut1", "1-cut2", "1-2"], ["1-cut1", "1-2"]),
        (["1-cut1", "1-3"], ["1-cut1"]),  # what it builds upon is not there
        (["1-2"], []),
        (["1.7", "1-cut", "1-cut0", "-1"], []),
    ],
)
def test_one_part_of_each_run_counts(names: list[str], count: list[str]) -> None:
    assert [part.name for part in standing(names).get("1", [])] == count
