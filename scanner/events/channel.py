"""Through what a write came: console, command line, SDK, Terraform, a stack, a service, root.

Every field is the caller's word but for `userIdentity`, `invokedBy` and `eventType`, which AWS
writes; a user agent can be forged, so a channel is a hint about an honest caller and nothing more
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CHANNELS = (
    "root", "cloudformation", "cdk", "service", "console", "terraform", "opentofu", "pulumi",
    "cli", "sdk", "unknown",
)  # fmt: skip
_AGENTS = (
    ("opentofu", re.compile(r"OpenTofu/|terraform-provider-aws.*OpenTofu", re.IGNORECASE)),
    ("terraform", re.compile(r"HashiCorp/|Terraform/|terraform-provider-aws", re.IGNORECASE)),
    ("pulumi", re.compile(r"pulumi", re.IGNORECASE)),
    (
        "console",
        re.compile(r"console|signin\.amazonaws\.com|^AWS Internal$|S3Console", re.IGNORECASE),
    ),
    ("cli", re.compile(r"aws-cli/|aws-shell", re.IGNORECASE)),
    ("sdk", re.compile(r"aws-sdk|boto|smithy|sdk-", re.IGNORECASE)),
)
_CDK_ROLE = re.compile(
    r"[:/]cdk-[a-z0-9]+-(cfn-exec|deploy|file-publishing|image-publishing)-role-"
)
STACKS = "cloudformation.amazonaws.com"


def channel(record: Mapping[str, Any]) -> str:
    """Return the channel of a CloudTrail record, one of `CHANNELS`."""
    identity = record.get("userIdentity") or {}
    callers = (identity.get("invokedBy"), record.get("sourceIPAddress"), record.get("userAgent"))
    if STACKS in callers:
        return "cdk" if _CDK_ROLE.search(issuer(identity) or "") else "cloudformation"
    if (
        identity.get("type") == "AWSService"
        or record.get("eventType") == "AwsServiceEvent"
        or str(callers[0] or "").endswith(".amazonaws.com")
    ):
        return "service"
    if identity.get("type") == "Root":
        return "root"
    if str(record.get("sessionCredentialFromConsole")).lower() == "true":
        return "console"
    return _by_agent(str(record.get("userAgent") or ""))


def issuer(identity: Mapping[str, Any]) -> str | None:
    """Return the ARN of the role behind a session."""
    context = identity.get("sessionContext") or {}
    found = (context.get("sessionIssuer") or {}).get("arn")
    return str(found) if found else None


def _by_agent(agent: str) -> str:
    return next((name for name, pattern in _AGENTS if pattern.search(agent)), "unknown")
