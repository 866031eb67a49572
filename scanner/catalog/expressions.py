"""Expressions and templates of the catalog: JMESPath with a short list of named helpers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jmespath
from jmespath import functions

from scanner import identity
from scanner.clock import as_time

_PART = re.compile(r"\{([^{}]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")


class _Helpers(functions.Functions):
    """What data cannot say. Every helper gives null for null."""

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_begins(self, text: str | None, prefix: str) -> bool:
        return text is not None and text.startswith(prefix)

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_after_last(self, text: str | None, mark: str) -> str | None:
        return None if text is None else text.rsplit(mark, 1)[-1]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_after_first(self, text: str | None, mark: str) -> str | None:
        return None if text is None or mark not in text else text.split(mark, 1)[1]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_before_first(self, text: str | None, mark: str) -> str | None:
        return None if text is None else text.split(mark, 1)[0]

    @functions.signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_capture(self, text: str | None, pattern: str) -> str | None:
        found = re.search(pattern, text or "")
        return found.group(1) if found else None

    @functions.signature({"types": ["string", "null"]})
    def _func_cidr(self, text: str | None) -> str | None:
        return None if text is None else identity.cidr(text)

    @functions.signature({"types": ["string", "null"]}, {"types": ["string", "null"]})
    def _func_dns(self, text: str | None, zone: str | None) -> str | None:
        return None if text is None else identity.record_name(text, zone)

    @functions.signature({"types": ["string", "null"]}, {"types": ["array", "null"]})
    def _func_paired(self, first: str | None, others: list[str] | None) -> list[str] | None:
        return None if first is None or others is None else [f"{first}|{one}" for one in others]

    @functions.signature({"types": []}, {"types": []}, {"types": ["number"]})
    def _func_within(self, one: Any, other: Any, seconds: float) -> bool | None:
        first, second = as_time(one), as_time(other)
        if first is None or second is None:
            return None
        return abs((first - second).total_seconds()) <= seconds

    @functions.signature({"types": ["object"]})
    def _func_group_rule(self, rule: dict[str, Any]) -> str | None:
        group = rule.get("ReferencedGroupInfo") or {}
        peer = rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId")
        ports = (rule.get("FromPort"), rule.get("ToPort"))
        return identity.group_rule_key(
            rule["GroupId"],
            bool(rule.get("IsEgress")),
            rule.get("IpProtocol"),
            ports,
            peer or group.get("GroupId") or "",
        )


_OPTIONS = jmespath.Options(custom_functions=_Helpers())


@cache
def compiled(expression: str) -> Any:
    """Return a compiled expression; raises `jmespath.exceptions.JMESPathError` where it is none."""
    return jmespath.compile(expression)


def search(expression: str, document: Any) -> Any:
    """Return what the expression finds, null where it finds nothing."""
    return compiled(expression).search(document, options=_OPTIONS)


@cache
def _chunks(template: str) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    """Return the template as (may be left out, [text, expression, text, expression, ...])."""
    pieces = _OPTIONAL.split(template)
    return tuple((bool(at % 2), tuple(_PART.split(piece))) for at, piece in enumerate(pieces))


def parts(template: str) -> list[str]:
    """Return the expressions inside a template."""
    return [part for _, chunk in _chunks(template) for part in chunk[1::2]]


def render(template: str, document: Any) -> str | None:
    """Return the template filled from the document, or None where a needed part is empty."""
    filled = ""
    for optional, chunk in _chunks(template):
        text = _fill(chunk, document)
        if text is None and not optional:
            return None
        filled += text or ""
    return filled


def _fill(chunk: tuple[str, ...], document: Any) -> str | None:
    filled = ""
    for at, part in enumerate(chunk):
        value = search(part, document) if at % 2 else part
        if at % 2 and value in (None, ""):
            return None
        filled += str(value)
    return filled
