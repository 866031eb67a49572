"""Clients that may write, for the demo's builder, and for an emulator on this machine only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3

from scanner.errors import GrantError


def emulator_clients(endpoint: str) -> Callable[[str, str, str], Any]:
    """Return a factory of clients (account id, service, region) that may write: for an emulator.

    Raises `GrantError` for any endpoint that is not this machine: the demo's builder is the one
    part of Strays that writes, and it must never reach AWS.
    """
    if urlsplit(endpoint).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise GrantError(f"{endpoint} is not on this machine: the demo writes to an emulator only")
    session = boto3.Session("demo", "demo", region_name="us-east-1")
    sts = session.client("sts", endpoint_url=endpoint)

    @cache
    def keys(account_id: str) -> dict[str, str]:
        role = f"arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole"
        given = sts.assume_role(RoleArn=role, RoleSessionName="demo")["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }

    def client(account_id: str, service: str, region: str) -> Any:
        options = {"region_name": region, "endpoint_url": endpoint, **keys(account_id)}
        return session.client(service, **options)  # type: ignore[call-overload]

    return client
