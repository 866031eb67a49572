"""Runs catalog entries in one account and region: calls, pages, details, children, coverage."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from jmespath.exceptions import JMESPathError

from scanner.aws import Aws, Place
from scanner.catalog import Catalog
from scanner.catalog.expressions import search
from scanner.catalog.language import Entry, ListCall
from scanner.clock import utc_now
from scanner.details import Details, Look, bound
from scanner.documents import (
    Document,
    apply_rules,
    as_resource,
    identify,
    links_of,
    region_of,
)
from scanner.errors import CallError, CatalogError, StraysError
from scanner.failures import is_gone
from scanner.hints import Hints
from scanner.model import Account, Coverage, Link, Outcome, Resource
from scanner.tagging import BulkTags

log = logging.getLogger(__name__)


@dataclass
class Listed:
    """What listing a family of types in one place gave."""

    resources: list[Resource] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)


class Lister:
    """Lists families of entries (a root and what is listed under it) in one place."""

    def __init__(
        self,
        aws: Aws,
        catalog: Catalog,
        wanted: frozenset[str],
        account: Account,
        place: Place,
        label: str,
        tags: BulkTags | None = None,
        hints: Hints | None = None,
    ) -> None:
        self._aws = aws
        self._catalog = catalog
        self._wanted = wanted
        self._account = account
        self._place = place
        self._label = label
        self._details = Details(aws, place, tags)
        self._hints = hints

    def family(self, root: Entry) -> Listed:
        """Return rows, links and one coverage row per type of the family."""
        listed = Listed()
        known = self._aws.service_regions(root.service, self._account.partition)
        if root.scope == "regional" and known and self._place.region not in known:
            reason = f"botocore: no {root.service} in {self._place.region}"
            absent = CallError(reason, Outcome.UNAVAILABLE, "NoSuchRegion")
            self._skip(root, listed, absent)
            return listed
        if why := self._may_be_left_out(root):
            self._skip(root, listed, CallError(why, Outcome.UNTRIED, "Hint"))
            return listed
        try:
            self._walk(root, [self._specials()], listed, None)
        except (StraysError, LookupError, TypeError, ValueError, AttributeError) as error:
            log.exception("%s in %s %s", root.type, self._account.account_id, self._label)
            done = {row.resource_type for row in listed.coverage}
            self._skip(root, listed, _broken(root, error), done)
        return listed

    def _walk(
        self, entry: Entry, parents: list[Document], listed: Listed, above: CallError | None
    ) -> None:
        """List an entry under each parent document, then its children under each of its own."""
        look = Look(errors=[above] if above else [])
        documents: list[Document] = []
        for parent in parents:
            documents += self._rows_of(entry, parent, look)
        kept = [document for document in documents if self._keep(entry, document, look)]
        rows = self._store_rows(entry, kept, listed)
        outcome, code, message = look.outcome()
        listed.coverage.append(self._coverage(entry, outcome, code, message, rows, look.calls))
        incomplete = CallError(
            f"its {entry.type} could not all be listed: {message}", outcome, code or ""
        )
        for child in self._children(entry):
            self._walk(child, kept, listed, None if outcome is Outcome.OK else incomplete)

    def _may_be_left_out(self, root: Entry) -> str | None:
        if self._hints is None or root.scope == "global":
            return None
        return self._hints.leave_out(self._place, self._types_of(root))

    def _types_of(self, entry: Entry) -> list[str]:
        below = [name for child in self._children(entry) for name in self._types_of(child)]
        return [entry.type, *below]

    def _children(self, entry: Entry) -> list[Entry]:
        return [
            child
            for child in self._catalog.children.get(entry.type, ())
            if child.type in self._wanted
        ]

    def _skip(
        self, entry: Entry, listed: Listed, why: CallError, done: Container[str] = ()
    ) -> None:
        """Write the outcome of a family that was not walked, but for the types already done."""
        if entry.type not in done:
            outcome = Outcome(why.outcome)
            row = self._coverage(entry, outcome, why.code, str(why), 0, 0)
            listed.coverage.append(row)
        for child in self._children(entry):
            self._skip(child, listed, why, done)

    def _rows_of(self, entry: Entry, parent: Document, look: Look) -> list[Document]:
        """Return the documents of an entry under one parent, those before an error included."""
        found: list[Document] = []
        calls = [entry.list]
        if second := entry.list.fallback:
            instead = {"op": second.op, "items": second.items, "params": second.params}
            calls.append(msgspec.structs.replace(entry.list, **instead))
        for last, call in enumerate(calls, 1 - len(calls)):
            met = self._listed(entry, call, parent, look, found)
            if met is None or last == 0:
                break
            found.clear()
        if met is not None:
            look.errors.append(met)
        for step in entry.describe:
            found = self._details.add(entry, step, found, look)
        return found

    def _listed(
        self, entry: Entry, call: ListCall, parent: Document, look: Look, found: list[Document]
    ) -> CallError | None:
        """Add the documents of a list call to `found`; return the error that ended it, if any.

        What is listed in levels is asked for again under each document of its own.
        """
        level = len(found)
        for chosen in self._chosen(call):
            try:
                for items in self._items(entry, call, parent, chosen, look):
                    found += [self._document(entry, item, parent) for item in items]
            except CallError as error:
                if not (entry.parent and is_gone(error.code)) and not error.is_any(call.none_on):
                    return error
            except JMESPathError as error:
                return _broken(entry, error)
        if call.levels == 1:
            return None
        below = msgspec.structs.replace(call, levels=call.levels - 1)
        met = (self._listed(entry, below, each, look, found) for each in found[level:])
        return next((error for error in met if error), None)

    def _chosen(self, call: ListCall) -> Iterator[dict[str, Any]]:
        """Yield the values that a list call is fanned out over, but those of other regions."""
        for chosen in _combinations(call.fanout):
            homes = (call.only.get(f"{k}={v}", self._place.region) for k, v in chosen.items())
            if all(home == self._place.region for home in homes):
                yield chosen

    def _items(
        self, entry: Entry, call: ListCall, parent: Document, chosen: dict[str, Any], look: Look
    ) -> Iterator[list[Any]]:
        if call.inside == "parent":
            yield search(call.items, parent) or []
            return
        assert call.op is not None
        params = {**call.params, **bound(call.bind, parent), **chosen}
        token = (call.page.into, call.page.out) if call.page else None
        for page in self._aws.pages(self._place, entry.service, call.op, params, token):
            look.calls += 1
            yield [_with_choice(item, chosen) for item in search(call.items, page) or []]

    def _document(self, entry: Entry, item: Any, parent: Document) -> Document:
        own = dict(item) if isinstance(item, dict) else {"_item": item}
        own.update(self._specials())
        if entry.parent:
            own["_parent"] = parent
        return own

    def _specials(self) -> Document:
        return {
            "_account": self._account.account_id,
            "_region": self._place.region,
            "_partition": self._account.partition,
        }

    def _keep(self, entry: Entry, document: Document, look: Look) -> bool:
        try:
            identify(entry, document)
            return apply_rules(self._catalog.rules.get(entry.type, ()), document)
        except (CatalogError, JMESPathError) as error:
            look.errors.append(_broken(entry, error))
            return False

    def _store_rows(self, entry: Entry, documents: list[Document], listed: Listed) -> int:
        seen_at = utc_now()
        rules = self._catalog.rules.get(entry.type, ())
        for document in documents:
            listed.resources.append(
                as_resource(entry, document, self._account, self._label, seen_at)
            )
            listed.links += links_of(entry, rules, document, self._account, self._label)
        return len(documents)

    def _coverage(
        self,
        entry: Entry,
        outcome: Outcome,
        code: str | None,
        message: str | None,
        rows: int,
        calls: int,
    ) -> Coverage:
        region = region_of(entry, self._label)
        return Coverage(
            self._account.account_id, region, entry.type, entry.service, outcome, code, message,
            rows, calls, utc_now(),
        )  # fmt: skip


def _combinations(fanout: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for values in itertools.product(*fanout.values()):
        yield dict(zip(fanout, values, strict=True))


def _with_choice(item: Any, chosen: dict[str, Any]) -> Any:
    return (
        {**item, **{f"_{name}": value for name, value in chosen.items()}}
        if isinstance(item, dict)
        else item
    )


def _broken(entry: Entry, error: Exception) -> CallError:
    """The entry and the answer do not fit: a failed cell, and a report to us."""
    text = f"{entry.type}: an answer that its entry does not fit ({type(error).__name__}: {error})"
    return CallError(text, Outcome.FAILED, type(error).__name__)
