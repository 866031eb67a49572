"""Hints (`--hints`): types that Resource Explorer shows none of in a region are not listed there.

Never by a guess alone: only where the region's index is old enough to be whole, its default view
hides nothing, AWS says that Resource Explorer covers the type, and it shows other things but none
of the type nor of any type below it. The Tagging API gives no such hint: what was never tagged it
does not name. A cell left out so has the outcome `untried`: nothing rests on it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from scanner.aws import Aws, Place
from scanner.clock import as_time, utc_now
from scanner.errors import CallError
from scanner.resource_explorer import SERVICE, index_of, resources

log = logging.getLogger(__name__)

OPERATIONS = frozenset(
    (SERVICE, name)
    for name in (
        "GetDefaultView", "GetIndex", "GetView", "ListResources", "ListSupportedResourceTypes",
    )
)  # fmt: skip
WHOLE = timedelta(days=2)
"""How old an index is before it is believed to hold the whole region."""


@dataclass
class Hints:
    """What may be left out in one account, asked region by region when it is first needed."""

    aws: Aws
    _empty: dict[str, frozenset[str]] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    def leave_out(self, place: Place, types: Iterable[str]) -> str | None:
        """Return why none of these types needs to be listed in a region; None: list them."""
        with self.aws.pace.holding(self._locks.setdefault(place.region, threading.Lock())):
            if place.region not in self._empty:
                self._empty[place.region] = self._ask(place)
        if not self._empty[place.region].issuperset(types):
            return None
        return "not looked at: Resource Explorer's index shows none (--hints)"

    def _ask(self, place: Place) -> frozenset[str]:
        try:
            if why := self._of_no_use(place):
                log.info("no hints for %s in %s: %s", place.account_id, place.region, why)
                return frozenset()
            shown = {one["ResourceType"] for one in resources(self.aws, place, place.region)}
            return self._covered_and_not(place, shown) if shown else frozenset()
        except CallError as error:
            log.warning("no hints for %s in %s: %s", place.account_id, place.region, error)
            return frozenset()

    def _covered_and_not(self, place: Place, shown: set[str]) -> frozenset[str]:
        """Return the types, as CloudFormation names them, that would be shown and are not."""
        covered: set[str] = set()
        present: set[str] = set()
        for page in self.aws.pages(place, SERVICE, "ListSupportedResourceTypes"):
            for kind in page.get("ResourceTypes", ()):
                names = kind.get("CFNResourceTypes") or ()
                (present if kind["ResourceType"] in shown else covered).update(names)
        return frozenset(covered - present)

    def _of_no_use(self, place: Place) -> str | None:
        """Return why the region's index may hide things, None where it should not."""
        index = index_of(self.aws, place)
        if isinstance(index, str):
            return index
        created = as_time(index.get("CreatedAt"))
        if created is None or created > utc_now() - WHOLE:
            return "the index is too new to hold everything"
        default = self.aws.call(place, SERVICE, "GetDefaultView").get("ViewArn")
        if not default:
            return "there is no default view"
        view = self.aws.call(place, SERVICE, "GetView", {"ViewArn": default})["View"]
        if (view.get("Filters") or {}).get("FilterString"):
            return "the default view shows a part only"
        return None
