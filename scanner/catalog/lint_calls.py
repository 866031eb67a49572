"""The lint's look at calls: operations, inputs, answers and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from jmespath.exceptions import JMESPathError

from scanner.catalog.language import Describe, Entry
from scanner.catalog.lint_documents import Documents, Models
from scanner.catalog.shapes import Document, Place, follow

_TOKEN = re.compile(
    r"^(next_?)?(page_?)?(token|marker)$|^next(token|marker|page.*)$", re.IGNORECASE
)
_PATH = re.compile(r"^([a-z0-9-]+)\.(\w+)(?::(.+))?$")
_PYTHON = {
    "string": str, "integer": int, "long": int, "boolean": bool, "list": list, "structure": dict,
}  # fmt: skip


def call_problems(documents: Documents, models: Models, entry: Entry) -> Iterator[str]:
    """Yield what is wrong with the calls of an entry."""
    call, above = entry.list, documents.above(entry)
    if (call.op is None) == (call.inside is None):
        yield "a list has either an operation or a place inside its parent"
        return
    if call.inside:
        yield from _path(call.items, above)
    else:
        assert call.op is not None
        sent = _Sent(entry.service, call.op, call.params, call.bind, call.fanout)
        yield from _inputs(models, sent, above)
        yield from _answer(models, entry.service, call.op, call.items)
        yield from _pages(models, entry)
    if call.fallback:
        other = call.fallback
        sent = _Sent(entry.service, other.op, other.params, {}, {})
        yield from _inputs(models, sent, above)
        yield from _answer(models, entry.service, other.op, other.items)
    for step, document in zip(entry.describe, documents.stages(entry), strict=False):
        yield from _step(models, entry, step, document)


def _step(models: Models, entry: Entry, step: Describe, document: Document) -> Iterator[str]:
    place = replace(document, members={**document.members, "_items": None})
    sent = _Sent(entry.service, step.op, step.params, step.bind, {})
    yield from _inputs(models, sent, place)
    yield from _answer(models, entry.service, step.op, step.at)
    if step.when:
        yield from _path(step.when, document)


def _answer(models: Models, service: str, name: str, path: str) -> Iterator[str]:
    operation = models.operation(service, name)
    if operation:
        yield from _path(path, operation.output_shape)


def _path(expression: str, place: Place) -> Iterator[str]:
    try:
        _, wrong = follow(expression, place)
    except JMESPathError as error:
        wrong = [f"no expression ({str(error).splitlines()[0]})"]
    yield from (f"{expression!r}: {each}" for each in wrong)


class _Sent(NamedTuple):
    """A call as an entry makes it."""

    service: str
    name: str
    params: dict[str, Any]
    bind: dict[str, str]
    fanout: dict[str, list[Any]]


def _inputs(models: Models, sent: _Sent, place: Place) -> Iterator[str]:
    """Yield inputs that do not exist, are of the wrong kind, or are required and not given."""
    service, name, params, bind, fanout = sent
    operation = models.operation(service, name)
    if operation is None:
        yield f"{service} has no operation {name}"
        return
    shape = operation.input_shape
    members = shape.members if shape else {}
    given = [*params, *bind, *fanout]
    yield from (f"{name} has no input {each}" for each in given if each not in members)
    for each in shape.required_members if shape else ():
        if each not in given:
            yield f"{name} requires {each}, and nothing gives it"
    for each, value in [*params.items(), *((k, v) for k, vs in fanout.items() for v in vs)]:
        if each in members:
            yield from _value(value, members[each], f"{name}.{each}")
    for expression in bind.values():
        yield from _path(expression, place)


def _value(value: Any, shape: Any, path: str) -> Iterator[str]:
    """Yield where a value is of the wrong kind, or not one of the enum's."""
    kind = shape.type_name
    wanted = _PYTHON.get(kind)
    if wanted and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        yield f"{path} is a {kind}, not {value!r}"
    elif kind == "list":
        for each in value:
            yield from _value(each, shape.member, path)
    elif kind == "structure":
        for name, each in value.items():
            if name not in shape.members:
                yield f"{path} has no member {name}"
            else:
                yield from _value(each, shape.members[name], f"{path}.{name}")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path} is one of {', '.join(shape.enum)}, not {value!r}"


def _pages(models: Models, entry: Entry) -> Iterator[str]:
    """Yield a token that nobody follows: a list that is silently cut short."""
    name = entry.list.op or ""
    operation = models.operation(entry.service, name)
    if operation is None or operation.output_shape is None:
        return
    given = operation.input_shape.members if operation.input_shape else {}
    page = entry.list.page
    if page:
        if page.into not in given:
            yield f"{name} has no input {page.into} for a page token"
        yield from _path(page.out, operation.output_shape)
        return
    tokens = [each for each in operation.output_shape.members if _TOKEN.match(each)]
    if tokens and name not in models.paged(entry.service):
        yield f"{name} answers {tokens[0]}, botocore cannot page it, and page is not given"


def source_problems(models: Models, source: str) -> Iterator[str]:
    """Yield what is wrong with a rule's source: a page, or `service.Operation:Path`."""
    if source.startswith("https://"):
        return
    found = _PATH.match(source)
    operation = models.operation(found.group(1), found.group(2)) if found else None
    if found is None or operation is None:
        yield f"source {source!r} is neither a page nor an operation"
    elif found.group(3):
        yield from _path(found.group(3), operation.output_shape)
