"""`strays alarm`: an EventBridge rule that fires at once on writes outside the pipeline.

The rule matches what `write_outside_pipeline` would find the next night: API calls that CloudTrail
delivers, that write, and that come from none of the pipeline's roles nor from an AWS service. It is
regional, and CloudTrail must run there with management events
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html); IAM's
events are in us-east-1 only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scanner.actions import hcl
from scanner.actions.files import write_texts
from scanner.actions.hcl import Block, Encoded, Raw
from scanner.config import Config
from scanner.errors import UsageError

NAME = "strays-write-outside-pipeline"
_ABOUT = "Writes outside the pipeline (written by strays alarm)"


def pattern(config: Config) -> dict[str, Any]:
    """Return the event pattern; raises `UsageError` where no pipeline is configured.

    Break-glass roles fire too: whether a window is open is for people to say.
    """
    if not config.pipeline.roles:
        raise UsageError("configure [pipeline] roles first: who may write, so that others may not")
    strangers = [{"anything-but": {"wildcard": list(config.pipeline.roles)}}]
    issuer = "sessionIssuer"
    return {
        "source": [{"prefix": "aws."}],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "readOnly": [False],
            "errorCode": [{"exists": False}],
            "userIdentity": {
                "invokedBy": [{"exists": False}],
                "$or": [
                    {"sessionContext": {issuer: {"arn": strangers}}},
                    {"sessionContext": {issuer: {"arn": [{"exists": False}]}}},
                ],
            },
        },
    }


def template(config: Config) -> dict[str, Any]:
    """Return a CloudFormation template with the rule and the topic that it tells."""
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": {"Ref": "Topic"},
        "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]}}},
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": _ABOUT,
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": NAME}},
            "Rule": {
                "Type": "AWS::Events::Rule",
                "Properties": {
                    "Name": NAME,
                    "Description": _ABOUT,
                    "EventPattern": pattern(config),
                    "Targets": [{"Id": "topic", "Arn": {"Ref": "Topic"}}],
                },
            },
            "TopicPolicy": {
                "Type": "AWS::SNS::TopicPolicy",
                "Properties": {
                    "Topics": [{"Ref": "Topic"}],
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow]},
                },
            },
        },
        "Outputs": {"TopicArn": {"Value": {"Ref": "Topic"}}},
    }


def terraform(config: Config) -> str:
    """Return the same as Terraform; OpenTofu takes it too."""
    rule = {"name": NAME, "description": _ABOUT, "event_pattern": Encoded(pattern(config))}
    target = {
        "rule": Raw("aws_cloudwatch_event_rule.strays.name"),
        "arn": Raw("aws_sns_topic.strays.arn"),
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": Raw("aws_sns_topic.strays.arn"),
        "Condition": {"ArnEquals": {"aws:SourceArn": Raw("aws_cloudwatch_event_rule.strays.arn")}},
    }
    policy = {
        "arn": Raw("aws_sns_topic.strays.arn"),
        "policy": Encoded({"Version": "2012-10-17", "Statement": [statement]}),
    }
    made: list[tuple[str, dict[str, Any]]] = [
        ("aws_sns_topic", {"name": NAME}),
        ("aws_cloudwatch_event_rule", rule),
        ("aws_cloudwatch_event_target", target),
        ("aws_sns_topic_policy", policy),
    ]
    blocks = [hcl.write("resource", (kind, "strays"), Block(told)) for kind, told in made]
    return "# Written by `strays alarm`: one per region that has something to lose.\n\n" + (
        "\n\n".join(blocks) + "\n"
    )


def write_alarm(config: Config, folder: Path) -> list[Path]:
    """Write both forms into a folder and return the files; raises `ReportError`."""
    texts = {
        "alarm.template.json": json.dumps(template(config), indent=2) + "\n",
        "alarm.tf": terraform(config),
    }
    return write_texts(folder, texts)
