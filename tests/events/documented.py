"""Records and an answer as AWS's own pages show them.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html. What
version 1.0 of a record lacked (eventID, recipientAccountId) is added.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

ACCOUNT = "123456789012"
ALICE = {
    "type": "IAMUser", "principalId": "EX_PRINCIPAL_ID", "userName": "Alice",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/Alice", "accountId": ACCOUNT,
    "accessKeyId": "EXAMPLE_KEY_ID",
}  # fmt: skip
CLI = "aws-cli/1.3.2 Python/2.7.5 Windows/7"


def _record(name: str, source: str, agent: str, **more: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.0", "userIdentity": ALICE, "eventSource": f"{source}.amazonaws.com",
        "eventName": name, "awsRegion": "us-east-2", "userAgent": agent,
        "sourceIPAddress": "127.0.0.1", "responseElements": None,
        "eventID": str(uuid5(NAMESPACE_URL, name)), "recipientAccountId": ACCOUNT, **more,
    }  # fmt: skip


RECORDS = [
    _record(
        "CreateKeyPair", "ec2",
        "EC2ConsoleBackend, aws-sdk-java/Linux/x.xx.fleetxen Java_HotSpot(TM)_64-Bit_Server_VM/xx",
        eventTime="2014-03-06T17:10:34Z", requestParameters={"keyName": "mykeypair"},
        responseElements={
            "keyName": "mykeypair", "keyMaterial": "<sensitiveDataRemoved>",
            "keyFingerprint": "30:1d:46:d0:5b:ad:7e:1b:b6:70:62:8b:ff:38:b5:e9:ab:5d:b8:21",
        },
    ),
    _record(
        "CreateUser", "iam", CLI, eventTime="2014-03-24T21:11:59Z",
        requestParameters={"userName": "Bob"},
        responseElements={"user": {
            "createDate": "Mar 24, 2014 9:11:59 PM", "userName": "Bob", "path": "/",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/Bob", "userId": "EXAMPLEUSERID",
        }},
    ),
    _record(
        "AddUserToGroup", "iam", "AWSConsole", eventTime="2014-03-25T21:08:14Z",
        requestParameters={"userName": "Bob", "groupName": "admin"},
    ),
    _record(
        "CreateRole", "iam", CLI, eventTime="2014-03-25T20:17:37Z",
        requestParameters={"roleName": "TestRole", "assumeRolePolicyDocument": "{}"},
        responseElements={"role": {
            "roleName": "TestRole", "roleId": "AROAIUU2EOWSWPGX2UJUO", "path": "/",
            "arn": f"arn:aws:iam::{ACCOUNT}:role/TestRole",
        }},
    ),
    _record(
        "UpdateTrail", "cloudtrail", "aws-cli/1.10.32 Python/2.7.9 Windows/7 botocore/1.4.22",
        eventVersion="1.04", eventTime="2016-07-14T19:15:45Z", eventType="AwsApiCall",
        sourceIPAddress="205.251.233.182", errorCode="TrailNotFoundException",
        errorMessage=f"Unknown trail: myTrail2 for the user: {ACCOUNT}",
        requestParameters={"name": "myTrail2"},
        eventID="b7d4398e-b2f0-4faa-9c76-e2d316a8d67f",
    ),
]  # fmt: skip

_LOGIN = {
    "eventVersion": "1.02",
    "userIdentity": {
        "type": "Root", "principalId": "111122223333", "accountId": "111122223333",
        "arn": "arn:aws:iam::111122223333:root",
    },
    "eventTime": "2015-02-20T23:55:29Z", "eventSource": "signin.amazonaws.com",
    "eventName": "ConsoleLogin", "awsRegion": "us-east-2", "sourceIPAddress": "203.0.113.4",
    "userAgent": "Mozilla/5.0", "requestParameters": None,
    "responseElements": {"ConsoleLogin": "Success"},
    "additionalEventData": {
        "MobileVersion": "No", "MFAUsed": "No",
        "LoginTo": "https://console.aws.amazon.com/console/home",
    },
    "eventID": "0ebbaee4-6e67-431d-8225-ba0d81df5972", "eventType": "AwsApiCall",
    "recipientAccountId": "111122223333",
}  # fmt: skip
ANSWER = {
    "Events": [
        {
            "EventId": "0ebbaee4-6e67-431d-8225-ba0d81df5972", "Username": "root",
            "EventTime": 1424476529.0, "CloudTrailEvent": json.dumps(_LOGIN),
            "EventName": "ConsoleLogin", "Resources": [],
        }
    ]
}  # fmt: skip
"""What `aws cloudtrail lookup-events` answers."""
