"""States of format 3 (Terraform 0.9 to 0.11): modules of flat attributes.

https://github.com/hashicorp/terraform/blob/v0.11.14/terraform/state.go
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scanner.claims.json_stream import decoded
from scanner.claims.state_objects import StateObject, unflatten


class _OldObject(msgspec.Struct):
    id: str = ""
    attributes: dict[str, str | None] | None = None


class _OldRow(msgspec.Struct):
    type: str
    provider: str = ""
    primary: _OldObject | None = None
    deposed: list[_OldObject] | None = None


class _OldModule(msgspec.Struct):
    path: list[str]
    resources: dict[str, _OldRow] | None = None


def old_objects(value: bytes) -> Iterator[StateObject]:
    """Yield the managed objects of one module; raises `SourceError` where it is none."""
    module = decoded(value, _OldModule, "a module")
    prefix = "".join(f"module.{name}." for name in module.path[1:])
    for key, row in (module.resources or {}).items():
        if key.startswith("data."):
            continue
        provider = row.provider or row.type.split("_", 1)[0]
        provider = provider if "provider." in provider else f"provider.{provider}"
        address = prefix + _old_address(key)
        if row.primary and row.primary.id:
            yield _old_object(row, row.primary, address, provider, None)
        for gone in row.deposed or ():
            yield _old_object(row, gone, f"{address} (deposed)", provider, "deposed")


def _old_object(
    row: _OldRow, held: _OldObject, address: str, provider: str, note: str | None
) -> StateObject:
    attributes = {"id": held.id, **unflatten(held.attributes or {})}
    return StateObject(address, row.type, provider, attributes, {}, note)


def _old_address(key: str) -> str:
    """Return `aws_instance.web[0]` for format 3's `aws_instance.web.0`."""
    name, _, index = key.rpartition(".")
    return f"{name}[{index}]" if index.isdigit() and "." in name else key
