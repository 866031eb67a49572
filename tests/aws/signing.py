"""What a client would send, and where: stopped before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError
from botocore.model import ServiceModel

from tests.catalog.models import sample

ACCOUNT = "123456789012"


class StoppedError(Exception):
    """Raised in place of sending; carries the request."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


class Sent(NamedTuple):
    """A request as far as place and identity show: `scope` is key/day/region/service."""

    method: str
    url: str
    scope: str
    signed_headers: str
    token: str


def stop(client: Any) -> Any:
    """Return the client, which will no longer send."""

    def stopped(request: Any, **_: Any) -> None:
        raise StoppedError(request)

    client.meta.events.register_first("before-send", stopped)
    return client


def sent(client: Any, operation: str, params: dict[str, Any]) -> Sent | str:
    """Return what a call would send, or the error that comes before it is."""
    try:
        client._make_api_call(operation, dict(params))
    except StoppedError as stopped:
        request = stopped.request
        headers = {name: _text(value) for name, value in request.headers.items()}
        scope, _, rest = headers.get("Authorization", "").partition(", SignedHeaders=")
        signed = rest.partition(", Signature=")[0]
        token = headers.get("X-Amz-Security-Token", "")
        return Sent(request.method, request.url, scope, signed, token)
    except BotoCoreError as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError("the call was answered")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def least_call(model: ServiceModel) -> tuple[str, dict[str, Any]]:
    """Return the operation that asks for least, reading ones first, and what it asks for."""
    candidates = sorted(_candidates(model), key=lambda each: each[0])
    _, operation = candidates[0]
    shape = model.operation_model(operation).input_shape
    return operation, _required(shape, operation) if shape else {}


def _candidates(model: ServiceModel) -> Iterator[tuple[tuple[int, bool, str], str]]:
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        writes = not name.startswith(("List", "Describe", "Get"))
        yield (len(shape.required_members) if shape else 0, writes, name), name


def _required(shape: Any, name: str) -> Any:
    """Return the least value of a shape that botocore accepts."""
    if shape.type_name == "structure":
        named = shape.required_members
        if getattr(shape, "is_tagged_union", False):
            named = list(shape.members)[:1]
        return {each: _required(shape.members[each], each) for each in named}
    if shape.type_name == "list":
        return [_required(shape.member, name)] * max(1, shape.metadata.get("min", 1))
    if "accountid" in name.lower():
        return ACCOUNT
    if name == "KvsARN":  # its endpoint is made from the parts of a real one
        return f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/sample"
    found = sample(shape, name)
    return found.ljust(shape.metadata.get("min", 0), "x") if isinstance(found, str) else found
