"""botocore's parsers, with answers in XML read by functions made once from the output shape.

botocore asks the model about every element anew, which is nine tenths of what a full page costs.
Here only a body's root is handed over, to scanner/xml_readers.py; headers, streams, metadata,
errors and what is no XML stay with botocore. tests/aws/test_xml_answers.py compares both over the
output shapes of all services that speak XML, tests/aws/test_xml_oddities.py with any elements.

Used of botocore's parsers, beyond what it documents: `_parse_shape`, through which a body's root,
headers and the status code go; `_member_key_name`, `_node_tag`, `_namespace_re`,
`_timestamp_parser` and `_blob_parser`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from botocore.parsers import (
    BaseXMLResponseParser,
    ResponseParser,
    ResponseParserError,
    ResponseParserFactory,
)

from scanner.xml_readers import Maker, Read

FAILURES = (
    ResponseParserError, ValueError, TypeError, AttributeError, LookupError, NameError,
    ArithmeticError, RuntimeError,
)  # fmt: skip
"""What an odd answer (no time, two things for a number) may make botocore's code and ours raise:
what that means, and whether it is an error at all, is then botocore's to say."""


class Parsers(ResponseParserFactory):
    """botocore's parsers, one for each protocol, those of XML with readers made once."""

    def __init__(self, timestamp_parser: Callable[[Any], Any]) -> None:
        super().__init__()
        self.set_parser_defaults(timestamp_parser=timestamp_parser)
        self._kept: dict[str, ResponseParser] = {}

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """Return a protocol's parser: it keeps nothing of a response, so threads may share it."""
        if protocol_name not in self._kept:
            self._kept[protocol_name] = self._made(protocol_name)
        return self._kept[protocol_name]

    def _made(self, protocol_name: str) -> ResponseParser:
        plain = super().create_parser(protocol_name)
        if not isinstance(plain, BaseXMLResponseParser):
            return plain
        parser: Any = super().create_parser(protocol_name)
        parser._parse_shape = Readers(plain).read
        return parser  # type: ignore[no-any-return]


class Readers:
    """The readers of output shapes, made when first needed; `plain` is botocore's parser."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._kept: dict[Any, Read] = {}

    def read(self, shape: Any, node: Any) -> Any:
        """Return what botocore reads of a shape in an element, and raise what it raises."""
        if not isinstance(node, Element):  # a header, the status code, an element that is repeated
            return self._plain._parse_shape(shape, node)
        if shape not in self._kept:
            self._kept[shape] = Maker(self._plain).reader(shape)
        try:
            return self._kept[shape](node)
        except FAILURES:
            return self._plain._parse_shape(shape, node)
