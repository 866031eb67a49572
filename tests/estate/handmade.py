"""What the modules of hand-made things share."""

import json
from typing import Any

from .clients import HOME, PRODUCTION
from .expectation import Expectation

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }
)


def stray(
    resource_type: str,
    account: str,
    region: str,
    arn: str,
    why: str,
    *,
    resource_id: str = "",
    root: str | None = None,
) -> Expectation:
    name = resource_id or arn.rpartition(":")[2].rpartition("/")[2]
    return Expectation(resource_type, account, region, name, "unmanaged", why, arn=arn, root=root)


def tags(name: str) -> list[dict[str, Any]]:
    return [{"Key": "Name", "Value": name}]


def ec2_arn(noun: str, made: str, region: str = HOME, account: str = PRODUCTION) -> str:
    return f"arn:aws:ec2:{region}:{account}:{noun}/{made}"


def log_group(account: str, region: str, name: str) -> str:
    return f"arn:aws:logs:{region}:{account}:log-group:{name}"
