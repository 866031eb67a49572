"""A template's text -> its mapping: JSON, or YAML with CloudFormation's short tags."""

from __future__ import annotations

import json
from typing import Any

import yaml


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML with CloudFormation's short tags (`!Ref x` is `{Ref: x}`)."""


def _short_tag(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = str(value).split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


def parse(body: Any) -> dict[str, Any]:
    """Return a template as a dict from what GetTemplate answers; raises `ValueError`."""
    if isinstance(body, str):
        try:
            body = json.loads(body) if body.lstrip().startswith("{") else yaml.load(body, _Loader)  # noqa: S506
        except (ValueError, yaml.YAMLError, RecursionError) as error:
            raise ValueError(f"the template is neither JSON nor YAML: {error}") from error
    if not isinstance(body, dict):
        raise ValueError("the template is no mapping")
    return body
