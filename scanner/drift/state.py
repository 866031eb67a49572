"""Direct comparison: what AWS says against what a state says, without Terraform.

Compared are only the attributes that `data/attributes.yaml` names and those tags that the state
lists, so nothing else of a state is kept. What a state marks as sensitive never gets here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any, Protocol

import yaml

from scanner.catalog.expressions import search
from scanner.documents import SECRET_MEMBERS
from scanner.drift.compare import same, shown
from scanner.store import Store

_UNTOLD = object()
"""A document that was not collected: it cannot be compared, which is not the same as clean."""


class Stated(Protocol):
    """One object of a state."""

    @property
    def address(self) -> str:
        """Its address."""

    @property
    def type(self) -> str:
        """Its Terraform type."""

    @property
    def attributes(self) -> dict[str, Any]:
        """Its attributes less the sensitive ones."""


@lru_cache(maxsize=1)
def compared() -> dict[str, dict[str, tuple[str, str]]]:
    """Return what is compared: Terraform type -> attribute -> (how, JMESPath)."""
    text = files(__package__).joinpath("data/attributes.yaml").read_text("utf-8")
    return {
        kind: {name: (how, at) for name, (how, at) in told.items()}
        for kind, told in yaml.safe_load(text).items()
    }


def state_drift(
    store: Store, source_id: str, objects: Iterable[Stated], scan_id: str
) -> Iterator[dict[str, Any]]:
    """Yield a row of `drift` per attribute that differs, for the matched claims of one state."""
    things = {
        row["address"]: row
        for row in store.rows(
            "SELECT claims.address, inventory.arn, inventory.resource_type, inventory.tags,"
            " inventory.properties FROM claims JOIN inventory USING (arn)"
            " WHERE claims.source_id = ? AND claims.state = 'matched' AND NOT claims.inline",
            [source_id],
        )
    }
    for stated in objects:
        thing = things.get(stated.address)
        if thing is not None:
            for name, expected, found in _differences(stated, thing):
                blind = found is _UNTOLD
                yield {
                    "scan_id": scan_id, "source_id": source_id, "how": "state",
                    "state": "unchecked" if blind else "drifted",
                    "arn": thing["arn"], "resource_type": thing["resource_type"],
                    "address": stated.address, "attribute": name,
                    "expected": shown(expected), "found": None if blind else shown(found),
                    "note": f"AWS did not tell its {name}" if blind else None,
                }  # fmt: skip


def _differences(stated: Stated, thing: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    properties = json.loads(thing["properties"] or "{}")
    for name, (how, at) in compared().get(stated.type, {}).items():
        if name in stated.attributes and name not in SECRET_MEMBERS:
            expected, found = stated.attributes[name], search(at, properties)
            if how == "json" and found is None and expected:
                yield name, None, _UNTOLD
            elif not same(how, expected, found):
                yield name, expected, found
    if isinstance(stated.attributes.get("tags_all"), dict):
        expected, found = stated.attributes["tags_all"], _own(thing["tags"] or {})
        if not same("tags", expected, found):
            yield "tags", expected, found


def _own(tags: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}
