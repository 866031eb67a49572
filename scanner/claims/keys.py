"""By which names a state's object can be found again: what its catalog entry asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner.catalog import Catalog
from scanner.catalog.expressions import parts, render, search
from scanner.catalog.language import Entry
from scanner.claims.stack_keys import composite_keys
from scanner.claims.state_objects import StateObject
from scanner.identity import canonical_arn, parse_arn

MAX_KEY = 2048
"""Longest key kept; AWS's ARNs have at most 2,048 characters."""

CLOUD_CONTROL = "awscc_"
_INVENTED = "sgrule-"
"""Ids of `aws_security_group_rule` are hashes of Terraform's own: AWS knows none of them."""


class Entries:
    """The catalog as states ask it: by Terraform type, AWS's own and Cloud Control's provider."""

    def __init__(self, catalog: Catalog) -> None:
        self._terraform = catalog.terraform
        self._cloud_control = {
            "".join(name.split("::")[1:]).lower(): entry
            for name, entry in catalog.cloudformation.items()
        }

    def find(self, kinds: Iterable[str]) -> Entry | None:
        """Return the entry of the first of these types that the catalog knows.

        `awscc_logs_log_group` is `AWS::Logs::LogGroup`: that provider's types are CloudFormation's
        in snake case (https://registry.terraform.io/providers/hashicorp/awscc/latest/docs).
        """
        for kind in kinds:
            if kind.startswith(CLOUD_CONTROL):
                squeezed = kind.removeprefix(CLOUD_CONTROL).replace("_", "")
                return self._cloud_control.get(squeezed)
            if kind in self._terraform:
                return self._terraform[kind]
        return None


def keys_of(entry: Entry, stated: StateObject, *, bare: bool = False) -> list[str]:
    """Return the keys that the entry names, from the object's attributes and its v6 identity.

    `bare` leaves out what the entry computes, for an object already known by its content.
    Cloud Control's provider has AWS's primary identifier as `id`, so the entry's words for the
    AWS provider's attributes do not apply.
    """
    native = stated.type.startswith(CLOUD_CONTROL)
    templates = ("{arn}", "{id}") if native else entry.tf_keys
    chosen = [one for one in templates if not bare or _bare(one)]
    found = [_filled(template, stated) for template in chosen]
    keys = [key for key in found if key and not key.startswith(_INVENTED)]
    if native:
        keys += [other for key in keys for other in composite_keys(key)]
    return keys


def _filled(template: str, stated: StateObject) -> str | None:
    """Return a filled template; one bare name, as most are, needs no expression's machinery."""
    name = _bare(template)
    if name is None:
        known = {key: value for key, value in stated.attributes.items() if value is not None}
        return _rendered(template, {**stated.identity, **known})
    value = stated.attributes.get(name)
    if value is None:
        value = stated.identity.get(name)
    return None if value in (None, "") or isinstance(value, (dict, list)) else str(value)


parsed_arn = lru_cache(maxsize=64)(parse_arn)
"""`parse_arn` for the few that are asked for several times in a row."""


@lru_cache(maxsize=4096)
def _bare(template: str) -> str | None:
    name = template[1:-1]
    return name if template == f"{{{name}}}" and name.isidentifier() else None


def _rendered(template: str, document: Mapping[str, Any]) -> str | None:
    """Return a filled template, or None where a part is no plain value: never a whole block."""
    try:
        if any(isinstance(_value(part, document), (dict, list)) for part in parts(template)):
            return None
        return render(template, document)
    except JMESPathError:
        return None


def _value(expression: str, document: Mapping[str, Any]) -> Any:
    return document.get(expression) if expression.isidentifier() else search(expression, document)


def tidy(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys in canonical form, each once, ARNs first."""
    arns: list[str] = []
    others: list[str] = []
    for key in keys:
        if 0 < len(key) <= MAX_KEY:
            (arns if _is_arn(key) else others).append(key)
    return tuple(dict.fromkeys([*map(canonical_arn, arns), *others]))


def _is_arn(key: str) -> bool:
    return key.startswith("arn:") and parsed_arn(key) is not None


def own_arn(keys: Iterable[str]) -> str | None:
    """Return the ARN among an object's own keys."""
    return next((key for key in keys if _is_arn(key)), None)
