"""One record: who, how, which things; and nothing that is secret."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.errors import SourceError
from scanner.events.channel import CHANNELS, channel
from scanner.events.makes import makes, names
from scanner.events.record import as_event, from_columns
from tests.events.records import ACCOUNT, assumed, record, root

PLANTED = "PLANTED"
CONSOLE_AGENT = "AWS Internal"
TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36"
)
CFN = {
    "sourceIPAddress": "cloudformation.amazonaws.com",
    "userAgent": "cloudformation.amazonaws.com",
}


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("sdk", {}),
        ("cli", {"userAgent": "aws-cli/2.31.0 md/awscrt#0.27 ua/2.1 os/macos lang/python#3.13"}),
        ("terraform", {"userAgent": TERRAFORM}),
        ("opentofu", {"userAgent": "APN/1.0 OpenTofu/1.10 terraform-provider-aws/5.100.0"}),
        ("console", {"sessionCredentialFromConsole": "true"}),
        ("console", {"userAgent": CONSOLE_AGENT}),
        ("cloudformation", CFN),
        ("cdk", {**CFN, "userIdentity": assumed("cdk-hnb659fds-cfn-exec-role-1-x", "AWS")}),
        ("service", {"userIdentity": {**assumed("a", "a"), "invokedBy": "elb.amazonaws.com"}}),
        ("service", {"userIdentity": {"type": "AWSService", "invokedBy": "config.amazonaws.com"}}),
        ("service", {"eventType": "AwsServiceEvent"}),
        ("root", {"userIdentity": root(), "userAgent": "aws-cli/2.31.0"}),
        ("unknown", {"userAgent": "curl/8"}),
    ],
)  # fmt: skip
def test_channel_is_told_right(expected: str, changes: dict[str, Any]) -> None:
    assert channel(record(**changes)) == expected
    assert expected in CHANNELS


def test_a_row_says_who_when_from_where_and_what() -> None:
    made = record(
        userIdentity=assumed("admin", "eve", sourceIdentity="eve@example.com"),
        requestParameters={"queueName": "jobs", "attributes": {"Policy": "x" * 600}},
        responseElements={"queueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs"},
    )
    row = as_event(made, "file:///x")
    assert row is not None
    assert row["principal"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/eve"
    assert row["session_issuer"] == f"arn:aws:iam::{ACCOUNT}:role/admin"
    assert row["source_identity"] == "eve@example.com"
    assert row["source_ip"] == "203.0.113.7"
    assert row["makes"] == ["AWS::SQS::Queue"]
    assert row["keys"] == [f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs", "jobs"]


def test_secrets_of_a_request_are_not_kept() -> None:
    made = record(
        "CreateAccessKey", "iam",
        requestParameters={"userName": "robot", "password": PLANTED, "secret": {"name": PLANTED}},
        responseElements={"accessKey": {"accessKeyId": "AKIAX", "secretAccessKey": PLANTED}},
    )  # fmt: skip
    row = as_event(made, "x")
    assert row is not None
    assert PLANTED not in str(row)
    assert "robot" in row["keys"]


def test_reading_and_data_events_are_no_rows() -> None:
    assert as_event(record(readOnly=True), "x") is None
    assert as_event(record(readOnly="true"), "x") is None
    assert as_event(record(eventCategory="Data"), "x") is None


def test_what_is_no_record_is_named() -> None:
    with pytest.raises(SourceError, match="without eventTime"):
        as_event({"hello": "world"}, "x")


def test_athena_columns_become_a_record() -> None:
    row = {
        "eventid": "1", "eventtime": "2026-11-20T10:00:00Z", "eventsource": "sqs.amazonaws.com",
        "eventname": "CreateQueue", "awsregion": "us-east-1", "recipientaccountid": ACCOUNT,
        "useridentity": {"type": "AssumedRole", "arn": "arn:x", "sessioncontext": {
            "sessionissuer": {"arn": "arn:aws:iam::1:role/a"}}},
        "requestparameters": '{"queueName": "jobs"}', "readonly": "false",
    }  # fmt: skip
    event = as_event(from_columns(row), "x")
    assert event is not None
    assert event["session_issuer"] == "arn:aws:iam::1:role/a"
    assert event["keys"] == ["jobs"]


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("ec2", "CreateSecurityGroup", "AWS::EC2::SecurityGroup"),
        ("lambda", "CreateFunction20150331", "AWS::Lambda::Function"),
        ("monitoring", "PutMetricAlarm", "AWS::CloudWatch::Alarm"),
        ("iam", "AttachRolePolicy", "Ext::IAM::RolePolicyAttachment"),
        ("elasticloadbalancing", "CreateTargetGroup", "AWS::ElasticLoadBalancingV2::TargetGroup"),
        ("rds", "RestoreDBInstanceFromDBSnapshot", "AWS::RDS::DBInstance"),
    ],
)
def test_what_an_event_makes_is_worked_out_from_its_name(
    source: str, name: str, expected: str
) -> None:
    assert expected in makes(f"{source}.amazonaws.com", name)


def test_deleting_and_tagging_make_nothing() -> None:
    assert makes("ec2.amazonaws.com", "DeleteVolume") == ()
    assert makes("ec2.amazonaws.com", "CreateTags") == ()


def test_names_speak_of_what_the_catalog_has() -> None:
    from scanner import catalog

    entries = catalog.load().entries
    assert set(names().operations) <= set(entries)
    assert set(names().sources) <= {entry.service for entry in entries.values()}
