"""Makes what Strays knows of the Terraform provider's schema.

    python -m tools.terraform_schema SCHEMA.json

SCHEMA.json is what `terraform providers schema -json` prints for the AWS provider.

scanner/actions/data/schema.jsonl says what may be written into a block, per type. Kept are the
arguments of the Terraform types that the catalog names, deprecated ones and `timeouts` left out.
One line per type: `{"type": NAME, "arn": BOOL, "block": BLOCK}`, `arn` telling whether it exports
one; in a block an argument is `[flags, type]`
(flags: `r` required, `c` computed too, `s` sensitive) and a nested block
`{"mode", "min", "max", "block"}`.

scanner/drift/data/read_only.json maps each type of the provider to the attributes that no
configuration can set: what AWS alone says is no drift.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scanner import catalog

SCANNER = Path(__file__).parent.parent / "scanner"
TARGET = SCANNER / "actions" / "data" / "schema.jsonl"
READ_ONLY = SCANNER / "drift" / "data" / "read_only.json"
PROVIDER = "registry.terraform.io/hashicorp/aws"
DEPTH = 3
"""Blocks nested deeper are left out; web ACLs nest without end."""


def compact(block: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return a block of the provider's schema with what a configuration may hold, in short."""
    found: dict[str, Any] = {}
    for name, attribute in sorted(block.get("attributes", {}).items()):
        if name not in ("id", "tags_all") and _writable(attribute):
            found[name] = [_flags(attribute), attribute["type"]]
    for name, nested in sorted(block.get("block_types", {}).items()):
        if name != "timeouts" and depth < DEPTH and not nested["block"].get("deprecated"):
            found[name] = {
                "mode": nested["nesting_mode"],
                "min": nested.get("min_items", 0),
                "max": nested.get("max_items", 0),
                "block": compact(nested["block"], depth + 1),
            }
    return found


def _writable(attribute: dict[str, Any]) -> bool:
    return _given(attribute) and not attribute.get("deprecated") and "type" in attribute


def _flags(attribute: dict[str, Any]) -> str:
    marks = {"r": "required", "c": "computed", "s": "sensitive"}
    return "".join(flag for flag, name in marks.items() if attribute.get(name))


def _line(name: str, block: dict[str, Any]) -> str:
    told = {"type": name, "arn": "arn" in block["attributes"], "block": compact(block)}
    return json.dumps(told, separators=(",", ":"))


def read_only(block: dict[str, Any]) -> list[str]:
    """Return the attributes that only the provider sets, but for the ARN, which never changes."""
    attributes = sorted(block.get("attributes", {}).items())
    return [n for n, a in attributes if n not in ("arn", "id") and not _given(a)]


def _given(attribute: dict[str, Any]) -> bool:
    return bool(attribute.get("required") or attribute.get("optional"))


def main() -> None:
    """Write both files anew."""
    schema = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    types = schema["provider_schemas"][PROVIDER]["resource_schemas"]
    known = [name for name in sorted(catalog.load().terraform) if name in types]
    lines = [_line(name, types[name]["block"]) for name in known]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    told = {name: names for name in sorted(types) if (names := read_only(types[name]["block"]))}
    rows = (f"{json.dumps(name)}:{json.dumps(names)}" for name, names in told.items())
    READ_ONLY.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()
