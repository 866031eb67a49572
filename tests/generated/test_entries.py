"""Generated entries: enough, linted against botocore, and each run on an answer of its shape."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.credentials import Credentials

from scanner import catalog
from scanner.aws import Grant, Place
from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.catalog.lint import lint
from scanner.listing import Listed, Lister
from scanner.model import Outcome
from tests.catalog.models import BotocoreModels
from tests.catalog.test_every_entry import ACCOUNT, FilledAws
from tests.catalog.test_lint import names

EVERYTHING = catalog.load(all_types=True)
GENERATED = sorted(t for t, entry in EVERYTHING.entries.items() if entry.state == "generated")
SERVICES = sorted({EVERYTHING.entries[name].service for name in GENERATED})
PLAIN = Catalog(
    EVERYTHING.entries, {}, EVERYTHING.children, EVERYTHING.terraform, EVERYTHING.cloudformation,
    EVERYTHING.not_inventory,
)  # fmt: skip


def test_generated_entries_beside_the_reviewed_ones_are_without_problems() -> None:
    found = lint(EVERYTHING, BotocoreModels(), names())
    problems = [each for each in found if each.where in {*GENERATED, "the catalog"}]
    assert not problems, "\n".join(f"{each.where}: {each.what}" for each in problems)


def test_generated_entries_are_only_there_when_asked_for() -> None:
    default = catalog.load().entries.values()
    assert {entry.state for entry in default} == {"reviewed"}
    assert len(GENERATED) + len(default) >= 1900


def _listed(entry: Entry) -> Listed:
    root, *_ = [*reversed(PLAIN.ancestors(entry)), entry]
    wanted = frozenset({entry.type, *(each.type for each in PLAIN.ancestors(entry))})
    grant = Grant("scan", PLAIN.operations(PLAIN.entries.values()))
    place = Place(ACCOUNT.account_id, "us-east-1", Credentials("a", "b"), grant)
    return Lister(FilledAws(), PLAIN, wanted, ACCOUNT, place, "us-east-1").family(root)  # type: ignore[arg-type]


def _wrong(name: str) -> Iterator[str]:
    """Yield what is wrong with the rows that an entry makes."""
    found = _listed(EVERYTHING.entries[name])
    (cell,) = (each for each in found.coverage if each.resource_type == name)
    if cell.outcome is not Outcome.OK:
        yield f"{name}: {cell.message}"
    rows = [row for row in found.resources if row.resource_type == name]
    if not rows:
        yield f"{name}: no rows"
    for row in rows:
        if not (row.unreviewed and row.keys[0] == row.arn and row.resource_id in row.keys):
            yield f"{name}: {row.keys}"


@pytest.mark.parametrize("service", SERVICES)
def test_generated_entries_make_unreviewed_rows_from_answers_of_their_shapes(service: str) -> None:
    mine = [name for name in GENERATED if EVERYTHING.entries[name].service == service]
    assert [problem for name in mine for problem in _wrong(name)] == []
