"""What a parser makes of an answer, in a form that shows every difference."""

from __future__ import annotations

import os
import re
from typing import Any
from xml.etree.ElementTree import Element, tostring

from botocore.parsers import PROTOCOL_PARSERS, BaseXMLResponseParser, ResponseParserError

from scanner.transport import as_moment
from scanner.xml_answers import Parsers

TURNS = 20 if os.environ.get("STRAYS_EQUIVALENCE") == "full" else 1
ERRORS = (
    ResponseParserError, ValueError, TypeError, AttributeError, LookupError, NameError,
    ArithmeticError, RuntimeError,
)  # fmt: skip
XML = [name for name, made in PROTOCOL_PARSERS.items() if issubclass(made, BaseXMLResponseParser)]
OURS = Parsers(as_moment)


def plain(protocol: str) -> Any:
    """botocore's own parser."""
    return PROTOCOL_PARSERS[protocol](timestamp_parser=as_moment)


def outcome(parser: Any, response: dict[str, Any], shape: Any) -> Any:
    """What a parser makes of a response, or the error, comparable to the last type."""
    try:
        return typed(parser.parse(response, shape))
    except ERRORS as error:
        return type(error), re.sub("0x[0-9a-f]+", "", str(error))


def typed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: typed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [typed(each) for each in value]
    return tostring(value) if isinstance(value, Element) else repr(value)
