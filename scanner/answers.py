"""The parsers that clients are given: what is no answer is not taken for an empty one.

Of a body that comes with status 200 botocore reads what it knows: a proxy's web page, half a JSON
document, another service's error are to it a list of nothing. In a cell that is `ok` nothing means
that all is gone. So here they are a `ResponseParserError`, as is whatever else an odd answer makes
the parsers raise: tried again, and a failed call at last. Errors stay as botocore reads them.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from botocore.parsers import (
    BaseCBORParser,
    BaseJSONParser,
    BaseXMLResponseParser,
    ResponseParser,
    ResponseParserError,
)

from scanner.xml_answers import FAILURES, Parsers

_SHOWN = 300
_FIRST_ERROR = 301
"""From this status on botocore reads an answer as an error."""
_BEGINS_MAP = re.compile(rb"[\xa0-\xbf]")
"""https://www.rfc-editor.org/rfc/rfc8949.html#section-3.1: major type 5."""
_NO_ANSWERS = frozenset({"html", "Error", "ErrorResponse"})
"""Roots of XML that no list of AWS has."""


class Answers(Parsers):
    """botocore's parsers, one for each protocol, strict with what is no answer."""

    def _made(self, protocol_name: str) -> ResponseParser:
        return _Strict(super()._made(protocol_name))  # type: ignore[return-value]


class _Strict:
    """A parser; `plain` is the one that reads errors, which may have any form."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._whole = copy.copy(plain)
        if isinstance(plain, BaseJSONParser):
            self._mend("_parse_body_as_json", _json)
        elif isinstance(plain, BaseXMLResponseParser):
            self._mend("_parse_xml_string_to_dom", _rooted)
        elif isinstance(plain, BaseCBORParser):
            self._mend("_initial_body_parse", _mapped)

    def _mend(self, name: str, strict: Callable[[Callable[[bytes], Any]], Any]) -> None:
        """Read bodies of answers strictly."""
        setattr(self._whole, name, strict(getattr(self._plain, name)))

    def parse(self, response: dict[str, Any], shape: Any) -> Any:
        """Return what botocore reads; raises `ResponseParserError` for what is no answer."""
        status, body = response["status_code"], response["body"]
        if status == 200 and body == b"" and _lists(shape):
            raise _no_answer("it is empty", body)
        refused = status >= _FIRST_ERROR
        try:
            read = (self._plain if refused else self._whole).parse(response, shape)
        except FAILURES as error:
            if refused and isinstance(error, ResponseParserError):
                raise
            raise _no_answer(str(error).partition("\n")[0], body) from error
        if read is None:
            raise _no_answer("null", body)
        return read


def _json(_: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return what reads JSON, but for what is none: botocore takes that for a message."""
    return lambda body: json.loads(body) if body else {}


def _mapped(parse: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return what reads CBOR, but for what begins no map: else an exabyte may be asked for."""

    def read(body: bytes) -> Any:
        if body and not _BEGINS_MAP.match(body):
            raise ResponseParserError("it is no map")
        return parse(body)

    return read


def _rooted(parse: Callable[[bytes], Element]) -> Callable[[bytes], Element]:
    """Return what reads XML, but for web pages and errors."""

    def read(body: bytes) -> Element:
        root = parse(body)
        name = root.tag.rpartition("}")[2]
        if name in _NO_ANSWERS or (name == "Response" and root.find("Errors") is not None):
            raise ResponseParserError(f"a document of the kind {name}")
        return root

    return read


def _lists(shape: Any) -> bool:
    """Whether an output shape has a list in its body: AWS sends an empty one as `{}` or `<X/>`."""
    return shape is not None and any(
        member.type_name == "list" and "location" not in member.serialization
        for member in shape.members.values()
    )


def _no_answer(why: str, body: Any) -> ResponseParserError:
    """Return the error, with what a web page says; half an answer may hold secrets."""
    begin = body[:_SHOWN].decode("utf-8", "replace") if isinstance(body, bytes) else ""
    page = re.match(r"\s*<(?:!doctype )?html", begin, re.IGNORECASE)
    shown = ": " + " ".join(re.sub("<[^>]*>?", " ", begin).split()) if page else ""
    return ResponseParserError(f"this is no answer of AWS ({why}){shown}")
