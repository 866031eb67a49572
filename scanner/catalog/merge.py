"""Joins generated entries to the reviewed ones, which replace them whole.

A generated entry is left out where a reviewed one is of the same type, Terraform type or table, or
calls the same list. Children of a replaced entry are listed under the reviewed one, their inputs
translated to its documents; a child whose input nothing tells any more is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import msgspec

from scanner.catalog.language import Entry

_PART = re.compile(r"\{([^{}]+)\}")
_UP = "_parent."


def merged(
    reviewed: dict[str, Entry], generated: Iterable[Entry], not_inventory: Collection[str]
) -> dict[str, Entry]:
    """Return all entries by type: the reviewed ones, and what they leave of the generated ones."""
    merge = _Merge(reviewed, generated, not_inventory)
    kept = (merge.place(entry) for entry in merge.generated.values())
    return reviewed | {entry.type: entry for entry in kept if entry is not None}


class _Merge:
    def __init__(
        self, reviewed: dict[str, Entry], generated: Iterable[Entry], ignored: Collection[str]
    ) -> None:
        self.generated = {entry.type: entry for entry in generated}
        self._ignored = ignored
        self._reviewed = reviewed
        self._by_name: dict[str, Entry] = {}
        for entry in reviewed.values():
            call = f"{entry.service}.{entry.list.op}"
            for name in (call, *entry.cloudformation, *entry.terraform, entry.table):
                self._by_name.setdefault(name, entry)
        self._by_name |= reviewed

    def place(self, entry: Entry) -> Entry | None:
        """Return a generated entry as it stands in the whole, None where it is left out."""
        if self._replacement(entry) or self._is_ignored(entry):
            return None
        if entry.parent is None:
            return entry
        above = self.generated[entry.parent]
        parent = self._final(above)
        if parent is None:
            return None
        bind = {name: self._told(text, above, parent) for name, text in entry.list.bind.items()}
        arn = self._template(entry, above, parent)
        if None in bind.values() or (entry.arn and arn is None):
            return None
        listing = msgspec.structs.replace(entry.list, bind=bind)
        place = {"parent": parent.type, "scope": parent.scope, "home": parent.home}
        return msgspec.structs.replace(entry, list=listing, arn=arn, **place)

    def _is_ignored(self, entry: Entry) -> bool:
        names = entry.terraform or (entry.type,)
        return entry.type in self._ignored or all(name in self._ignored for name in names)

    def _replacement(self, entry: Entry) -> Entry | None:
        """Return the reviewed entry that tells of the same things."""
        call = f"{entry.service}.{entry.list.op}"
        names = (entry.type, *entry.terraform, call, entry.table)
        return next((self._by_name[name] for name in names if name in self._by_name), None)

    def _final(self, entry: Entry) -> Entry | None:
        return self._replacement(entry) or self.place(entry)

    def _told(self, expression: str, generated: Entry, final: Entry) -> str | None:
        """Return an expression over a generated entry's items as one over the final entry's."""
        if expression.startswith(_UP):
            return self._told_above(expression.removeprefix(_UP), generated, final)
        key = generated.key
        same_list = (generated.list.op, generated.list.items) == (final.list.op, final.list.items)
        if same_list and not any(step.batch for step in final.describe):
            return expression
        roles = {key.name: "_name", key.id: "_id", key.arn: "_arn"}
        if expression == "_item" or not expression.startswith("_"):
            return roles.get(expression)
        return expression

    def _told_above(self, expression: str, generated: Entry, final: Entry) -> str | None:
        if generated.parent is None or final.parent is None:
            return None
        above = self.generated[generated.parent]
        parent = self._final(above)
        if parent is None or parent.type != final.parent:
            return None
        told = self._told(expression, above, parent)
        return None if told is None else _UP + told

    def _template(self, entry: Entry, above: Entry, parent: Entry) -> str | None:
        """Return an ARN template whose parts above the entry fit the final parent."""
        if entry.arn is None:
            return None
        arn = entry.arn
        for part in _PART.findall(arn):
            if part.startswith(_UP):
                told = self._told(part.removeprefix(_UP), above, parent)
                if told is None:
                    return None
                arn = arn.replace(f"{{{part}}}", f"{{{_UP}{told}}}")
        return arn
