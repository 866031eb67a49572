"""Reports: what the database knows, in the form that a reader needs.

One module per format. A module is a format when it has `FORMAT` (the word before `://`), `TITLE`
(a line for listings) and `write(store, target, context)`; where its target can be wrong in more
ways, `check(target)` says so beforehand. Formats read the database only, so a report needs no AWS
access and can be made for any past scan (`Store.as_of`).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from reports.context import Context, RuleFacts
from reports.summary import Summary, Verdict, summarize
from reports.target import Target
from scanner.errors import ReportError

if TYPE_CHECKING:
    from scanner.store import Store


@dataclass(frozen=True)
class Format:
    """One way to write a report: the word before `://`, a title, and its module's functions."""

    name: str
    title: str
    write: Callable[[Store, Target, Context], None]
    check: Callable[[Target], None] | None = None


@cache
def formats() -> dict[str, Format]:
    """Return every format by name, found by walking this package's modules."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = import_module(f"reports.{module.name}")
        name = getattr(loaded, "FORMAT", None)
        if name is not None:
            check = getattr(loaded, "check", None)
            found[name] = Format(name, loaded.TITLE, loaded.write, check)
    return found


def parse(spec: str) -> Target:
    """Return the target that `FORMAT://PATH` names.

    Raises `ReportError` for text of another shape and for a format that does not exist. A pipeline
    calls this before a long scan, so that a typing error costs nothing.
    """
    name, separator, path = spec.partition("://")
    known = ", ".join(sorted(formats()))
    if not separator:
        raise ReportError(f"output {spec!r} is not FORMAT://PATH; formats are {known}")
    if name not in formats():
        raise ReportError(f"output {spec!r} names no format of ours; formats are {known}")
    target = Target(name, path)
    if check := formats()[name].check:
        check(target)
    return target


def write(spec: str, store: Store, context: Context) -> None:
    """Write one report to `FORMAT://PATH` (PATH `stdout`, or none, is the standard output).

    Files are written whole or not at all. Raises `ReportError` where `spec` makes no sense or the
    place cannot be written.
    """
    target = replace(parse(spec), deliver=context.deliver)
    formats()[target.format].write(store, target, context)


__all__ = [
    "Context",
    "Format",
    "RuleFacts",
    "Summary",
    "Target",
    "Verdict",
    "formats",
    "parse",
    "summarize",
    "write",
]
