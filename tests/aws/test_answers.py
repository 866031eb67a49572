"""What is no answer of AWS is an error, never a list of nothing."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.parsers import PROTOCOL_PARSERS, ResponseParserError

from scanner.answers import Answers
from scanner.transport import as_moment
from tests.aws.test_xml_answers import operations, responses
from tests.aws.test_xml_parsers import output_shape, response
from tests.aws.xml_outcomes import plain

LISTED = {
    "ec2": "ec2 DescribeVpcs",
    "query": "sns ListTopics",
    "rest-xml": "route53 ListHostedZones",
    "json": "sqs ListQueues",
    "rest-json": "lambda ListFunctions",
    "smithy-rpc-v2-cbor": "cloudwatch ListDashboards",
}
PAGE = b"<html><head><title>Hotel</title></head><body>Please log in</body></html>"
NO_ANSWERS = {
    "a web page": PAGE,
    "a web page with a type": b"<!DOCTYPE html>" + PAGE,
    "nothing": b"",
    "an error": b"<Error><Code>InternalError</Code><Message>again</Message></Error>",
    "a service's error": b"<ErrorResponse xmlns='http://x/'><Error/></ErrorResponse>",
    "EC2's error": b"<Response><Errors><Error/></Errors></Response>",
    "half a document": b'{"Queues": ["se',
    "null": b"null",
    "a list": b"[1, 2]",
    "no UTF-8": b'{"QueueUrls": ["\xe9"]}',
    "a bomb": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
}


def read(protocol: str, body: bytes, status: int = 200) -> Any:
    parser: Any = Answers(as_moment).create_parser(protocol)
    return parser.parse(response(body, status), output_shape(LISTED[protocol]))


@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS)
@pytest.mark.parametrize("protocol", PROTOCOL_PARSERS)
def test_what_is_no_answer_is_refused(protocol: str, body: bytes) -> None:
    with pytest.raises(ResponseParserError, match="no answer of AWS"):
        read(protocol, body)


@pytest.mark.parametrize("protocol", ["json", "ec2"])
def test_refusal_tells_what_a_web_page_says_and_nothing_of_half_an_answer(protocol: str) -> None:
    with pytest.raises(ResponseParserError, match=r"Hotel Please log in$"):
        read(protocol, PAGE)
    with pytest.raises(ResponseParserError) as told:
        read(protocol, b'{"Functions": [{"Environment": "hunter2"')
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("protocol", PROTOCOL_PARSERS)
def test_page_that_comes_as_an_error_stays_one(protocol: str) -> None:
    assert read(protocol, PAGE, 503)["Error"]["Code"] == "503"


@pytest.mark.parametrize(("protocol", "body"), [("json", b"{}"), ("rest-xml", b"<ListX/>")])
def test_empty_list_is_one(protocol: str, body: bytes) -> None:
    assert read(protocol, body).keys() == {"ResponseMetadata"}


def test_answer_without_a_list_may_have_no_body() -> None:
    parser: Any = Answers(as_moment).create_parser("rest-xml")
    assert parser.parse(response(b""), output_shape("s3 PutObject"))["ResponseMetadata"]


@pytest.mark.parametrize("protocol", ["ec2", "query", "rest-xml"])
def test_answers_are_those_of_botocore(protocol: str) -> None:
    ours: Any = Answers(as_moment).create_parser(protocol)
    theirs = plain(protocol)
    for operation in list(operations(protocol))[::20]:
        [given, *_] = responses(operation, [{"items": 1}])
        assert ours.parse(given, operation.output_shape) == theirs.parse(
            given, operation.output_shape
        )
