"""XML that no service sends is read, or refused, as botocore does it.

Elements at random go through a model of all that shapes can be, and more than any service has.
"""

from __future__ import annotations

import pytest
from botocore.model import ShapeResolver
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aws.xml_outcomes import OURS, TURNS, XML, outcome, plain

ODD = {
    "Text": {"type": "string"}, "Flag": {"type": "boolean"}, "Count": {"type": "integer"},
    "Size": {"type": "double"}, "Time": {"type": "timestamp"}, "Bytes": {"type": "blob"},
    "Other": {"type": "bigdecimal"},
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Lists": {"type": "list", "member": {"shape": "Texts"}},
    "Flat": {"type": "list", "flattened": True,
             "member": {"shape": "Text", "locationName": "each"}},
    "FlatLists": {"type": "list", "member": {"shape": "Flat"}},
    "Answers": {"type": "list", "member": {"shape": "Answer"}},
    "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Answer"}},
    "Named": {"type": "map", "key": {"shape": "Text", "locationName": "k"},
              "value": {"shape": "Count", "locationName": "v"}},
    "FlatMap": {"type": "structure", "members": {
        "flat_map": {"shape": "Named", "flattened": True}, "answer": {"shape": "Answer"}}},
    "Union": {"type": "structure", "union": True, "members": {
        "text": {"shape": "Text"}, "answer": {"shape": "Answer"}}},
    "Twins": {"type": "structure", "members": {
        "text": {"shape": "Text", "locationName": "answer"}, "answer": {"shape": "Answer"}}},
    "Marked": {"type": "structure", "members": {
        "mark": {"shape": "Text", "locationName": "xsi:mark", "xmlAttribute": True},
        "answer": {"shape": "Answer"}}},
    "Failure": {"type": "structure", "exception": True, "members": {"text": {"shape": "Text"}}},
    "Answer": {"type": "structure", "members": {
        "text": {"shape": "Text"}, "flag": {"shape": "Flag"}, "other": {"shape": "Other"},
        "Count": {"shape": "Count", "locationName": "count"}, "size": {"shape": "Size"},
        "time": {"shape": "Time"}, "bytes": {"shape": "Bytes"}, "texts": {"shape": "Texts"},
        "lists": {"shape": "Lists"}, "each": {"shape": "Flat"}, "lines": {"shape": "FlatLists"},
        "answers": {"shape": "Answers"}, "many": {"shape": "Answers", "flattened": True},
        "map": {"shape": "Map"}, "named": {"shape": "Named"}, "flats": {"shape": "FlatMap"},
        "union": {"shape": "Union"}, "twins": {"shape": "Twins"}, "marked": {"shape": "Marked"},
        "failure": {"shape": "Failure"}, "answer": {"shape": "Answer"},
        "header": {"shape": "Text", "location": "header"},
        "event": {"shape": "Text", "eventheader": True},
        "asked": {"shape": "Text", "location": "uri"}}},
}  # fmt: skip
SHAPE = ShapeResolver(ODD).get_shape_by_name("Answer")
NAMES = "answer answers count each flag lists many size strange text texts time twins".split()
RARE = "bytes Error event failure flats header lines map marked named other union".split()
TAGS = [*NAMES * 6, *RARE, *"entry key value k v Errors ErrorResponse asked".split()]
TEXTS = ["", "true", "1", "-1.5", "inf", "1e999", "2026-01-02T03:04:05Z", "eA==", " a\n", "&lt;ü"]
ATTRIBUTES = ["", "", ' xmlns="http://one/"', ' xmlns="http://two/"',
              ' xmlns:xsi="http://three/" xsi:mark="1"', ' mark="1"']  # fmt: skip
GOOD = {"count": "7", "v": "7", "size": "-1.5", "time": "2026-01-02T03:04:05Z", "bytes": "eA=="}


def element(tag: str, attributes: str, texts: tuple[int, str], children: list[str]) -> str:
    turn, text = texts
    good = text if turn == 0 else GOOD.get(tag, text)
    return f"<{tag}{attributes}>{good}{text.join(children)}</{tag}>"


def elements(children: st.SearchStrategy[list[str]]) -> st.SearchStrategy[str]:
    texts = st.tuples(st.integers(0, 20), st.sampled_from(TEXTS))
    return st.builds(element, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), texts, children)


TREES = st.recursive(
    elements(st.just([])), lambda inner: elements(st.lists(inner, max_size=6)), max_leaves=40
)
ODDITIES = [
    "<named><entry><v>1</v><k>2</k></entry><entry><k>3</k><v>4</v></entry></named>",
    "<named><entry><k>1</k><v>1</v></entry><entry><k>2</k></entry></named>",
    "<named><entry><k>1</k><strange>2</strange></entry></named>",
    "<named><entry><k>1</k><k>2</k></entry></named>",
    "<flats><flat_map><k>one</k><v>1</v></flat_map></flats>",
    "<flats><flat_map><k>one</k><v>1</v></flat_map><flat_map><k>two</k><v>2</v></flat_map></flats>",
    "<failure><Errors><Error><text>one</text></Error></Errors></failure>",
    "<lines><each>one</each><each>two</each></lines>",
    "<texts><each>one</each></texts><texts><each>two</each></texts>",
]


@pytest.mark.parametrize("protocol", XML)
@pytest.mark.parametrize("body", ODDITIES)
def test_odd_elements_are_read_as_botocore_reads_them(body: str, protocol: str) -> None:
    assert_same(f"<r>{body}</r>", protocol)


def test_shapes_of_what_is_not_there_are_not_looked_into() -> None:
    shape = ShapeResolver(ODD).get_shape_by_name("Answer")
    response = {"status_code": 200, "headers": {}, "body": b"<r><answers/></r>"}
    found = OURS.create_parser("query").parse(response, shape)
    assert found["answers"] == []
    assert "member" not in vars(shape.members["answers"])  # where botocore keeps it once resolved


@settings(max_examples=200 * TURNS)
@given(TREES, st.sampled_from(XML))
def test_any_elements_are_read_as_botocore_reads_them(body: str, protocol: str) -> None:
    assert_same(body, protocol)


def assert_same(body: str, protocol: str) -> None:
    response = {"status_code": 200, "headers": {"header": "told"}, "body": body.encode()}
    ours = outcome(OURS.create_parser(protocol), response, SHAPE)
    assert ours == outcome(plain(protocol), response, SHAPE)
