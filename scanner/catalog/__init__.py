"""The catalog: every resource type as data, loaded and indexed.

`reviewed/` holds one YAML file per service, `owned/` the rules of what AWS or a parent made,
`not_inventory.yaml` the Terraform and CloudFormation types that are no resources of their own,
`tagged_in_bulk.yaml` the types that the Tagging API
covers, `generated/` what `make catalog` writes. A reviewed entry replaces a generated one whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec
import yaml

from scanner.catalog.language import Entry, OwnedRule
from scanner.catalog.merge import merged
from scanner.errors import CatalogError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Shape = TypeVar("_Shape")


@dataclass(frozen=True)
class Catalog:
    """All entries and rules, with the indexes that the rest of the tool asks."""

    entries: dict[str, Entry]
    rules: dict[str, tuple[OwnedRule, ...]]
    children: dict[str, tuple[Entry, ...]]
    terraform: dict[str, Entry]
    cloudformation: dict[str, Entry]
    not_inventory: dict[str, str]
    tagged_in_bulk: dict[str, str] = field(default_factory=dict)

    def matching(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> list[Entry]:
        """Return the entries whose type or Terraform name fits the globs, with their parents."""
        wanted = [entry for entry in self.entries.values() if _fits(entry, include, True)]
        excluded = tuple(exclude)
        kept = {e.type: e for e in wanted if not (excluded and _fits(e, excluded, False))}
        for entry in list(kept.values()):
            kept.update((parent.type, parent) for parent in self.ancestors(entry))
        return sorted(kept.values(), key=lambda entry: entry.type)

    def ancestors(self, entry: Entry) -> list[Entry]:
        """Return the entry's parent, its parent, and so on."""
        found = []
        while entry.parent:
            entry = self.entries[entry.parent]
            found.append(entry)
        return found

    def operations(self, entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
        """Return the (service, operation) pairs that listing these entries calls."""
        return frozenset((entry.service, op) for entry in entries for op in entry.operations())


def _fits(entry: Entry, globs: Iterable[str], empty: bool) -> bool:
    patterns = tuple(globs)
    names = (entry.type, *entry.terraform)
    return any(fnmatchcase(n, p) for p in patterns for n in names) if patterns else empty


def load(*, all_types: bool = False) -> Catalog:
    """Return the shipped catalog, with the generated entries too where all types are wanted.

    Raises `CatalogError` naming file and entry where one is bad.
    """
    return _load(all_types)


@lru_cache(maxsize=2)
def _load(all_types: bool) -> Catalog:
    folder = files(__name__)
    entries = {
        entry.type: entry
        for path in _yaml_files(folder / "reviewed")
        for entry in _read(path, list[Entry])
    }
    rules: dict[str, list[OwnedRule]] = defaultdict(list)
    for path in _yaml_files(folder / "owned"):
        for rule in _read(path, list[OwnedRule]):
            rules[rule.type].append(rule)
    reasons = _read(folder / "not_inventory.yaml", dict[str, list[str]])
    if all_types:
        generated = msgspec.json.decode(
            (folder / "generated" / "entries.json").read_bytes(), type=list[Entry]
        )
        ignored = frozenset(name for names in reasons.values() for name in names)
        entries = merged(entries, generated, ignored)
    bulk = _read(folder / "tagged_in_bulk.yaml", dict[str, list[str]])
    return _index(entries, rules, reasons, bulk)


def _index(
    entries: dict[str, Entry],
    rules: dict[str, list[OwnedRule]],
    reasons: dict[str, list[str]],
    bulk: dict[str, list[str]],
) -> Catalog:
    children: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries.values():
        if entry.parent and entry.parent not in entries:
            raise CatalogError(f"{entry.type}: its parent {entry.parent} is in no catalog file")
        if entry.parent:
            children[entry.parent].append(entry)
    return Catalog(
        entries=entries,
        rules={name: tuple(found) for name, found in rules.items()},
        children={name: tuple(found) for name, found in children.items()},
        terraform={name: entry for entry in entries.values() for name in entry.terraform},
        cloudformation={
            name: entry
            for entry in entries.values()
            for name in (entry.type, *entry.cloudformation)
        },
        not_inventory={name: why for why, names in reasons.items() for name in names},
        tagged_in_bulk={name: service for service, names in bulk.items() for name in names},
    )


def _yaml_files(folder: Traversable) -> list[Traversable]:
    found = [path for path in folder.iterdir() if path.name.endswith(".yaml")]
    return sorted(found, key=lambda path: path.name)


def _read(path: Traversable, shape: type[_Shape]) -> _Shape:
    try:
        data: Any = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
        return msgspec.convert(data, shape)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogError(f"catalog file {path.name}: {error}") from error
