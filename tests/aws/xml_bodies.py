"""Answers in XML written from output shapes, whole ones and all that may be wrong or odd in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import OperationModel

SPACE = "http://aws.example/doc/2026-01-01/"
_TEXTS = ("a name", "<script>&amp;\"'", "größe 名前 \u202e", " x ", "true", "12", "")
_GOOD = {
    "boolean": ("true", "false", "1"), "integer": ("0", "-7"), "long": ("12345678901",),
    "float": ("1.5",), "double": ("1e300",), "blob": ("aGVsbG8=", ""),
    "timestamp": ("2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05+02:00", "1767322800"),
}  # fmt: skip
_WRONG = ("", "soon", "1,5", "TRUE", "\n12\n", "a", "NaN")
_STRANGE = (
    "<strange/>", "<strange>1</strange>", '<x:other xmlns:x="http://other.example/">1</x:other>',
    "<!-- said aside -->", "<?do this?>", "\n  ", "text between",
)  # fmt: skip


@dataclass
class Manner:
    """How bodies are written: the shares are of members, elements, repeats, scalars."""

    random: Random
    items: int = 2
    missing: float = 0
    strange: float = 0
    repeated: float = 0
    wrong: float = 0
    _inside: list[str] = field(default_factory=list)

    def response(self, operation: OperationModel) -> dict[str, Any]:
        """Return what botocore's parsers are given."""
        shape = operation.output_shape
        headers = {"x-amzn-requestid": "1-2-3", "x-amz-id-2": "host", "Content-Type": "text/xml"}
        if shape is not None:
            headers |= dict(self._headers(shape))
        return {"status_code": 200, "headers": headers, "body": self._body(operation).encode()}

    def _body(self, operation: OperationModel) -> str:
        shape: Any = operation.output_shape
        answer = f"{operation.name}Response"
        if shape is None:
            return f"<{answer}/>"
        told = shape.serialization
        if "payload" in told:
            shape = shape.members[told["payload"]]
            if shape.type_name in ("string", "blob"):
                return "the thing itself"
        attributes, content = self._structure(shape)
        if wrapper := told.get("resultWrapper"):
            content = f"<{wrapper}>{content}</{wrapper}>"
        known = (
            "<requestId>1</requestId><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
        )
        space = f' xmlns="{SPACE}"' if self.random.random() < 0.8 else ""
        return f"<{answer}{space}{attributes}>{content}{known}</{answer}>"

    def _headers(self, shape: Any) -> Iterator[tuple[str, str]]:
        for name, member in shape.members.items():
            header = member.serialization.get("name", name)
            if member.serialization.get("location") == "headers":
                yield f"{header}One", "1"
            elif member.serialization.get("location") == "header":
                yield header, self._scalar(member.type_name)

    def _structure(self, shape: Any) -> tuple[str, str]:
        """Return a structure's attributes and its content."""
        attributes, parts = "", []
        self._inside.append(shape.name)
        members = list(shape.members.items())
        for name, member in members[:1] if shape.is_tagged_union else members:
            if self._is_left_out(member):
                continue
            tag = member.serialization.get("name", name)
            if member.serialization.get("xmlAttribute"):
                attributes += f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {tag}="one"'
            else:
                times = 2 if self.random.random() < self.repeated else 1
                parts += [part for _ in range(times) for part in self._member(tag, member)]
        self._inside.pop()
        if self.strange:
            self.random.shuffle(parts)
        return attributes, "".join(parts)

    def _is_left_out(self, shape: Any) -> bool:
        elsewhere = shape.serialization.get("location") in ("header", "headers", "statusCode")
        holds = _held(shape)
        recurs = self._inside.count(holds.name) > 1 or len(self._inside) > 8
        return elsewhere or recurs or self.random.random() < self.missing

    def _member(self, tag: str, shape: Any) -> Iterator[str]:
        if not shape.serialization.get("flattened"):
            yield self._element(tag, shape)
        elif shape.type_name == "list":
            tag = shape.member.serialization.get("name", tag)
            yield from (self._element(tag, shape.member) for _ in range(self.items))
        else:
            yield from (f"<{tag}>{self._entry(shape)}</{tag}>" for _ in range(self.items))

    def _element(self, tag: str, shape: Any) -> str:
        attributes, content = "", ""
        kind = shape.type_name
        if kind == "structure":
            attributes, content = self._structure(shape)
        elif kind == "list":
            inner = shape.member.serialization.get("name", "member")
            content = "".join(self._element(inner, shape.member) for _ in range(self.items))
        elif kind == "map":
            content = "".join(f"<entry>{self._entry(shape)}</entry>" for _ in range(self.items))
        else:
            content = self._text(kind)
        if self.random.random() < self.strange:
            content += self.random.choice(_STRANGE[:-2] if kind in _GOOD else _STRANGE)
        return f"<{tag}{attributes}>{content}</{tag}>"

    def _entry(self, shape: Any) -> str:
        key = self._element(shape.key.serialization.get("name", "key"), shape.key)
        return key + self._element(shape.value.serialization.get("name", "value"), shape.value)

    def _text(self, kind: str) -> str:
        text = self._scalar(kind)
        cdata = text and self.random.random() < self.strange
        return f"<![CDATA[{text}]]>" if cdata else escape(text)

    def _scalar(self, kind: str) -> str:
        if self.random.random() < self.wrong:
            return self.random.choice(_WRONG)
        return self.random.choice(_GOOD.get(kind, _TEXTS))


def _held(shape: Any) -> Any:
    """Return what a list or a map holds in the end; any other shape itself."""
    while shape.type_name in ("list", "map"):
        shape = shape.member if shape.type_name == "list" else shape.value
    return shape
