"""boto3 clients of the estate's accounts, reached by AssumeRole as Terraform does."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

SECURITY, PRODUCTION, STAGING = "111111111111", "333333333333", "444444444444"
ACCOUNTS = (SECURITY, PRODUCTION, STAGING)
HOME, EUROPE = "us-east-1", "eu-central-1"
REGIONS = (HOME, EUROPE)
STATE_BUCKET = "strays-states"


class Clients:
    """`clients(account, service, region)` is a client for the emulator at `endpoint`."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.session = cache(self._session)
        self._cached = cache(self._client)

    def __call__(self, account: str, service: str, region: str = HOME) -> Any:
        return self._cached(account, service, region)

    def _session(self, account: str) -> boto3.Session:
        root = boto3.Session("recorder", "recorder", region_name=HOME)
        answer = root.client("sts", endpoint_url=self.endpoint).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/Hand", RoleSessionName="hand"
        )["Credentials"]
        return boto3.Session(answer["AccessKeyId"], answer["SecretAccessKey"])

    def _client(self, account: str, service: str, region: str) -> Any:
        config = Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            retries={"total_max_attempts": 1},
        )
        session: Any = self.session(account)
        return session.client(
            service, region_name=region, endpoint_url=self.endpoint, config=config
        )
