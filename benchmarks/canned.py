"""Canned answers of AWS: bytes made once from botocore's own shapes, then only filled in.

An operation's answer is rendered once per page with a placeholder account and region in it, in its
service's protocol (moto's serializers); a request only replaces the placeholders.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
from botocore.exceptions import DataNotFoundError
from moto.core.model import OperationModel, ServiceModel
from moto.core.serialize import SERIALIZERS, get_serializer_class

ACCOUNT = "000123456789"
REGION = "xx-region-0"
TOKEN = "strays-page-"
_DEPTH = 7
_VALUES: dict[str, Any] = {
    "integer": 1, "long": 1, "float": 1.5, "double": 1.5, "blob": b"x", "boolean": False,
    "timestamp": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How many items a list call gives: so many a page, on so many pages."""

    items: int = 0
    pages: int = 1


@dataclass(frozen=True)
class Answer:
    """A response but for its length, account and region."""

    status: int
    headers: bytes
    body: bytes

    def filled(self, account: str, region: str) -> bytes:
        """Return the whole response for an account and region."""
        body = self.body.replace(ACCOUNT.encode(), account.encode())
        body = body.replace(REGION.encode(), region.encode())
        start = b"HTTP/1.1 %d -\r\n%sContent-Length: %d\r\n\r\n"
        return start % (self.status, self.headers, len(body)) + body


@dataclass(frozen=True)
class Request:
    """What a call tells: who signed it, for which service and region, and what it asks."""

    method: str
    target: str
    body: bytes
    action: str | None
    access_key: str
    region: str
    signing_name: str

    @cached_property
    def given(self) -> Mapping[str, str]:
        """The parameters of a query call."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def page(self) -> int:
        """The page that its token asks for."""
        found = re.search(TOKEN + r"(\d+)", f"{self.target} {self.body.decode()}")
        return int(found[1]) if found else 0


@dataclass
class Canned:
    """The answers of all services; `sizes` by `service:Operation`, `size` for the others."""

    size: Size = Size()
    sizes: Mapping[str, Size] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._made: dict[tuple[str, str, int], Answer] = {}

    def answer(self, model: OperationModel, page: int) -> Answer:
        """Return a page of an operation's answer."""
        service = model.service_model.service_name
        key = (service, model.name, page)
        if key not in self._made:
            size = self.sizes.get(f"{service}:{model.name}", self.size)
            self._made[key] = rendered(model, document(model, size, page))
        return self._made[key]


def document(model: OperationModel, size: Size, page: int = 0) -> dict[str, Any]:
    """Return a page of an operation's answer: its own lists hold `size.items` things."""
    if model.output_shape is None:
        return {}
    tokens, more = _paging(model)
    lists = model.name.startswith(("List", "Describe", "Get")) and not _required(model)
    count = size.items if lists or tokens else 1
    found = {
        name: _value(shape, name, 1, page * count, count)
        for name, shape in model.output_shape.members.items()
        if not _is_token(name)
    }
    last = page + 1 >= size.pages
    for path in tokens:
        _put(found, path, None if last else f"{TOKEN}{page + 1}")
    if more:
        _put(found, more, not last)
    return found


def _required(model: OperationModel) -> bool:
    return bool(model.input_shape and model.input_shape.required_members)


def _is_token(name: str) -> bool:
    return name.lower().endswith(("token", "marker", "nextpage", "position"))


def _paging(model: OperationModel) -> tuple[list[str], str | None]:
    """Return the paths of an operation's page tokens and of its `more` flag, where plain."""
    paging = _paginators(model.service_model.service_name).get(model.name, {})
    tokens = paging.get("output_token", [])
    tokens = [tokens] if isinstance(tokens, str) else tokens
    plain = all(re.fullmatch(r"[\w.]+", token) for token in tokens)
    return (tokens if plain else []), paging.get("more_results")


def _put(found: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        found = found.get(name, {})
    found.pop(last, None)
    if value is not None:
        found[last] = value


def _value(shape: Any, name: str, depth: int, number: int, count: int) -> Any:
    """Return a value of a shape; the `count` things of the first list are numbered."""
    kind = shape.type_name
    if kind == "structure":
        members = list(shape.members.items()) if depth < _DEPTH or shape.is_tagged_union else []
        members = members[:1] if shape.is_tagged_union else members
        return {
            each: _value(inner, each, depth + 1, number, count)
            for each, inner in members
            if depth > 2 or not _is_token(each)
        }
    if kind == "list":
        things = range(number, number + count)
        return [_value(shape.member, name, depth + 2, each, 1) for each in things]
    if kind == "map":
        keys = (getattr(shape.key, "enum", None) or ["key"]) if depth < _DEPTH else []
        return {key: _value(shape.value, key, depth + 1, number, 1) for key in keys}
    return _text(shape, name, number) if kind == "string" else _VALUES[kind]


def _text(shape: Any, name: str, number: int) -> str:
    if enum := getattr(shape, "enum", None):
        return str(enum[0])
    if name.lower().endswith("arn") or shape.name.lower().endswith("arn"):
        return f"arn:aws:sample:{REGION}:{ACCOUNT}:{name.lower()}/{number}"
    if name.lower() in ("ownerid", "accountid", "owner"):
        return ACCOUNT
    return f"{name.lower()}-{number}"


def rendered(model: OperationModel, answer: Mapping[str, Any]) -> Answer:
    """Return an answer in its service's protocol."""
    service = model.service_model
    serializer = get_serializer_class(service.service_name, service.resolved_protocol)
    made = serializer(model).serialize(answer)
    body = made["body"] if isinstance(made["body"], bytes) else made["body"].encode()
    headers = "".join(f"{name}: {value}\r\n" for name, value in made["headers"].items())
    return Answer(made["status_code"], headers.encode(), body)


def refusal(model: OperationModel, code: str, message: str, status: int = 400) -> Answer:
    """Return an error in its service's protocol."""
    protocol = model.service_model.resolved_protocol
    if "json" in protocol:
        body = f'{{"__type": "{code}", "message": "{message}"}}'
        return Answer(status, f"x-amzn-errortype: {code}\r\n".encode(), body.encode())
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    if protocol == "ec2":
        body = f"<Response><Errors>{body}</Errors><RequestID>1</RequestID></Response>"
    elif model.service_model.service_name != "s3":
        body = f"<ErrorResponse>{body}<RequestId>1</RequestId></ErrorResponse>"
    return Answer(status, b"Content-Type: text/xml\r\n", body.encode())


_SESSION = botocore.session.get_session()


@cache
def _paginators(service: str) -> Any:
    try:
        return _SESSION.get_component("data_loader").load_service_model(service, "paginators-1")[
            "pagination"
        ]
    except DataNotFoundError:
        return {}


@cache
def _services(signing_name: str) -> tuple[ServiceModel, ...]:
    """Return the services that sign with a name, its namesake first (lambda: two)."""
    loader = _SESSION.get_component("data_loader")
    found = [
        ServiceModel(loader.load_service_model(name, "service-2"), name)
        for name, names in sorted(
            _signing_names().items(), key=lambda item: item[0] != signing_name
        )
        if signing_name in names
    ]
    return tuple(model for model in found if model.resolved_protocol in SERIALIZERS)


@cache
def _signing_names() -> dict[str, set[str]]:
    """Return what each service may sign with; only the beginnings of the models are read."""
    names = {}
    for folder in (Path(botocore.__file__).parent / "data").iterdir():
        if models := sorted(folder.glob("*/service-2.json*")):
            opened = gzip.open if models[-1].suffix == ".gz" else open
            with opened(models[-1], "rt", encoding="utf-8") as file:
                start = file.read(3000)
            names[folder.name] = set(
                re.findall(r'"(?:endpointPrefix|signingName)"\s*:\s*"([^"]+)"', start)
            )
    return names


@lru_cache(10_000)
def operation(
    signing_name: str, action: str | None, method: str, path: str
) -> OperationModel | None:
    """Return the operation that is called: `action` is a target or `Action Version`."""
    for service in _services(signing_name):
        if action and " " in action:
            name, version = action.split(" ")
            if version == service.api_version and name in service.operation_names:
                return service.operation_model(name)
        elif action:
            prefix, _, name = action.rpartition(".")
            if prefix == service.metadata.get("targetPrefix") and name in service.operation_names:
                return service.operation_model(name)
    return None if action else _by_path(signing_name, method, path)


def _by_path(signing_name: str, method: str, target: str) -> OperationModel | None:
    """Return the operation of a REST call: the one of the most literal path."""
    url = urlsplit(target)
    asked = set(parse_qs(url.query, keep_blank_values=True))
    fitting = [
        (literal, service, name)
        for verb, pattern, needed, literal, service, name in _routes(signing_name)
        if verb == method and needed <= asked and pattern.fullmatch(url.path)
    ]
    if not fitting:
        return None
    _, service, name = max(fitting, key=lambda each: each[0])
    return service.operation_model(name)


@cache
def _routes(signing_name: str) -> tuple[tuple[str, re.Pattern[str], set[str], int, Any, str], ...]:
    return tuple(_routes_of(signing_name))


def _routes_of(signing_name: str) -> Iterator[Any]:
    for service in _services(signing_name):
        for name in service.operation_names:
            http = service.operation_model(name).http
            path, _, query = http["requestUri"].partition("?")
            literal = re.sub(r"\{[^}]+\}", "", path)
            parts = re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")
            pattern = "".join(
                (".+" if "+" in part else "[^/]+") if part.startswith("{") else re.escape(part)
                for part in parts
            )
            needed = set(parse_qs(query, keep_blank_values=True))
            weight = len(literal) + 1000 * len(needed)
            yield http["method"], re.compile(pattern + "/?"), needed, weight, service, name
