"""From an output shape to a function that reads its XML: each element is looked at once.

A structure is a table from an element's tag to its member. What is rare (unions, attributes,
errors, two members of one tag, a repeated element that is no list's, an odd entry of a map) is left
to botocore's own parser, from that element down.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Read = Callable[[Any], Any]
"""From an element, or from its text, to a value."""

Member = tuple[str, Read | None, Read | None, Read | None]
"""A structure's member: its name, and what reads its text (none: a string, which is as it stands),
its element, or each of the elements that its list has in the structure itself. At most one does."""


class Tags(dict[str, Member | None]):
    """Members by tag, namespace and all; None for what the model does not know.

    A member's reader is made when its tag is first seen: the shapes below it may never be, and
    stay packed then (scanner/service_models.py).
    """

    def __init__(self, find: Callable[[str], Member | None]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, tag: str) -> Member | None:
        found = self[tag] = self._find(tag)
        return found


class Maker:
    """Makes the reader of a shape and of what it holds, a structure's once, for it may recur."""

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
            if shape.name not in self._made:
                self._made[shape.name] = self._structure(shape)
            return self._made[shape.name]
        if kind in self._of_text:
            return self._scalar(self._of_text[kind])
        if _flattened(shape) or kind not in ("list", "map"):
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
        item: Read | None = None

        def read(node: Any) -> Any:
            nonlocal item
            if item is None:
                if not len(node):
                    return []
                item = self.reader(shape.member)
            return [item(child) for child in node]

        return read

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
        tags = self._tags({tag: (name, member) for tag, name, member in in_body})

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

        return read

    def _tags(self, members: dict[str, tuple[str, Any]]) -> Tags:
        namespace = self._plain._namespace_re

        def find(tag: str) -> Member | None:
            known = members.get(namespace.sub("", tag))
            return known and self._member(*known)

        return Tags(find)

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
