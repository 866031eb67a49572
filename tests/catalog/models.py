"""Botocore's models as the lint asks for them, and answers made from their shapes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.model import OperationModel, OperationNotFoundError, ServiceModel, Shape

_LOADER = botocore.session.get_session().get_component("data_loader")


@cache
def service(name: str) -> ServiceModel | None:
    try:
        return ServiceModel(_LOADER.load_service_model(name, "service-2"), name)
    except (UnknownServiceError, DataNotFoundError):
        return None


class BotocoreModels:
    """The models of the botocore that is installed."""

    def operation(self, service_name: str, name: str) -> OperationModel | None:
        found = service(service_name)
        try:
            return found.operation_model(name) if found else None
        except OperationNotFoundError:
            return None

    def paged(self, service_name: str) -> Collection[str]:
        return _paged(service_name)


@cache
def _paged(service_name: str) -> frozenset[str]:
    try:
        config = _LOADER.load_service_model(service_name, "paginators-1")
    except (UnknownServiceError, DataNotFoundError):
        return frozenset()
    return frozenset(config["pagination"])


_SAMPLES: dict[str, Any] = {
    "integer": 1, "long": 1, "float": 1.5, "double": 1.5, "blob": b"x",
    "timestamp": datetime(2026, 1, 2, tzinfo=UTC),
}  # fmt: skip


def sample(shape: Any, name: str = "value", depth: int = 0, turn: int = 0) -> Any:
    """An answer in which every member of a shape is filled with a value of its type.

    A list of the answer itself holds an item for every value of its items' enums, and true and
    false flags, so that entries that choose among the items find theirs.
    """
    kind = shape.type_name if shape is not None else "structure"
    if kind == "structure":
        members = shape.members if shape is not None and depth < 12 else {}
        return {each: sample(inner, each, depth + 1, turn) for each, inner in members.items()}
    if kind == "list":
        turns = range(_variants(shape.member)) if depth < 3 else (turn,)
        return [sample(shape.member, name, depth + 1, each) for each in turns]
    if kind == "map":
        keys = getattr(shape.key, "enum", None) or ["key"]
        return {key: sample(shape.value, key, depth + 1, turn) for key in keys}
    if kind == "boolean":
        return turn % 2 == 0
    return _text(shape, name, turn) if kind == "string" else _SAMPLES[kind]


def _variants(shape: Shape) -> int:
    members = getattr(shape, "members", {}).values()
    enums = [len(getattr(each, "enum", None) or ()) for each in members]
    return min(max([2, *enums]), 40)


def _text(shape: Shape, name: str, turn: int) -> Any:
    if shape.name == "policyDocumentType":
        return {"Version": "2012-10-17", "Statement": []}
    enum = getattr(shape, "enum", None)
    if enum:
        return enum[turn % len(enum)]
    if name.lower().endswith("arn") or shape.name.lower().endswith("arn"):
        return f"arn:aws:service:us-east-1:111111111111:{name.lower()}/sample"
    return f"sample-{name.lower()}"
