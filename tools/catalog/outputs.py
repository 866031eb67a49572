"""Every file that the generator writes, as text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.catalog.entries import entries
from tools.catalog.lists import FOLDER, table
from tools.catalog.models import VERSION, services
from tools.catalog.ownership import ownership_members
from tools.catalog.pages import peers_page, types_page
from tools.catalog.proved import proved
from tools.catalog.reference import UPDATED, named_otherwise, prefix_of

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "scanner" / "catalog" / "generated"
OWNERSHIP = FOLDER.with_name("ownership_members.txt")


def outputs() -> dict[Path, str]:
    """Return the content of each generated file of the catalog. The same input, the same bytes."""
    return {
        GENERATED / "entries.json": _lines(entries()),
        GENERATED / "actions.json": _object(_actions()),
        GENERATED / "made_from.json": _object({
            "botocore": VERSION, "service authorization reference": UPDATED,
        }),
        GENERATED.with_name("proved.json"): _object(proved()),
        OWNERSHIP: "".join(f"{line}\n" for line in ownership_members()),
    }  # fmt: skip


def pages() -> dict[Path, str]:
    """Return the pages of docs/ that tell of the catalog as it lies in the folder."""
    return {
        ROOT / "docs" / "types.md": types_page(),
        ROOT / "docs" / "coverage-of-peers.md": peers_page(),
    }


def _actions() -> dict[str, Any]:
    prefixes = {service.name: prefix_of(service) for service in services()}
    return {
        "prefixes": {name: prefix for name, prefix in prefixes.items() if name != prefix},
        "named": {name: list(actions) for name, actions in named_otherwise().items()},
        "resources": {row[0]: row[1] for row in table("iam_resources.tsv")},
    }


def _lines(rows: Iterable[dict[str, Any]]) -> str:
    """Return a JSON list with one row a line, so that differences can be read."""
    return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n"


def _object(value: Any) -> str:
    return json.dumps(value, indent=1) + "\n"
