"""The parsers that clients are given: errors, streams, moments, and the answers of an emulator."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.parsers import ResponseParserError, create_parser
from botocore.utils import parse_timestamp

from scanner.aws import Aws
from scanner.errors import CallError
from scanner.places import Grant, Place
from scanner.transport import as_moment
from scanner.xml_answers import Parsers, Readers
from tests.aws.test_xml_answers import operations, responses
from tests.aws.xml_outcomes import XML, outcome, plain
from tests.catalog.models import service
from tests.world import World

ERROR = "<Code>NoSuchThing</Code><Message>it &lt;is&gt; gone</Message>"
ERRORS = {
    "ec2": f"<Response><Errors><Error>{ERROR}</Error></Errors><RequestID>1</RequestID></Response>",
    "query": f'<ErrorResponse xmlns="http://x/"><Error>{ERROR}</Error><RequestId>1</RequestId>'
    "</ErrorResponse>",
    "rest-xml": f"<Error>{ERROR}<HostId>2</HostId></Error>",
}
LISTED = {"ec2": "ec2 DescribeVpcs", "query": "iam ListRoles", "rest-xml": "s3 ListBuckets"}


def output_shape(called: str) -> Any:
    name, operation = called.split()
    model = service(name)
    assert model is not None
    return model.operation_model(operation).output_shape


def response(body: bytes, status: int = 200) -> dict[str, Any]:
    return {"status_code": status, "headers": {"x-amz-request-id": "1"}, "body": body}


@pytest.mark.parametrize("protocol", XML)
@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_errors_are_those_of_botocore(protocol: str, status: int) -> None:
    shape = output_shape(LISTED[protocol])
    refused = [response(body, status) for body in (ERRORS[protocol].encode(), b"<html>")]
    ours, theirs = Parsers(parse_timestamp), create_parser(protocol)
    for each in refused:
        assert outcome(ours.create_parser(protocol), each, shape) == outcome(theirs, each, shape)


@pytest.mark.parametrize("body", [b"", b"<cut><off>", b"no XML", b"<a>\x00</a>", b"<a>\xff</a>"])
@pytest.mark.parametrize("protocol", XML)
def test_what_is_no_xml_is_refused_with_botocores_words(protocol: str, body: bytes) -> None:
    shape = output_shape(LISTED[protocol])
    ours = outcome(Parsers(parse_timestamp).create_parser(protocol), response(body), shape)
    assert ours == outcome(create_parser(protocol), response(body), shape)
    assert protocol == "rest-xml" or body == b"" or ours[0] is ResponseParserError


@pytest.mark.parametrize("protocol", XML)
def test_moments_are_those_of_botocores_own_calendar(protocol: str) -> None:
    quick, same = (Parsers(parse).create_parser(protocol) for parse in (as_moment, parse_timestamp))
    theirs = create_parser(protocol)
    for operation in list(operations(protocol))[::7]:
        [given, *_] = responses(operation, [{"items": 1}])
        expected = theirs.parse(given, operation.output_shape)
        assert quick.parse(given, operation.output_shape) == expected
        assert outcome(same, given, operation.output_shape) == outcome(
            theirs, given, operation.output_shape
        )


def test_botocore_is_not_asked_about_answers_of_ec2() -> None:
    def refuse(shape: Any, node: Any) -> Any:
        raise AssertionError(f"{shape} was left to botocore")

    asked, parser = plain("ec2"), plain("ec2")
    asked._parse_shape = refuse
    parser._parse_shape = Readers(asked).read
    for operation in operations("ec2"):
        [given, *_] = responses(operation, [{"items": 1, "strange": 0.05}])
        assert "ResponseMetadata" in parser.parse(given, operation.output_shape)


def test_stream_is_handed_on_unread() -> None:
    body: Any = object()
    parser = Parsers(as_moment).create_parser("rest-xml")
    found = parser.parse(response(body), output_shape("s3 GetObject"))
    assert found["Body"] is body


def test_protocol_has_one_parser_and_every_factory_its_own() -> None:
    one, two = Parsers(as_moment), Parsers(as_moment)
    assert one.create_parser("ec2") is one.create_parser("ec2")
    assert one.create_parser("ec2") is not two.create_parser("ec2")
    assert type(one.create_parser("json")) is type(create_parser("json"))


def test_parsed_answers_share_nothing_that_a_handler_may_change() -> None:
    parser = Parsers(as_moment).create_parser("ec2")
    empty = response(b"<r><vpcSet><item><tagSet/></item></vpcSet></r>")
    first, second = (parser.parse(empty, output_shape("ec2 DescribeVpcs")) for _ in range(2))
    first["Vpcs"][0]["Tags"].append("changed")
    assert second["Vpcs"] == [{"Tags": []}]


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("s3", "ListBuckets", {}),
    ("s3", "GetBucketLocation", {"Bucket": "parsed"}),
    ("s3", "GetBucketAcl", {"Bucket": "parsed"}),
    ("s3", "GetBucketTagging", {"Bucket": "parsed"}),
    ("s3", "GetBucketPolicy", {"Bucket": "parsed"}),
    ("s3", "GetBucketVersioning", {"Bucket": "parsed"}),
    ("s3", "ListObjectsV2", {"Bucket": "parsed", "EncodingType": "url"}),
    ("s3", "HeadObject", {"Bucket": "parsed", "Key": "a b/<c>"}),
    ("ec2", "DescribeVpcs", {}),
    ("ec2", "DescribeSecurityGroups", {}),
    ("iam", "ListRoles", {}),
    ("iam", "GetAccountSummary", {}),
    ("sns", "GetTopicAttributes", {"TopicArn": "arn:aws:sns:eu-west-1:{account}:parsed"}),
    ("cloudformation", "DescribeStacks", {}),
]


@pytest.fixture
def furnished(world: World) -> World:
    """A world with a bucket, an object, a role and a topic, by names that XML has to escape."""
    s3 = world.client("s3", "eu-west-1")
    region = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="parsed", CreateBucketConfiguration=region)
    tags = [{"Key": "na&me", "Value": "<größe>"}]
    s3.put_bucket_tagging(Bucket="parsed", Tagging={"TagSet": tags})
    s3.put_bucket_policy(Bucket="parsed", Policy='{"Statement": []}')
    s3.put_object(Bucket="parsed", Key="a b/<c>", Body=b"1", Metadata={"made": "by hand"})
    world.client("sns", "eu-west-1").create_topic(Name="parsed")
    world.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}", Description="<é>")
    return world


def test_clients_answer_what_clients_of_boto3_answer(furnished: World) -> None:
    aws = Aws()
    grant = Grant("scan", frozenset((name, operation) for name, operation, _ in CALLS))
    place = Place(furnished.account_id, "eu-west-1", aws.own_credentials(), grant)
    clients = {name: furnished.client(name, "eu-west-1") for name, _, _ in CALLS}
    for name, operation, params in CALLS:
        asked = {key: text.format(account=place.account_id) for key, text in params.items()}
        expected = clients[name]._make_api_call(operation, asked)
        found = aws.call(place, name, operation, asked)
        expected.pop("ResponseMetadata")
        assert found == expected
    with pytest.raises(CallError, match="NoSuchBucket"):
        aws.call(place, "s3", "GetBucketAcl", {"Bucket": "parsed-not"})
