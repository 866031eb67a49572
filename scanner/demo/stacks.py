"""CloudFormation: a stack with a nested one, a plain one, and one that left a volume behind."""

import json
from typing import Any

from scanner.demo.world import Ledger, Site


def payments(site: Site, ledger: Ledger, bucket: str) -> None:
    """A stack whose nested stack's template lies in S3; a topic's name is left to AWS."""
    child = {
        "Resources": {
            "Table": _table("payments"),
            "Failures": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "payments-failed"}},
        }
    }
    site.client("s3").put_object(Bucket=bucket, Key="payments/data.json", Body=json.dumps(child))
    url = f"https://s3.amazonaws.com/{bucket}/payments/data.json"
    parent = {
        "Resources": {
            "Data": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}},
            "Events": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Payments"}},
            "Inbox": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "payments-inbox"}},
        }
    }
    topic = _create(site, "payments", parent)["Events"]
    _record_stacks(site, ledger)
    _expect(site, ledger, "AWS::SNS::Topic", topic)
    _expect(site, ledger, "AWS::SQS::Queue", site.arn("sqs", "payments-inbox"))
    _expect(site, ledger, "AWS::SQS::Queue", site.arn("sqs", "payments-failed"))
    _expect(site, ledger, "AWS::DynamoDB::Table", site.arn("dynamodb", "table/payments"))


def reporting(site: Site, ledger: Ledger) -> None:
    """A plain stack with a role, a bucket, a table and a security group in a subnetless VPC."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    template = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"RoleName": "reporting", "AssumeRolePolicyDocument": trust},
            },
            "Reports": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"BucketName": "acme-production-reports"},
            },
            "Table": _table("reports"),
            "Stream": {
                "Type": "AWS::Kinesis::Stream",
                "Properties": {"Name": "reports", "ShardCount": 1},
            },
        }
    }
    _create(site, "reporting", template)
    _record_stacks(site, ledger)
    everywhere = Site(site.account_id, "global", site.clients)
    _expect(everywhere, ledger, "AWS::IAM::Role", f"arn:aws:iam::{site.account_id}:role/reporting")
    _expect(site, ledger, "AWS::S3::Bucket", "arn:aws:s3:::acme-production-reports")
    _expect(site, ledger, "AWS::DynamoDB::Table", site.arn("dynamodb", "table/reports"))
    _expect(site, ledger, "AWS::Kinesis::Stream", site.arn("kinesis", "stream/reports"))


def retained(site: Site, ledger: Ledger) -> None:
    """A deleted stack that kept its volume: it still carries the stack's tags, and is a stray."""
    volume = {
        "Type": "AWS::EC2::Volume",
        "DeletionPolicy": "Retain",
        "Properties": {"AvailabilityZone": f"{site.region}a", "Size": 100},
    }
    made = _create(site, "old-cache", {"Resources": {"Cache": volume}})["Cache"]
    site.client("cloudformation").delete_stack(StackName="old-cache")
    arn = site.arn("ec2", f"volume/{made}")
    ledger.add(site, "AWS::EC2::Volume", arn, "unmanaged", story="retained by a deleted stack")


def _create(site: Site, name: str, template: dict[str, Any]) -> dict[str, str]:
    """Create a stack; returns logical id -> physical id."""
    cloudformation = site.client("cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    found = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}


def _record_stacks(site: Site, ledger: Ledger) -> None:
    found = site.client("cloudformation").describe_stacks()["Stacks"]
    ledger.stacks.extend(each["StackId"] for each in found)


def _expect(site: Site, ledger: Ledger, resource_type: str, arn: str) -> None:
    ledger.add(site, resource_type, arn, "managed", story="made by a CloudFormation stack")


def _table(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
    }
