"""The resolver's answers are those of a plain reference, on a thousand random worlds."""

from __future__ import annotations

import pytest

from scanner import catalog
from scanner.config import Config
from scanner.resolve import resolve
from scanner.shard_files import as_row
from scanner.store import Store
from tests.resolve.build import NOW, SCAN
from tests.resolve.random_worlds import TAG, random_world, seen
from tests.resolve.reference import Answer, World, answers

WORLDS = 1000


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [random_world(seed) for seed in range(WORLDS)]


@pytest.fixture(scope="module")
def resolved(worlds: list[World]) -> dict[str, Answer]:
    """All worlds resolved at once in one database: each has accounts of its own."""
    with Store.memory() as store:
        store.run("INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [SCAN, NOW, NOW])
        for table, field in (
            ("resource", "resources"), ("claim", "claims"), ("link", "links"),
            ("coverage", "cells"), ("source", "sources"),
        ):  # fmt: skip
            rows = [as_row(row) for world in worlds for row in getattr(world, field)]
            store.table_from_rows(table, rows, SCAN)
        resolve(store, catalog.load(), Config(tag_claim=[TAG]), SCAN)
        rows = store.rows("SELECT arn, status, root, owner_source FROM inventory")
    return {row.pop("arn"): Answer(**row) for row in rows}


def test_every_answer_is_that_of_the_reference(
    worlds: list[World], resolved: dict[str, Answer]
) -> None:
    wrong = {}
    for seed, world in enumerate(worlds):
        expected = answers(seen(world))
        told = {arn: resolved.get(arn) for arn in expected}
        if told != expected:
            wrong[len(world.resources), seed] = {
                arn: (told[arn], expected[arn]) for arn in expected if told[arn] != expected[arn]
            }
    assert not wrong, f"{len(wrong)} worlds, the smallest: {min(wrong.items())}"


def test_the_worlds_hold_every_kind_of_answer(resolved: dict[str, Answer]) -> None:
    """A property that is never met proves nothing."""
    kinds = {(one.status, one.owner_source, one.root is not None) for one in resolved.values()}
    owners = ("terraform", "cloudformation", "tag")
    assert kinds == {
        *((status, owner, False) for status in ("managed", "derived") for owner in owners),
        ("default", None, False), ("unknown", None, False),
        ("unmanaged", None, False), ("unmanaged", None, True),
    }  # fmt: skip
