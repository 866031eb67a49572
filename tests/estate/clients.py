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
        # One session for all accounts: it parses each service's model once.
        self._session: Any = boto3.Session("recorder", "recorder", region_name=HOME)
        self.credentials = cache(self._assume)
        self._cached = cache(self._client)

    def __call__(self, account: str, service: str, region: str = HOME) -> Any:
        return self._cached(account, service, region)

    def _assume(self, account: str) -> dict[str, str]:
        answer = self._session.client("sts", endpoint_url=self.endpoint).assume_role(
            RoleArn=f"arn:aws:iam::{account}:role/Hand", RoleSessionName="hand"
        )["Credentials"]
        return {
            "aws_access_key_id": answer["AccessKeyId"],
            "aws_secret_access_key": answer["SecretAccessKey"],
        }

    def _client(self, account: str, service: str, region: str) -> Any:
        config = Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            retries={"total_max_attempts": 1},
        )
        return self._session.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            config=config,
            **self.credentials(account),
        )
