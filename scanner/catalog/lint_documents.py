"""The documents that the catalog's expressions see, worked out from botocore's models."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from jmespath.exceptions import JMESPathError

from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.catalog.shapes import Document, Place, element, follow, members_of

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

SPECIALS = ("_account", "_region", "_partition", "_arn", "_id", "_name", "_tags")
"""What Strays itself adds to every item."""


class Models(Protocol):
    """What the lint asks of botocore's models."""

    def operation(self, service: str, name: str) -> OperationModel | None:
        """Return an operation's model, None where there is no such service or operation."""

    def paged(self, service: str) -> Collection[str]:
        """Return the operations of a service that botocore can page."""


class Documents:
    """The documents that a catalog's expressions see, worked out from the models."""

    def __init__(self, catalog: Catalog, models: Models) -> None:
        self._catalog = catalog
        self._models = models
        self._made: dict[str, list[Document]] = {}

    def of(self, entry: Entry) -> Document:
        """Return the document of an entry's items, details joined."""
        return self.stages(entry)[-1]

    def stages(self, entry: Entry) -> list[Document]:
        """Return the document as it is listed, and as it is after each describe step."""
        if entry.type not in self._made:
            self._made[entry.type] = list(self._make(entry))
        return self._made[entry.type]

    def above(self, entry: Entry) -> Document:
        """Return the document that the list call is bound to: the parent's, or next to nothing."""
        if entry.parent is None:
            return Document(dict.fromkeys(SPECIALS[:3]))
        return self.of(self._catalog.entries[entry.parent])

    def _make(self, entry: Entry) -> Iterator[Document]:
        above = self.above(entry)
        source: Place = above
        if entry.list.op:
            source = self._output(entry.service, entry.list.op)
        document = self._joined(entry, element(_found(entry.list.items, source)), None)
        if other := entry.list.fallback:
            items = _found(other.items, self._output(entry.service, other.op))
            more = self._joined(entry, element(items), None)
            document = replace(document, members={**more.members, **document.members})
        yield document
        for step in entry.describe:
            answer = _found(step.at, self._output(entry.service, step.op))
            if step.batch:
                document = self._joined(entry, element(answer), None)
            elif step.into:
                document = replace(document, members={**document.members, step.into: answer})
            else:
                document = self._joined(entry, answer, document)
            yield document

    def _joined(self, entry: Entry, place: Place, base: Document | None) -> Document:
        """Return a document with what an item or an answer adds to it."""
        added = members_of(place)
        members = {**(base.members if base else {}), **dict.fromkeys(SPECIALS)}
        members |= dict.fromkeys(f"_{name}" for name in entry.list.fanout)
        if entry.parent:
            members["_parent"] = self.above(entry)
        if added is None and base is None:
            members["_item"] = place
        opened = place is None or getattr(place, "type_name", "") == "map"
        return Document({**members, **(added or {})}, open=opened or bool(base and base.open))

    def _output(self, service: str, name: str) -> Shape | None:
        operation = self._models.operation(service, name)
        return operation.output_shape if operation else None


def _found(expression: str, place: Place) -> Place:
    try:
        return follow(expression, place)[0]
    except JMESPathError:
        return None
