"""What was not seen, told in few lines however many accounts and regions there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from reports.text import visible

if TYPE_CHECKING:
    from reports.reading import Row

Places = frozenset[tuple[str, str]]

_NAMED = 3
"""Types that a line names; more are counted."""


class Gap(NamedTuple):
    """Types that ended alike in the same accounts and regions."""

    outcome: str
    code: str
    places: Places
    types: tuple[str, ...]
    message: str

    @property
    def cells(self) -> int:
        """How many cells it stands for."""
        return len(self.places) * len(self.types)


def gaps(cells: Iterable[Row]) -> list[Gap]:
    """Return cells of the coverage as gaps, by outcome, the widest first."""
    places: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    messages: dict[tuple[str, str, str], str] = {}
    for cell in cells:
        key = (str(cell["outcome"]), cell["error_code"] or "", cell["resource_type"])
        places[key].add((cell["account_id"], cell["region"]))
        messages.setdefault(key, cell["message"] or "")
    alike: dict[tuple[str, str, Places], list[str]] = defaultdict(list)
    for (outcome, code, kind), where in sorted(places.items()):
        alike[outcome, code, frozenset(where)].append(kind)
    found = [
        Gap(outcome, code, where, tuple(kinds), messages[outcome, code, kinds[0]])
        for (outcome, code, where), kinds in alike.items()
    ]
    return sorted(found, key=lambda gap: (gap.outcome, -gap.cells, gap.types))


def told(gap: Gap) -> Iterator[str]:
    """Yield a gap's lines: what, where, why, and one message as an example."""
    named = ", ".join(gap.types[:_NAMED])
    more = len(gap.types) - _NAMED
    kinds = f"{named} and {more} more types" if more > 0 else named
    yield f"  - {' '.join(filter(None, (gap.outcome, gap.code)))} in {_where(gap.places)}: {kinds}"
    if gap.message:
        yield f"      {visible(gap.message)}"


def _where(places: Places) -> str:
    accounts = sorted({account for account, _ in places})
    regions = sorted({region for _, region in places})
    account = accounts[0] if len(accounts) == 1 else f"{len(accounts)} accounts"
    region = regions[0] if len(regions) == 1 else f"{len(regions)} regions"
    return f"{account}, {region}"
