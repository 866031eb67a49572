"""The stream of a JSON object's members: what json reads, in pieces of any size."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.claims.json_stream import JsonStream
from scanner.errors import SourceError

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=15,
)


def stream(data: bytes, step: int = 1 << 20, depth: int = 200) -> JsonStream:
    pieces = (data[at : at + step] for at in range(0, len(data), step))
    return JsonStream(pieces, 1 << 20, depth)


@given(
    document=st.dictionaries(st.text(max_size=6), JSON, max_size=5),
    step=st.integers(1, 9),
    indent=st.sampled_from([None, 2]),
    plain=st.booleans(),
)
@settings(max_examples=300)
def test_members_are_those_that_json_reads(
    document: dict[str, Any], step: int, indent: int | None, plain: bool
) -> None:
    data = json.dumps(document, indent=indent, ensure_ascii=plain).encode()
    read = {name: json.loads(value) for name, value in stream(data, step).members()}
    assert read == document


@given(elements=st.lists(JSON, max_size=6), step=st.integers(1, 9))
@settings(max_examples=200)
def test_an_array_s_elements_come_one_by_one(elements: list[Any], step: int) -> None:
    data = json.dumps({"before": 1, "all": elements, "after": [1]}).encode()
    read = list(stream(data, step).members(("all",)))
    assert [json.loads(value) for name, value in read if name == "all"] == elements
    assert (read[0], read[-1]) == (("before", b"1"), ("after", b"[1]"))


def test_a_value_much_longer_than_a_piece_is_scanned_few_times() -> None:
    data = b'{"a": "' + b"x" * 900_000 + b'"}'
    assert [len(value) for _, value in stream(data, step=1000).members()] == [900_002]


@pytest.mark.parametrize(
    "data", [b'{"a" 1}', b'{"a": 1,}', b"{,}", b'{"a": [1}', b"{", b'{"a": tru', b"7"]
)
def test_what_is_no_object_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        list(stream(data).members(("a",)))
