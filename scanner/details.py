"""The further calls that a listed item needs: one by one, or in batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner.aws import Aws
from scanner.catalog.expressions import search
from scanner.catalog.language import Describe, Entry
from scanner.documents import Document, holds
from scanner.errors import CallError
from scanner.failures import is_gone
from scanner.model import Outcome
from scanner.places import Place
from scanner.tagging import BulkTags

_WORST_FIRST = (
    Outcome.DENIED,
    Outcome.THROTTLED,
    Outcome.FAILED,
    Outcome.UNTRIED,
    Outcome.UNSUPPORTED,
)


@dataclass
class Look:
    """How the listing of one cell is going: calls so far, the errors met, and what else to say."""

    calls: int = 0
    errors: list[CallError] = field(default_factory=list)
    note: str | None = None

    def outcome(self) -> tuple[Outcome, str | None, str | None]:
        """Return the cell's outcome, error code and message: the worst of what was met."""
        for outcome in _WORST_FIRST:
            met = [error for error in self.errors if error.outcome == outcome]
            if met:
                more = f" (and {len(self.errors) - 1} more)" if len(self.errors) > 1 else ""
                return outcome, met[0].code, f"{met[0]}{more}"
        if self.errors:
            return Outcome.UNAVAILABLE, self.errors[0].code, str(self.errors[0])
        return Outcome.OK, None, self.note


def bound(bind: dict[str, str], document: Document) -> Document:
    """Return a call's parameters from the expressions over a document."""
    return {name: search(expression, document) for name, expression in bind.items()}


@dataclass(frozen=True)
class Details:
    """Runs the describe steps of entries in one place; `tags` spares those that ask for tags."""

    aws: Aws
    place: Place
    tags: BulkTags | None = None

    def add(
        self, entry: Entry, step: Describe, documents: list[Document], look: Look
    ) -> list[Document]:
        """Return the documents with what a step adds, without those that are gone by now."""
        if step.batch:
            return self._in_batches(entry, step, documents, look)
        asking = [document for document in documents if holds(step.when, document)]
        if self.tags and entry.is_for_tags(step):
            asking, calls, note = self.tags.fill(self.place, entry, step, asking)
            look.calls += calls
            look.note = note or look.note
        gone = {id(each) for each in asking if not self._one(entry, step, each, look)}
        return [document for document in documents if id(document) not in gone]

    def _one(self, entry: Entry, step: Describe, document: Document, look: Look) -> bool:
        """Add a detail to the document; False where the thing is gone by now."""
        answer = self._answer(entry, step, document, look)
        if answer is None:
            return True
        if answer is False:
            return bool(step.into)
        if step.into:
            document[step.into] = answer
        elif isinstance(answer, dict):
            document.update(answer)
        return True

    def _answer(self, entry: Entry, step: Describe, document: Document, look: Look) -> Any:
        """Return the part that is asked for, None for none, False where AWS says it is gone."""
        try:
            params = {**step.params, **bound(step.bind, document)}
            look.calls += 1
            answer = self.aws.call(self.place, entry.service, step.op, params)
        except CallError as error:
            if error.is_any(step.none_on):
                return None
            if is_gone(error.code):
                return False
            look.errors.append(error)
            return None
        except JMESPathError as error:
            text = f"{entry.type}: {step.op} cannot be asked for an item: {error}"
            look.errors.append(CallError(text, Outcome.FAILED, type(error).__name__))
            return None
        return search(step.at, answer)

    def _in_batches(
        self, entry: Entry, step: Describe, documents: list[Document], look: Look
    ) -> list[Document]:
        """Replace list items by what a batch call says of them; failed batches keep the items."""
        assert step.batch is not None
        found: list[Document] = []
        for at in range(0, len(documents), step.batch):
            batch = documents[at : at + step.batch]
            items = [document.get("_item", document) for document in batch]
            answer = self._answer(entry, step, {**batch[0], "_items": items}, look)
            marks = {name: value for name, value in batch[0].items() if name.startswith("_")}
            marks.pop("_item", None)
            if isinstance(answer, list):
                found += [{**item, **marks} for item in answer]
            elif answer is None:
                found += batch
        return found
