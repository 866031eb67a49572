"""What may be written for a Terraform type: the provider's schema, and hints that people wrote.

`data/schema.jsonl` is generated (`tools/terraform_schema.py`), `data/adopt.yaml` is not.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
import yaml

from scanner.errors import CatalogError


class Argument(NamedTuple):
    """One argument: whether it must stand, is computed where it does not, is secret; its type."""

    required: bool
    computed: bool
    sensitive: bool
    kind: Any


class Nested(NamedTuple):
    """One nested block: how often it may stand, and what it holds."""

    mode: str
    least: int
    most: int
    block: TypeSchema


class TypeSchema(NamedTuple):
    """What a block may hold."""

    arguments: dict[str, Argument]
    blocks: dict[str, Nested]


class Hint(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"set_": "set"}):
    """What the schema does not say about adopting one Terraform type.

    `import_id` is a template as in the catalog (the default is the id that Terraform gives the
    thing); `set` gives arguments by JMESPath; `also` names arguments that AWS would fill in but
    that are worth writing; `drop` leaves some out; `ignore` stands in `ignore_changes`, for what
    no API gives back; `only_import` says why no configuration is written; `no_import` says why the
    provider cannot import it; `instead` names another Terraform type where its condition holds.
    """

    import_id: str | None = None
    set_: dict[str, str] = {}
    also: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    only_import: str | None = None
    no_import: str | None = None
    instead: dict[str, str] = {}


def schema(terraform_type: str) -> TypeSchema | None:
    """Return the provider's schema of a type, None where it is unknown."""
    line = _lines().get(terraform_type)
    return _schema(msgspec.json.decode(line)["block"]) if line else None


def exports_arn(terraform_type: str) -> bool:
    """Whether a reference to `TYPE.LABEL.arn` can be written."""
    return b'"arn":true' in _lines().get(terraform_type, b"")[:120]


def hint(terraform_type: str) -> Hint:
    """Return the hints for a type; an empty one where there are none."""
    return hints().get(terraform_type, Hint())


def _schema(block: dict[str, Any]) -> TypeSchema:
    arguments, blocks = {}, {}
    for name, told in block.items():
        if isinstance(told, list):
            flags, kind = told
            arguments[name] = Argument("r" in flags, "c" in flags, "s" in flags, kind)
        else:
            inner = _schema(told["block"])
            blocks[name] = Nested(told["mode"], told["min"], told["max"], inner)
    return TypeSchema(arguments, blocks)


@lru_cache(maxsize=1)
def _lines() -> dict[str, bytes]:
    text = files(__package__).joinpath("data/schema.jsonl").read_bytes()
    return {
        line.split(b'"', 4)[3].decode(): line for line in text.splitlines() if line.startswith(b"{")
    }


@lru_cache(maxsize=1)
def hints() -> dict[str, Hint]:
    """Return the hints by Terraform type; raises `CatalogError` where the file is bad."""
    text = files(__package__).joinpath("data/adopt.yaml").read_text("utf-8")
    try:
        return msgspec.convert(yaml.safe_load(text), dict[str, Hint])
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogError(f"scanner/actions/data/adopt.yaml: {error}") from error
