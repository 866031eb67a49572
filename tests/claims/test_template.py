"""What a template's properties say once its stack's values are filled in."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.claims.template import UNKNOWN, Values
from scanner.claims.template_text import parse

TEMPLATE = {
    "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    "Mappings": {"Nets": {"prod": {"cidr": "10.1.0.0/16"}}},
    "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}},
}
VALUES = Values(
    template=TEMPLATE,
    parameters={"Stage": "prod"},
    physical_ids={"Vpc": "vpc-1", "Child": "arn:child"},
    pseudo={"AWS::Region": "us-east-1"},
    exports={"shared-group": "sg-9"},
    outputs={"arn:child": {"Group": "sg-7"}},
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"Ref": "Stage"}, "prod"),
        ({"Ref": "Vpc"}, "vpc-1"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Nobody"}, UNKNOWN),
        ({"Fn::GetAtt": ["Vpc", "CidrBlock"]}, "10.0.0.0/16"),
        ({"Fn::GetAtt": "Child.Outputs.Group"}, "sg-7"),
        ({"Fn::Sub": "a-${Stage}-${AWS::Region}-${!literal}"}, "a-prod-us-east-1-${literal}"),
        ({"Fn::Sub": ["${x}", {"x": {"Ref": "Stage"}}]}, "prod"),
        ({"Fn::Sub": "${Nobody}"}, UNKNOWN),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}]]}, "a-prod"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::FindInMap": ["Nets", {"Ref": "Stage"}, "cidr"]}, "10.1.0.0/16"),
        ({"Fn::If": ["IsProd", "yes", "no"]}, "yes"),
        ({"Fn::If": ["NoSuchCondition", "yes", "no"]}, UNKNOWN),
        ({"Fn::ImportValue": "shared-group"}, "sg-9"),
        ({"Fn::Base64": "x"}, UNKNOWN),
        (["a", {"Ref": "AWS::NoValue"}], ["a"]),
        ({"plain": {"Ref": "Stage"}}, {"plain": "prod"}),
    ],
)
def test_value_is_worked_out(said: Any, meant: Any) -> None:
    assert VALUES.resolve(said) == meant


def test_short_tags_of_yaml_are_read() -> None:
    properties = "{A: !Ref Stage, B: !GetAtt Vpc.CidrBlock, C: !Sub '${Stage}-x'}"
    body = f"Resources:\n  Web:\n    Properties: {properties}\n"
    values = Values(parse(body), {"Stage": "prod"}, {}, {})
    assert values.properties("Web") == {"A": "prod", "B": UNKNOWN, "C": "prod-x"}


@pytest.mark.parametrize("body", ["[1, 2]", "{", "a: [", 7])
def test_what_is_no_template_is_said(body: Any) -> None:
    with pytest.raises(ValueError, match="template"):
        parse(body)


def test_references_in_a_circle_end() -> None:
    circle = {"Resources": {"A": {"Properties": {"X": {"Fn::GetAtt": ["A", "X"]}}}}}
    assert Values(circle, {}, {}, {}).properties("A") == {"X": UNKNOWN}
