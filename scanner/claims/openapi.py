"""What an API's OpenAPI definition makes besides the API: authorizers, validators and routes.

Terraform (`body`), CloudFormation and SAM (`Body`) give the whole definition; what API Gateway
makes of it gets ids that stand nowhere, so those things are known by the API and their name
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.claims.template_text import parse

_METHODS = frozenset("get put post delete options head patch trace".split())
_ANY_METHOD = "x-amazon-apigateway-any-method"
_AUTHORIZER = "x-amazon-apigateway-authorizer"
_VALIDATORS = "x-amazon-apigateway-request-validators"


class Defined(NamedTuple):
    """One thing that a definition makes: `authorizer`, `validator` or `route`, and its name."""

    kind: str
    name: str


def defined(body: Any) -> Iterator[Defined]:
    """Yield what a definition (a mapping, or JSON or YAML text) makes; nothing where it is none."""
    try:
        document = parse(body)
    except ValueError:
        return
    components = _mapping(document.get("components"))
    schemes = document.get("securityDefinitions") or components.get("securitySchemes")
    for name, scheme in _mapping(schemes).items():
        if _AUTHORIZER in _mapping(scheme):
            yield Defined("authorizer", name)
    for name in _mapping(document.get(_VALIDATORS)):
        yield Defined("validator", name)
    for path, item in _mapping(document.get("paths")).items():
        yield from (Defined("route", _route(path, method)) for method in _mapping(item))


def _route(path: str, method: str) -> str:
    if path == "/$default":
        return "$default"
    name = "ANY" if method == _ANY_METHOD else method.upper()
    return f"{name} {path}" if method == _ANY_METHOD or method in _METHODS else ""


def _mapping(value: Any) -> dict[str, Any]:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}
