"""From what AWS said of a thing to the Terraform arguments that describe it.

Members and arguments are matched by name (`KmsMasterKeyId`, `kms_master_key_id`) and converted to
the argument's type; the hints say the rest. What the provider computes where it is left out is
left out, so a plan finds nothing to change.
"""

from __future__ import annotations

import json
import re
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner.actions.hcl import Block, Encoded, Raw
from scanner.actions.terraform_types import Hint, Nested, TypeSchema
from scanner.catalog.expressions import search
from scanner.documents import Document, as_tags

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.\s]")
_DOCUMENT = re.compile(r"policy|document|definition|pattern|body")
_NEVER_STORED = frozenset(
    "user_data user_data_base64 environment environment_variables environment_variable variables"
    " secret_string secret_binary password master_password master_user_password auth_token secret"
    " client_secret private_key shared_secret pre_shared_key secret_access_key session_token"
    " default_arguments non_overridable_arguments connection_properties stage_variables".split()
)
"""Arguments for what `scanner.documents` drops before the store."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_MODES = ("list", "set", "single")


class UnwritableError(Exception):
    """A configuration that cannot be written: the text says what is lacking."""


def snake(name: str) -> str:
    """Return a member's name as Terraform writes names."""
    return _WORDS.sub("_", name).lower()


def configuration(schema: TypeSchema, hint: Hint, document: Document) -> Block:
    """Return the block of one resource; raises `UnwritableError` where something lacks."""
    if hint.only_import:
        raise UnwritableError(hint.only_import)
    known = {snake(key): value for key, value in document.items() if not key.startswith("_")}
    for key in [key for key in known if key.endswith("_identifier")]:
        known.setdefault(key.removesuffix("entifier"), known[key])
    known.setdefault("name", document.get("_name"))
    known["tags"] = _own_tags(document.get("_tags"))
    for name in hint.drop:
        known.pop(name, None)
    told = {name: said(at, document) for name, at in hint.set_.items()}
    wanted = frozenset(("name", "tags", *hint.also, *told))
    return _body(schema, {**known, **told}, wanted, frozenset(hint.drop))


def said(expression: str, document: Document) -> Any:
    """Return what an expression finds; None where the document has another shape."""
    try:
        return search(expression, document)
    except JMESPathError:
        return None


def _own_tags(tags: Any) -> dict[str, str]:
    """Return tags without AWS's own, which nobody else may set."""
    return {key: text for key, text in as_tags(tags).items() if not key.startswith("aws:")}


def _body(
    schema: TypeSchema, known: dict[str, Any], wanted: frozenset[str], dropped: frozenset[str]
) -> Block:
    block = Block()
    for name, argument in schema.arguments.items():
        if name in dropped or (argument.sensitive and name not in wanted):
            if argument.required:
                raise UnwritableError(f"Strays does not store its {name}")
            continue
        if argument.computed and name not in wanted:
            continue
        value = converted(name, known.get(name), argument.kind)
        if value not in _EMPTY:
            block.arguments[name] = value
        elif argument.required:
            raise UnwritableError(f"AWS does not tell its {name}")
    for name, nested in schema.blocks.items():
        if name not in dropped:
            block.blocks += [(name, one) for one in _nested(name, nested, known.get(name))]
    return block


def _nested(name: str, nested: Nested, value: Any) -> list[Block]:
    """Return the blocks that a structure, or a list of them, amounts to."""
    if isinstance(value, dict) and set(value) <= {"Quantity", "Items"}:
        value = value.get("Items")
    items = value if isinstance(value, list) else [value]
    found = [] if nested.mode not in _MODES else _bodies(nested, items)
    if len(found) < nested.least:
        raise UnwritableError(f"AWS does not tell its {name}")
    return [] if nested.most and len(found) > nested.most else found


def _bodies(nested: Nested, items: list[Any]) -> list[Block]:
    found = []
    for item in items:
        if not isinstance(item, dict) or not item:
            continue
        known = {snake(key): value for key, value in item.items()}
        try:
            body = _body(nested.block, known, frozenset(known), frozenset())
        except UnwritableError:
            continue
        if body.arguments or body.blocks:
            found.append(body)
    return found


def kept_apart(schema: TypeSchema, hint: Hint) -> list[str]:
    """Return the arguments that a plan must leave alone: those that Strays never stores."""
    secret = {
        name
        for name, argument in schema.arguments.items()
        if name in _NEVER_STORED and not argument.computed
    }
    secret |= {name for name, nested in schema.blocks.items() if _holds_secrets(name, nested)}
    return sorted({*hint.ignore, *secret})


def _holds_secrets(name: str, nested: Nested) -> bool:
    return (
        name in _NEVER_STORED
        or any(inner in _NEVER_STORED for inner in nested.block.arguments)
        or any(_holds_secrets(inner, deeper) for inner, deeper in nested.block.blocks.items())
    )


def converted(name: str, value: Any, kind: Any) -> Any:
    """Return a value in the type that the argument has, None where it does not fit."""
    if value in _EMPTY or isinstance(value, (Raw, Encoded)):
        return value or None
    if isinstance(kind, list):
        return _collection(name, value, kind)
    if kind == "bool":
        return _as_bool(value)
    if kind == "number":
        return _as_number(value)
    return _as_text(name, value) if kind == "string" else None


def _as_bool(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).lower())


def _as_number(value: Any) -> int | float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if float(value).is_integer() else value
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d+", value) else None


def _as_text(name: str, value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return Encoded(value) if _DOCUMENT.search(name) else None
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if _DOCUMENT.search(name) and text.lstrip().startswith("{"):
        try:
            return Encoded(json.loads(text))
        except ValueError:
            return text
    return text


def _collection(name: str, value: Any, kind: list[Any]) -> Any:
    outer, inner = kind
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if outer in ("list", "set") and isinstance(value, list):
        items = [converted(name, item, inner) for item in value]
        return None if None in items else sorted(items, key=str) if outer == "set" else items
    if outer == "map":
        pairs = value if isinstance(value, dict) else as_tags(value)
        return {str(key): converted(name, item, inner) for key, item in sorted(pairs.items())}
    return None
