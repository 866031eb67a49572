"""From a call to an entry of the catalog, as data in the catalog's own language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from botocore import xform_name

from tools.catalog.arns import FROM_ITEM, FROM_REFERENCE, arn_of
from tools.catalog.choose import inventory
from tools.catalog.items import Key, secret_members
from tools.catalog.models import home_region, services
from tools.catalog.names import name_types, table_name, terraform_names
from tools.catalog.parents import Call
from tools.catalog.words import snake

Entry = dict[str, Any]
PAGE = "https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services"
WHENCE = {
    FROM_ITEM: "the ARN is the item's",
    FROM_REFERENCE: "the ARN follows the service authorization reference",
}


def entries() -> Iterator[Entry]:
    """Yield an entry for everything that can be listed, sorted by type."""
    calls = [call for service in services() for call in inventory(service)]
    types = name_types(calls)
    known = {id(call) for call in calls if id(call) in types and _rooted(call, types)}
    tables: set[str] = set()
    used: set[str] = set()
    made = [_entry(call, types, tables, used) for call in calls if id(call) in known]
    yield from sorted(made, key=lambda entry: str(entry["type"]))


def _rooted(call: Call, types: dict[int, str]) -> bool:
    return id(call) in types and (call.parent is None or _rooted(call.parent, types))


def _entry(call: Call, types: dict[int, str], tables: set[str], used: set[str]) -> Entry:
    listing, key = call.listing, call.key
    name = types[id(call)]
    names = tuple(each for each in terraform_names(call, name) if each not in used)
    used.update(names)
    table = table_name(call, names)
    table = table if table not in tables else f"{table}_{snake(name.split('::')[1])}"
    tables.add(table)
    home = home_region(listing.service.name)
    template, whence = arn_of(call, is_global=home is not None)
    guess = "; its id is a guess" if key.guessed else ""
    return _without_empty({
        "type": name,
        "table": table,
        "service": listing.service.name,
        "scope": "global" if home else None,
        "home": home if home != "us-east-1" else None,
        "parent": types[id(call.parent)] if call.parent else None,
        "list": _list(call),
        "key": _without_empty({
            "id": _identity(key), "arn": _quoted(key.arn), "name": _quoted(key.name),
            "created": _quoted(key.created), "tags": _quoted(key.tags),
        }),
        "arn": template,
        "terraform": list(names),
        "never_store": list(secret_members(listing.service, listing.item)),
        "why": f"Nobody has looked at it; {WHENCE.get(whence, 'the ARN is ours')}{guess}.",
        "source": f"{PAGE}/{listing.service.name}/client/{_method(listing.name)}.html",
        "state": "generated",
    })  # fmt: skip


def _list(call: Call) -> Entry:
    page = call.listing.page()
    return _without_empty({
        "op": call.listing.name,
        "items": call.listing.items,
        "params": call.params,
        "bind": {name: _quoted(bound) for name, bound in sorted(call.bind.items())},
        "fanout": call.fanout,
        "page": {"in": page[0], "out": page[1]} if page else None,
    })  # fmt: skip


def _identity(key: Key) -> str | None:
    """Return the id; a name may be absent (a nameless SSO instance), and the ARN stands in."""
    own = _quoted(key.id)
    return f"{own} || {_quoted(key.arn)}" if key.arn and key.id == key.name != key.arn else own


def _quoted(expression: str | None) -> str | None:
    """Quote the members that JMESPath does not take bare."""
    if expression is None:
        return None
    plain = re.compile(r"[A-Za-z_]\w*")
    return ".".join(p if plain.fullmatch(p) else f'"{p}"' for p in expression.split("."))


def _method(operation: str) -> str:
    """Return boto3's name of an operation."""
    return str(xform_name(operation))


def _without_empty(data: Entry) -> Entry:
    return {name: value for name, value in data.items() if value not in (None, [], {})}
