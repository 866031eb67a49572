"""Makes scanner/actions/data/stack_schema.jsonl: what a stack needs to import a thing, per type.

    python -m tools.stack_schema FOLDER

FOLDER holds CloudFormation resource schemas as JSON files (`cfnlint/data/schemas/resources` of the
package cfn-lint has them all). One line per type of the catalog: its `identifier`, the `required`
properties, and the writable `properties` with their JSON types.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scanner import catalog

TARGET = Path(__file__).parent.parent / "scanner" / "actions" / "data" / "stack_schema.jsonl"


def compact(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a resource schema with what an import needs, in short."""
    unwritable = {_name(path) for path in schema.get("readOnlyProperties", [])}
    properties = {
        name: _kind(told, schema.get("definitions", {}))
        for name, told in sorted(schema["properties"].items())
        if name not in unwritable
    }
    return {
        "type": schema["typeName"],
        "identifier": [_name(path) for path in schema["primaryIdentifier"]],
        "required": sorted(schema.get("required", [])),
        "properties": properties,
        "tags": _name(schema.get("tagging", {}).get("tagProperty", "/properties/Tags")),
    }


def _name(path: str) -> str:
    return path.removeprefix("/properties/")


def _kind(told: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in told:
        told = definitions.get(told["$ref"].rpartition("/")[2], {})
    kind = told.get("type", "object")
    if kind == "array":
        return "array of " + _kind(told.get("items", {}), definitions)
    return kind if isinstance(kind, str) else "|".join(kind)


def main() -> None:
    """Write the file anew."""
    wanted, lines = set(catalog.load().entries), {}
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        name = schema.get("typeName")
        if name in wanted and "primaryIdentifier" in schema:
            lines.setdefault(name, json.dumps(compact(schema), separators=(",", ":")))
    TARGET.write_text("".join(f"{lines[name]}\n" for name in sorted(lines)), "utf-8")


if __name__ == "__main__":
    main()
