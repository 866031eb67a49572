"""JSON objects member by member from chunks of bytes, in bounded memory.

A state of hundreds of megabytes is an object with one huge array. Only the brackets are looked at
here (one regular expression runs from bracket to bracket, 160 MB/s); whoever takes a value decodes
and so checks it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import TypeVar

import msgspec

from scanner.errors import SourceError

_Shape = TypeVar("_Shape")

_TO_BRACKET = re.compile(
    rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+([{}\[\]])', re.DOTALL
)
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}]++(?=[\s,\]}])")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_OPENING = b"{["


class JsonStream:
    """Reads one JSON document from chunks; raises `SourceError` where it is none.

    `max_bytes` bounds the whole document, `max_depth` the nesting of brackets.
    """

    def __init__(self, chunks: Iterable[bytes], max_bytes: int, max_depth: int) -> None:
        self._chunks = iter(chunks)
        self._max_bytes = max_bytes
        self._max_depth = max_depth
        self._buffer = bytearray()
        self._at = 0
        self.size = 0

    def head(self, count: int) -> bytes:
        """Return the first bytes, or all there are, without taking them."""
        while len(self._buffer) - self._at < count and self._more():
            pass
        return bytes(self._buffer[self._at : self._at + count])

    def members(self, arrays: Container[str] = ()) -> Iterator[tuple[str, bytes]]:
        """Yield each member's name and value; one named in `arrays` yields for each element."""
        self._take(b"{")
        while self._next_is_item(b"}"):
            name = self._name()
            self._take(b":")
            if name in arrays and self._peek() == b"[":
                yield from ((name, element) for element in self._elements())
            else:
                yield name, self._value()
        if self._peek():
            raise SourceError("more text follows after its end: it was written twice, or joined")

    def _elements(self) -> Iterator[bytes]:
        self._take(b"[")
        while self._next_is_item(b"]"):
            yield self._value()

    def _next_is_item(self, closing: bytes) -> bool:
        """Step over a comma, or over the closing bracket and return False."""
        after = self._peek()
        if after == b",":
            self._at += 1
        elif after == closing:
            self._at += 1
            return False
        return True

    def _name(self) -> str:
        if self._peek() != b'"':
            raise self._malformed("a member's name")
        try:
            return msgspec.json.decode(self._matched(_STRING), type=str)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._malformed("a member's name") from error

    def _value(self) -> bytes:
        first = self._peek()
        if first in (b"{", b"["):
            return self._container()
        if first in (b"", b",", b":", b"]", b"}"):
            raise self._malformed("a value")
        return self._matched(_STRING if first == b'"' else _SCALAR)

    def _container(self) -> bytes:
        start, depth, at = self._at, 0, self._at
        while True:
            found = _TO_BRACKET.match(self._buffer, at)
            if found is None:
                moved = start
                self._need_more(keep_from=start)
                start, at = 0, at - moved
                continue
            at = found.end()
            depth += 1 if self._buffer[at - 1] in _OPENING else -1
            if depth > self._max_depth:
                raise SourceError(f"it is nested deeper than {self._max_depth} levels")
            if depth == 0:
                self._at = at
                return bytes(self._buffer[start:at])

    def _matched(self, pattern: re.Pattern[bytes]) -> bytes:
        while (found := pattern.match(self._buffer, self._at)) is None:
            self._need_more(keep_from=self._at)
        self._at = found.end()
        return found.group()

    def _take(self, mark: bytes) -> None:
        if self._peek() != mark:
            raise self._malformed(repr(mark.decode()))
        self._at += 1

    def _peek(self) -> bytes:
        """Step over white space and return the next byte, nothing at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                return bytes(self._buffer[self._at : self._at + 1])
            if not self._more():
                return b""

    def _malformed(self, expected: str) -> SourceError:
        if self._at >= len(self._buffer):
            return SourceError("it ends in the middle: it was cut off while being written")
        return SourceError(f"it is not JSON: {expected} is missing near byte {self._offset()}")

    def _offset(self) -> int:
        return self.size - len(self._buffer) + self._at

    def _need_more(self, keep_from: int) -> None:
        """Read at least as much again as is pending, so that a long value is scanned few times."""
        del self._buffer[:keep_from]
        self._at = 0
        pending = len(self._buffer)
        if not self._more():
            self._at = len(self._buffer)
            raise self._malformed("")
        while len(self._buffer) < 2 * pending and self._more():
            pass

    def _more(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        if self._at and self._at == len(self._buffer):
            self._buffer.clear()
            self._at = 0
        self.size += len(chunk)
        if self.size > self._max_bytes:
            raise SourceError(f"it is larger than {self._max_bytes:,} bytes")
        self._buffer += chunk
        return True


def decoded(value: bytes | msgspec.Raw, shape: type[_Shape], what: str) -> _Shape:
    """Return a part of the state in its shape; the error tells where, never what stands there."""
    try:
        return msgspec.json.decode(value, type=shape)
    except msgspec.ValidationError as error:
        raise SourceError(
            f"{what} in it has another shape than Terraform writes: {error}"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SourceError(f"{what} in it is not JSON: the file is damaged") from None
