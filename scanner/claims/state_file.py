"""A Terraform or OpenTofu state file -> its objects, streamed, without any provider's schema.

Format 4 in full; format 3 as far as attributes go. Whatever is not a state (empty, cut, encrypted,
a lock, a plan, another tool's file) is a `SourceError` whose sentence says what it is and the way
out. No sentence holds a value from the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from scanner.claims.json_stream import JsonStream, decoded
from scanner.claims.old_state import old_objects
from scanner.claims.state_objects import (
    Attributes,
    StateObject,
    hide_sensitive,
    index_text,
    unflatten,
)
from scanner.errors import SourceError

_FOREIGN = {
    "encrypted_data": "it is encrypted by OpenTofu: give its plain text, as in "
    "`tofu state pull | strays scan --from tfstate://-`",
    "Operation": "it is a lock file, not a state: name the state beside it",
    "planned_values": "it is a plan: give the state itself (`terraform state pull`)",
    "format_version": "it is the output of `terraform show -json`: give the state itself "
    "(`terraform state pull`)",
    "deployment": "it is a Pulumi export, not a Terraform state",
    "AWSTemplateFormatVersion": "it is a CloudFormation template: stacks are read from AWS itself",
    "backend": "it holds the backend settings of a working folder (.terraform), not a state: name "
    "the state that the backend keeps",
}
"""A member that gives away what a file is, and what to do."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a state may hold at most; beyond it is an error of that state alone."""

    max_bytes: int = 1 << 30
    max_depth: int = 200
    max_objects: int = 2_000_000


class Header(msgspec.Struct):
    """Which state this is. Complete once all objects have been read."""

    version: int | None = None
    terraform_version: str | None = None
    serial: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)] | None = None
    lineage: str | None = None


class _Row(msgspec.Struct):
    mode: str
    type: str
    name: str
    provider: str = ""
    module: str = ""
    instances: list[msgspec.Raw] | None = None


class _Instance(msgspec.Struct):
    index_key: int | str | None = None
    status: str | None = None
    deposed: str | None = None
    provider: str | None = None  # OpenTofu, where the provider itself has for_each
    attributes: Attributes | None = None
    attributes_flat: dict[str, str | None] | None = None
    sensitive_attributes: list[Any] | None = None
    identity: dict[str, Any] | None = None


class StateFile:
    """One state: iterate `objects()`, then read `header`."""

    def __init__(self, chunks: Iterable[bytes], limits: Limits) -> None:
        self._stream = JsonStream(_without_mark(chunks), limits.max_bytes, limits.max_depth)
        self._limits = limits
        self._count = 0
        self.header = Header()

    def objects(self) -> Iterator[StateObject]:
        """Yield every managed object; raises `SourceError` for what is no readable state."""
        self._refuse_by_first_bytes()
        for name, value in self._stream.members(("resources", "modules")):
            if name in _FOREIGN:
                raise SourceError(_FOREIGN[name])
            if name == "resources" and value != b"null":
                yield from self._counted(self._row(value))
            elif name == "modules" and value != b"null":
                yield from self._counted(old_objects(value))
            elif name in Header.__struct_fields__:
                setattr(self.header, name, self._header_value(name, value))
                self._refuse_version(name)
        if self.header.version is None:
            raise SourceError("it holds no `version`: it is no Terraform state")

    def _header_value(self, name: str, value: bytes) -> Any:
        whole = decoded(b'{"' + name.encode() + b'":' + value + b"}", Header, f"`{name}`")
        return getattr(whole, name)

    def _refuse_by_first_bytes(self) -> None:
        first = self._stream.head(512)
        if not first.strip():
            raise SourceError("it is empty: its first apply has not ended, or was cut off")
        if first.startswith(_UTF16):
            raise SourceError("it is UTF-16, as PowerShell's `>` writes: save it as UTF-8")
        if first.startswith(_GZIP):
            raise SourceError("it is compressed with gzip: unpack it first")
        if first.lstrip().startswith(b"<"):
            raise SourceError("it is HTML or XML, not a state: a sign-in or error page perhaps")

    def _refuse_version(self, name: str) -> None:
        version = self.header.version
        if name != "version" or version in (3, 4):
            return
        way = "newer than this release of Strays knows (3 and 4): update Strays"
        if version is None or version < 3:
            way = "of a Terraform before 0.9: read it once with a later one (`terraform refresh`)"
        raise SourceError(f"it is a state of format {version}, {way}")

    def _counted(self, objects: Iterable[StateObject]) -> Iterator[StateObject]:
        for each in objects:
            self._count += 1
            if self._count > self._limits.max_objects:
                raise SourceError(f"it holds more than {self._limits.max_objects:,} objects")
            yield each

    def _row(self, value: bytes) -> Iterator[StateObject]:
        row = decoded(value, _Row, "a resource")
        if row.mode != "managed":
            return
        prefix = f"{row.module}." if row.module else ""
        for raw in row.instances or ():
            instance = decoded(raw, _Instance, "an instance")
            address = f"{prefix}{row.type}.{row.name}{index_text(instance.index_key)}"
            yield _object(row, instance, address)


def _object(row: _Row, instance: _Instance, address: str) -> StateObject:
    attributes = instance.attributes
    if attributes is None:
        attributes = unflatten(instance.attributes_flat or {})
    hide_sensitive(attributes, instance.sensitive_attributes or [])
    note = instance.status
    if instance.deposed:
        address, note = f"{address} (deposed object {instance.deposed})", "deposed"
    provider = instance.provider or row.provider
    return StateObject(address, row.type, provider, attributes, instance.identity or {}, note)


def _without_mark(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks less a byte order mark of UTF-8, which editors on Windows put first."""
    first = True
    for chunk in chunks:
        yield chunk.removeprefix(_BOM) if first else chunk
        first = first and not chunk
