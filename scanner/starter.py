"""The commented starter configuration, printed from the configuration's own fields."""

from __future__ import annotations

import json
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scanner.config import Config
from scanner.errors import UsageError

_EXAMPLES = {
    "str": '"..."',
    "date": "2027-06-30",
    "int": "1",
    "dict": '{ key = "value" }',
    "list": '["..."]',
    "bool": "false",
}


def write_starter(path: Path) -> None:
    """Write the starter file; raises `UsageError` where one is there or none can be written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(starter())
    except FileExistsError as error:
        raise UsageError(
            f"{path} is there already: remove it first, or name another file"
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def starter() -> str:
    """Return a file with every key, its sentence and its default, all commented out."""
    lines = ["# Strays. Every key is optional; what is commented out is its default or an example."]
    sections = []
    for name, field in Config.model_fields.items():
        model = _model(field.annotation)
        if model is None:
            lines += _key(name, field)
        else:
            many = get_origin(field.annotation) is list
            sections += ["", f"# {field.description}", f"# [[{name}]]" if many else f"[{name}]"]
            for key, inner in model.model_fields.items():
                sections += _key(inner.alias or key, inner)
    return "\n".join([*lines, *sections, ""])


def _model(annotation: Any) -> type[BaseModel] | None:
    inner = get_args(annotation)[0] if get_origin(annotation) is list else annotation
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _key(name: str, field: FieldInfo) -> list[str]:
    return ["", f"# {field.description}", f"# {name} = {_value(field)}"]


def _value(field: FieldInfo) -> str:
    default = field.default
    if field.is_required() or default is None:
        return _EXAMPLES.get(_kind(field.annotation), '"..."')
    if isinstance(default, bool):
        return str(default).lower()
    return "{}" if default == {} else json.dumps(default)


def _kind(annotation: Any) -> str:
    if isinstance(annotation, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    origin = get_origin(annotation) or annotation
    return getattr(origin, "__name__", "str")
