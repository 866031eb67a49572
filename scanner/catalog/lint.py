"""The catalog's lint: every entry and rule against botocore's own models, and against each other.

It calls nothing. The models are handed in, so that the catalog needs no botocore at run time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from jmespath.exceptions import JMESPathError

from scanner.catalog import Catalog
from scanner.catalog.expressions import compiled, parts
from scanner.catalog.language import Entry, OwnedRule
from scanner.catalog.lint_calls import call_problems, source_problems
from scanner.catalog.lint_documents import Documents, Models
from scanner.catalog.shapes import Document, follow

SOURCES = ("terraform", "cloudformation", "tag")
COPIED = 100
"""Characters from which two entries' equal reasons are a copy: a short fact may hold for many."""


class Problem(NamedTuple):
    """What is wrong, and with which entry or rule."""

    where: str
    what: str


@dataclass(frozen=True)
class Names:
    """The names that exist outside: an empty set of a kind turns its check off."""

    terraform: Collection[str] = ()
    cloudformation: Collection[str] = ()
    later: Collection[str] = ()
    """Types that no entry has yet, though links and rules name them."""


@dataclass
class _Lint:
    catalog: Catalog
    models: Models
    names: Names
    found: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.documents = Documents(self.catalog, self.models)

    def note(self, where: str, problems: Iterator[str]) -> None:
        self.found += [Problem(where, what) for what in problems]


def lint(catalog: Catalog, models: Models, names: Names | None = None) -> list[Problem]:
    """Return every problem of a catalog; none where it can ship."""
    run = _Lint(catalog, models, names or Names())
    for entry in catalog.entries.values():
        for check in _ENTRY_CHECKS:
            run.note(entry.type, check(run, entry))
    for rules in catalog.rules.values():
        for rule in rules:
            run.note(f"rule {rule.rule} of {rule.type}", _rule_problems(run, rule))
    run.note("the catalog", _doubles(run))
    return run.found


def _names(run: _Lint, entry: Entry) -> Iterator[str]:
    if not entry.table.startswith("aws_"):
        yield f"its table {entry.table} does not begin with aws_"
    own = () if entry.type.startswith("Ext::") else (entry.type,)
    for kind, used, known in (
        ("Terraform", entry.terraform, run.names.terraform),
        ("CloudFormation", (*own, *entry.cloudformation), run.names.cloudformation),
    ):
        for name in used:
            if known and name not in known:
                yield f"{kind} has no type {name}"


def _words(_run: _Lint, entry: Entry) -> Iterator[str]:
    if not entry.why.strip():
        yield "why is blank"
    if not (entry.source or "").startswith("https://"):
        yield "source is no page"


def _calls(run: _Lint, entry: Entry) -> Iterator[str]:
    yield from call_problems(run.documents, run.models, entry)


def _expressions(run: _Lint, entry: Entry) -> Iterator[str]:
    document = run.documents.of(entry)
    key = entry.key
    for text in (key.id, key.arn, key.name, key.created, key.tags, key.region):
        yield from _wrong(text, document)
    for template in (entry.arn, entry.tf_id, entry.cfn_id, *entry.match):
        for part in parts(template or ""):
            yield from _wrong(part, document)
    for template in entry.tf_keys:
        for part in parts(template):
            yield from _wrong(part, None)
    if not key.arn and not entry.arn:
        yield "nothing gives its ARN"


def _links(run: _Lint, entry: Entry) -> Iterator[str]:
    document = run.documents.of(entry)
    for link in entry.links:
        yield from _target(run, link.to)
        yield from _wrong(link.at, document)
        yield from _wrong(link.when, document)
        if link.kind == "contains" and link.owns != "self":
            yield f"a contains link to {link.to} that is not owned by it"


_ENTRY_CHECKS: tuple[Callable[[_Lint, Entry], Iterator[str]], ...] = (
    _names, _words, _calls, _expressions, _links,
)  # fmt: skip


def _rule_problems(run: _Lint, rule: OwnedRule) -> Iterator[str]:
    yield from _target(run, rule.type)
    entry = run.catalog.entries.get(rule.type)
    document = run.documents.of(entry) if entry else None
    yield from _wrong(rule.when, document)
    ends = [end for end in (rule.owner, rule.owns) if end]
    if len(ends) != (1 if rule.verdict == "derived" else 0):
        yield f"{len(ends)} ends: a derived rule has owner or owns, every other neither"
    for end in ends:
        if set(end) != {"type", "at"}:
            yield f"an end is a type and an expression (at), not {sorted(end)}"
            continue
        yield from _target(run, end["type"])
        yield from _wrong(end["at"], document)
    if not rule.because.strip():
        yield "because is blank"
    if rule.unless_source not in (None, *SOURCES):
        yield f"there is no source {rule.unless_source}"
    yield from source_problems(run.models, rule.source)


def _target(run: _Lint, name: str) -> Iterator[str]:
    if name not in run.catalog.entries and name not in run.names.later:
        yield f"no entry has the type {name}"


def _wrong(expression: str | None, document: Document | None) -> Iterator[str]:
    if expression is None:
        return
    try:
        compiled(expression)
    except JMESPathError as error:
        yield f"{expression!r} is no expression: {str(error).splitlines()[0]}"
        return
    _, wrong = follow(expression, document)
    yield from (f"{expression!r}: {each}" for each in wrong)


def _doubles(run: _Lint) -> Iterator[str]:
    entries = list(run.catalog.entries.values())
    rules = [rule for found in run.catalog.rules.values() for rule in found]
    yield from _twice("table", (entry.table for entry in entries))
    yield from _twice("Terraform type", (name for entry in entries for name in entry.terraform))
    yield from _twice(
        "CloudFormation type",
        (name for entry in entries for name in {entry.type, *entry.cloudformation}),
    )
    yield from _twice("why", (entry.why for entry in entries if len(entry.why) > COPIED))
    yield from _twice(
        "rule", (f"{r.rule} of {r.type} (when {r.when}, {r.owner}, {r.owns})" for r in rules)
    )
    limits = {(rule.rule, rule.unless_source) for rule in rules}
    yield from _twice("unless_source of rule", (name for name, _ in limits))


def _twice(what: str, names: Iterator[str]) -> Iterator[str]:
    counted = Counter(names)
    yield from (f"{what} {name} stands {n} times" for name, n in counted.items() if n > 1)
