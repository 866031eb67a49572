"""The lint holds over the whole catalog, and catches each kind of mistake."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from scanner import catalog
from scanner.catalog import Catalog
from scanner.catalog.language import Entry, OwnedRule
from scanner.catalog.lint import Names, lint
from tests.catalog.models import BotocoreModels

HERE = Path(__file__).parent
MADE_UP = {"AWS::EC2::Image", "AWS::EC2::Snapshot"}
"""Types that neither CloudFormation nor AWS Config knows; formed as if they did."""


def names() -> Names:
    def read(name: str) -> set[str]:
        return set((HERE / f"{name}_types.txt").read_text("utf-8").split())

    known = read("cloudformation") | read("config") | MADE_UP
    return Names(read("terraform"), known, read("later"))


def test_the_whole_catalog_is_without_problems() -> None:
    problems = lint(catalog.load(), BotocoreModels(), names())
    assert not problems, "\n".join(f"{each.where}: {each.what}" for each in problems)


GOOD = """
type: AWS::EC2::Volume
table: aws_ebs_volume
service: ec2
terraform: [aws_ebs_volume]
list: {op: DescribeVolumes, items: "Volumes[]"}
key: {id: VolumeId, created: CreateTime, tags: Tags}
arn: "arn:{_partition}:ec2:{_region}:{_account}:volume/{VolumeId}"
why: >-
  For the test. A reason that is as long as this one, and stands at two entries, was copied from the
  one to the other without a look at it.
source: https://docs.aws.amazon.com/
"""

QUEUES = """
type: AWS::SQS::Queue
table: aws_sqs_queue
service: sqs
list: {op: ListQueues, items: "QueueUrls[]"}
describe:
  - op: GetQueueAttributes
    bind: {QueueUrl: _item}
    params: {AttributeNames: [All]}
    at: Attributes
key: {id: _item, arn: QueueArn}
why: For the test of describe.
source: https://docs.aws.amazon.com/
"""

RULE: dict[str, Any] = {
    "rule": "T1", "type": "AWS::EC2::Volume", "verdict": "derived", "because": "for the test",
    "source": "ec2.DescribeVolumes:Volumes[].VolumeId",
    "owner": {"type": "AWS::EC2::Volume", "at": "Attachments[].VolumeId"},
}  # fmt: skip


def entry(text: str, **changes: Any) -> Entry:
    return msgspec.convert({**yaml.safe_load(text), **changes}, Entry)


def of(*entries: Entry, rules: tuple[dict[str, Any], ...] = ()) -> Catalog:
    empty = Catalog({}, {}, {}, {}, {}, {})
    made = [msgspec.convert(rule, OwnedRule) for rule in rules]
    return replace(
        empty,
        entries={each.type: each for each in entries},
        rules={"AWS::EC2::Volume": tuple(made)} if made else {},
    )


def found(*entries: Entry, rules: tuple[dict[str, Any], ...] = ()) -> str:
    problems = lint(of(*entries, rules=rules), BotocoreModels(), names())
    return "\n".join(problem.what for problem in problems)


def test_good_entries_and_rules_have_no_problem() -> None:
    assert found(entry(GOOD), entry(QUEUES), rules=(RULE,)) == ""


LIST = {"op": "DescribeVolumes", "items": "Volumes[]"}
KEY = {"id": "VolumeId"}
LINK = {"kind": "uses", "to": "AWS::EC2::Volume", "at": "VolumeId"}

ENTRY_MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "service": ({"service": "ec3"}, "ec3 has no operation DescribeVolumes"),
    "operation": ({"list": {**LIST, "op": "ListVolumes"}}, "ec2 has no operation ListVolumes"),
    "parameter": ({"list": {**LIST, "params": {"Volumes": []}}}, "has no input Volumes"),
    "bound name": ({"list": {**LIST, "bind": {"Volume": "_region"}}}, "has no input Volume"),
    "bound expression": ({"list": {**LIST, "bind": {"VolumeIds": "Id"}}}, "there is no Id"),
    "parameter's type": (
        {"list": {**LIST, "params": {"MaxResults": "9"}}},
        "DescribeVolumes.MaxResults is a integer",
    ),
    "parameter's member": (
        {"list": {**LIST, "params": {"Filters": [{"Key": "x"}]}}},
        "DescribeVolumes.Filters has no member Key",
    ),
    "required input": (
        {"list": {"op": "DescribeVolumeAttribute", "items": "ProductCodes[]"}},
        "DescribeVolumeAttribute requires VolumeId, and nothing gives it",
    ),
    "enum value": (
        {
            "list": {
                "op": "DescribeVolumeAttribute", "items": "ProductCodes[]",
                "params": {"VolumeId": "vol-1", "Attribute": "all"},
            }
        },
        "DescribeVolumeAttribute.Attribute is one of autoEnableIO, productCodes, not 'all'",
    ),
    "result path": ({"list": {**LIST, "items": "Volume[]"}}, "there is no Volume among"),
    "result that is no list": ({"list": {**LIST, "items": "NextToken[]"}}, "is no list"),
    "list with no place": ({"list": {"items": "Volumes[]"}}, "either an operation or a place"),
    "key": ({"key": {"id": "VolumeID"}}, "'VolumeID': there is no VolumeID"),
    "nested key": ({"key": {**KEY, "name": "Tags[?key=='Name'].Value"}}, "there is no key"),
    "expression": ({"key": {"id": "VolumeId["}}, "is no expression"),
    "function": ({"key": {"id": "starts(VolumeId, 'v')"}}, "there is no function starts"),
    "negation": ({"key": {"id": "!Attachments[0].Device"}}, "! binds tighter"),
    "template": ({"arn": "arn:{Volume}"}, "'Volume': there is no Volume"),
    "broken template": ({"match": ["{VolumeId..x}"]}, "is no expression"),
    "tf_keys": ({"tf_keys": ["{arn..x}"]}, "is no expression"),
    "no ARN": ({"arn": None}, "nothing gives its ARN"),
    "table": ({"table": "ebs_volume"}, "does not begin with aws_"),
    "Terraform type": ({"terraform": ["aws_volume"]}, "Terraform has no type aws_volume"),
    "CloudFormation type": (
        {"cloudformation": ["AWS::EC2::Disk"]},
        "CloudFormation has no type AWS::EC2::Disk",
    ),
    "link's target": ({"links": [{**LINK, "to": "AWS::EC2::Disk"}]}, "no entry has the type"),
    "link's expression": ({"links": [{**LINK, "at": "Volumes"}]}, "there is no Volumes"),
    "link's condition": ({"links": [{**LINK, "when": "State.Name"}]}, "which is a string"),
    "containment": ({"links": [{**LINK, "kind": "contains"}]}, "not owned by it"),
    "why": ({"why": " "}, "why is blank"),
    "source": ({"source": None}, "source is no page"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", ENTRY_MISTAKES)
def test_a_mistake_in_an_entry_is_caught(mistake: str) -> None:
    changes, expected = ENTRY_MISTAKES[mistake]
    assert expected in found(entry(GOOD, **changes))


STEP = {"op": "GetQueueAttributes", "bind": {"QueueUrl": "_item"}, "at": "Attributes"}

STEP_MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "operation": ({**STEP, "op": "GetQueue"}, "sqs has no operation GetQueue"),
    "required input": ({**STEP, "bind": {}}, "requires QueueUrl"),
    "bound expression": ({**STEP, "bind": {"QueueUrl": "Url"}}, "there is no Url"),
    "place in the answer": ({**STEP, "at": "Attribute"}, "there is no Attribute"),
    "condition": ({**STEP, "when": "a ="}, "no expression"),
    "enum value in a list": (
        {**STEP, "params": {"AttributeNames": ["Everything"]}},
        "GetQueueAttributes.AttributeNames is one of",
    ),
}


@pytest.mark.parametrize("mistake", STEP_MISTAKES)
def test_a_mistake_in_a_describe_step_is_caught(mistake: str) -> None:
    step, expected = STEP_MISTAKES[mistake]
    assert expected in found(entry(QUEUES, describe=[step]))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (None, "ListWebACLs answers NextMarker, botocore cannot page it, and page is not given"),
        ({"in": "Marker", "out": "NextMarker"}, "ListWebACLs has no input Marker"),
        ({"in": "NextMarker", "out": "Marker"}, "there is no Marker"),
    ],
)
def test_a_list_that_would_be_cut_short_is_caught(
    page: dict[str, str] | None, expected: str
) -> None:
    call = {
        "op": "ListWebACLs",
        "params": {"Scope": "REGIONAL"},
        "items": "WebACLs[]",
        "page": page,
    }
    assert expected in found(entry(GOOD, service="wafv2", list=call, key={"id": "Id"}))


RULE_MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"type": "AWS::EC2::Disk"}, "no entry has the type AWS::EC2::Disk"),
    "condition": ({"when": "Stat"}, "there is no Stat"),
    "broken condition": ({"when": "State =="}, "is no expression"),
    "owner's type": ({"owner": {"type": "AWS::X", "at": "VolumeId"}}, "no entry has the type"),
    "owner's expression": ({"owner": {**RULE["owner"], "at": "Owner"}}, "there is no Owner"),
    "end": ({"owner": {"to": "AWS::EC2::Volume"}}, "an end is a type and an expression"),
    "no end": ({"owner": {}}, "0 ends"),
    "an end too many": ({"verdict": "default"}, "1 ends"),
    "because": ({"because": ""}, "because is blank"),
    "source": ({"source": "somewhere"}, "is neither a page nor an operation"),
    "source's operation": ({"source": "ec2.ListVolumes:Volumes"}, "neither a page nor"),
    "source's path": ({"source": "ec2.DescribeVolumes:Volumes[].Id"}, "there is no Id"),
    "unless_source": ({"unless_source": "pulumi"}, "there is no source pulumi"),
}


@pytest.mark.parametrize("mistake", RULE_MISTAKES)
def test_a_mistake_in_a_rule_is_caught(mistake: str) -> None:
    changes, expected = RULE_MISTAKES[mistake]
    assert expected in found(entry(GOOD), rules=({**RULE, **changes},))


def test_what_stands_twice_is_caught() -> None:
    other = entry(GOOD, type="Ext::EC2::Disk")
    problems = found(entry(GOOD), other, rules=(RULE, RULE))
    assert "table aws_ebs_volume stands 2 times" in problems
    assert "Terraform type aws_ebs_volume stands 2 times" in problems
    assert "without a look at it. stands 2 times" in problems
    assert "rule T1 of AWS::EC2::Volume" in problems


def test_a_rule_id_with_and_without_a_limit_is_caught() -> None:
    limited = {**RULE, "when": "Encrypted", "unless_source": "terraform"}
    assert "unless_source of rule T1" in found(entry(GOOD), rules=(RULE, limited))
