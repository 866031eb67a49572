"""Every entry is run on answers made from botocore's own shapes: none ships untried."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.credentials import Credentials

from scanner import catalog
from scanner.aws import Grant, Place
from scanner.catalog.language import Entry
from scanner.listing import Listed, Lister
from scanner.model import Account, Outcome
from tests.catalog.models import BotocoreModels, sample

ACCOUNT = Account("111111111111", "aws", ("us-east-1",))
MODELS = BotocoreModels()
ENTRIES = catalog.load().entries


class FilledAws:
    """An AWS that answers every call with all members of its shape filled."""

    def service_regions(self, service: str, partition: str) -> frozenset[str]:
        return frozenset()

    def call(self, place: Place, service: str, operation: str, params: Any = None) -> Any:
        model = MODELS.operation(service, operation)
        assert model is not None, f"{service} has no {operation}"
        return sample(model.output_shape)

    def pages(
        self, place: Place, service: str, operation: str, params: Any = None, token: Any = None
    ) -> Iterator[Any]:
        yield self.call(place, service, operation, params)


def listed(entry: Entry) -> Listed:
    """The family of an entry, as far as it is needed, without the rules that drop rows."""
    full = catalog.load()
    root, *_ = [*reversed(full.ancestors(entry)), entry]
    wanted = frozenset({entry.type, *(each.type for each in full.ancestors(entry))})
    place = Place(ACCOUNT.account_id, "us-east-1", Credentials("a", "b"), everything())
    return Lister(FilledAws(), plain(), wanted, ACCOUNT, place, "us-east-1").family(root)  # type: ignore[arg-type]


@cache
def plain() -> catalog.Catalog:
    """The catalog without the rules that drop rows."""
    full = catalog.load()
    return catalog.Catalog(
        full.entries, {}, full.children, full.terraform, full.cloudformation, full.not_inventory
    )


@cache
def everything() -> Grant:
    """The grant of a scan of all types."""
    full = catalog.load()
    return Grant("scan", full.operations(full.entries.values()))


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_entry_makes_a_row_from_an_answer_of_its_shape(name: str) -> None:
    entry = ENTRIES[name]
    found = listed(entry)
    (cell,) = (each for each in found.coverage if each.resource_type == name)
    assert cell.outcome is Outcome.OK, cell.message
    rows = [row for row in found.resources if row.resource_type == name]
    assert rows
    for row in rows:
        assert row.arn
        assert row.keys[0] == row.arn
        assert row.resource_id in row.keys
