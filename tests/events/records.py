"""CloudTrail records in the documented form, one small change at a time.

The form is that of
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html.
"""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import uuid4

ACCOUNT = "111122223333"


def record(name: str = "CreateQueue", source: str = "sqs", **more: Any) -> dict[str, Any]:
    """A write of an assumed role by the SDK for Python."""
    return {
        "eventVersion": "1.11",
        "userIdentity": assumed("deploy-app", "ci"),
        "eventTime": "2026-11-20T10:00:00Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux lang/python#3.11",
        "requestParameters": None,
        "responseElements": None,
        "requestID": str(uuid4()),
        "eventID": str(uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **more,
    }


def assumed(role: str, session: str, **context: Any) -> dict[str, Any]:
    """The identity of a role's session."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role", "principalId": "AROAEXAMPLE", "userName": role,
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "accountId": ACCOUNT,
            },
            "attributes": {"creationDate": "2026-11-20T09:59:00Z", "mfaAuthenticated": "false"},
            **context,
        },
    }  # fmt: skip


def root() -> dict[str, Any]:
    """The identity of the account's root user."""
    return {
        "type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
    }  # fmt: skip


def trail_file(*records: dict[str, Any]) -> bytes:
    """A file as a trail delivers it."""
    return gzip.compress(json.dumps({"Records": list(records)}).encode())


def key(prefix: str, day: str, account: str = ACCOUNT, region: str = "us-east-1") -> str:
    """The key of a trail file delivered at noon of a day (YYYY-MM-DD)."""
    plain = day.replace("-", "")
    name = f"{account}_CloudTrail_{region}_{plain}T1200Z_{uuid4().hex[:16]}.json.gz"
    return f"{prefix}AWSLogs/{account}/CloudTrail/{region}/{day.replace('-', '/')}/{name}"
