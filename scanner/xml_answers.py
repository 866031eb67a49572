"""Answers in XML, read by functions that are made once from an operation's output shape.

botocore asks the model about every element anew, which is nine tenths of what a full page costs.
Here a structure is a table from an element's tag to its member, and an element is looked at once.
What is rare (unions, attributes, errors, a repeated element that is no list's) is left to
botocore's own parser, and so is all around the body: headers, streams, metadata, what is no XML.
tests/aws/test_xml_answers.py compares both over the output shapes of all services that speak XML.

Used of botocore's parsers, beyond what it documents: `_parse_shape`, through which a body's root,
headers and the status code go; `_member_key_name`, `_node_tag`, `_namespace_re`,
`_timestamp_parser` and `_blob_parser`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from botocore.parsers import (
    BaseXMLResponseParser,
    ResponseParser,
    ResponseParserError,
    ResponseParserFactory,
)

Read = Callable[[Any], Any]
"""From an element, or from its text, to a value."""

Member = tuple[str, Read | None, Read | None, Read | None]
"""A structure's member: its name, and what reads its text (none: a string, which is as it stands),
its element, or each of the elements that its list has in the structure itself. At most one does."""


_FAILURES = (
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
            self._kept[shape] = _Maker(self._plain).reader(shape)
        try:
            return self._kept[shape](node)
        except _FAILURES:
            return self._plain._parse_shape(shape, node)


class _Tags(dict[str, Member | None]):
    """Members by tag, namespace and all; None for tags that the model does not know."""

    def __init__(self, namespace: re.Pattern[str]) -> None:
        super().__init__()
        self._namespace = namespace

    def __missing__(self, tag: str) -> Member | None:
        found = self[tag] = self.get(self._namespace.sub("", tag))
        return found


class _Maker:
    """Makes the reader of a shape and of all that it holds; each shape's once, for it may recur."""

    def __init__(self, plain: Any) -> None:
        self._plain = plain
        self._made: dict[str, Read] = {}
        self._of_text: dict[str, Read | None] = {
            "string": None, "character": None, "boolean": "true".__eq__,
            "integer": int, "long": int, "float": float, "double": float,
            "timestamp": plain._timestamp_parser, "blob": plain._blob_parser,
        }  # fmt: skip

    def reader(self, shape: Any) -> Read:
        """Return what reads a shape's element."""
        kind = shape.type_name
        if kind == "structure":
            return self._made.get(shape.name) or self._structure(shape)
        if kind in self._of_text:
            return self._scalar(self._of_text[kind])
        if kind not in ("list", "map"):
            return self._left(shape)
        return self._list(shape) if kind == "list" else self._map(shape)

    def _left(self, shape: Any) -> Read:
        """Return what leaves an element and all below it to botocore."""
        parse = self._plain._parse_shape
        return lambda node: parse(shape, node)

    @staticmethod
    def _scalar(of_text: Read | None) -> Read:
        if of_text is None:
            return lambda node: node.text or ""
        return lambda node: of_text(node.text or "")

    def _list(self, shape: Any) -> Read:
        item = self.reader(shape.member)
        return lambda node: [item(child) for child in node]

    def _map(self, shape: Any) -> Read:
        names = [
            each.serialization.get("name") or usual
            for each, usual in ((shape.key, "key"), (shape.value, "value"))
        ]
        of_key, of_value = self.reader(shape.key), self.reader(shape.value)
        tag, left = self._plain._node_tag, self._left(shape)

        def read(node: Any) -> Any:
            parsed = {}
            for entry in node:
                if [tag(child) for child in entry] != names:
                    return left(node)
                parsed[of_key(entry[0])] = of_value(entry[1])
            return parsed

        return read

    def _structure(self, shape: Any) -> Read:
        in_body = self._in_body(shape)
        left = self._left(shape)
        if self._is_rare(shape, in_body):
            return left
        tags = _Tags(self._plain._namespace_re)

        def read(node: Any) -> Any:
            parsed: dict[str, Any] = {}
            for child in node:
                member = tags[child.tag]
                if member is None:
                    continue
                name, of_text, of_node, of_each = member
                if of_each is not None:
                    parsed.setdefault(name, []).append(of_each(child))
                elif name in parsed:
                    return left(node)
                elif of_node is not None:
                    parsed[name] = of_node(child)
                else:
                    text = child.text or ""
                    parsed[name] = text if of_text is None else of_text(text)
            return parsed

        self._made[shape.name] = read  # before its members are: one of them may hold it
        for tag, name, member in in_body:
            tags[tag] = self._member(name, member)
        return read

    def _in_body(self, shape: Any) -> list[tuple[str, str, Any]]:
        """Return tag, name and shape of the members that do not stand in headers."""
        return [
            (self._plain._member_key_name(member, name), name, member)
            for name, member in shape.members.items()
            if member.serialization.get("location") not in self._plain.KNOWN_LOCATIONS
            and not member.serialization.get("eventheader")
        ]

    @staticmethod
    def _is_rare(shape: Any, in_body: list[tuple[str, str, Any]]) -> bool:
        """Whether a structure is read otherwise than by one tag for each member."""
        return bool(
            shape.is_tagged_union
            or shape.metadata.get("exception")
            or len({tag for tag, _, _ in in_body}) < len(in_body)
            or any(member.serialization.get("xmlAttribute") for _, _, member in in_body)
        )

    def _member(self, name: str, shape: Any) -> Member:
        if shape.type_name in self._of_text:
            return name, self._of_text[shape.type_name], None, None
        if shape.type_name == "list" and _flattened(shape):
            return name, None, None, self.reader(shape.member)
        return name, None, self.reader(shape), None


def _flattened(shape: Any) -> bool:
    return bool(shape.serialization.get("flattened"))
