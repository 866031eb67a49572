"""The door to AWS: one client for all accounts and regions, and nothing outside the grant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from scanner.aws import Aws
from scanner.errors import CallError, CredentialsError, GrantError
from scanner.model import Outcome
from scanner.places import Grant, Place
from tests.world import World

LIST = Grant("scan", frozenset({("sqs", "ListQueues"), ("s3", "ListBuckets")}))


def test_one_client_serves_two_accounts_and_two_regions(world: World) -> None:
    aws = Aws()
    other = aws.assume("arn:aws:iam::222233334444:role/any")
    for credentials in (aws.own_credentials(), other):
        for region in ("us-east-1", "eu-west-1"):
            frozen = credentials.get_frozen_credentials()
            sqs = boto3.client(
                "sqs", region_name=region, endpoint_url=world.endpoint,
                aws_access_key_id=frozen.access_key, aws_secret_access_key=frozen.secret_key,
                aws_session_token=frozen.token,
            )  # fmt: skip
            sqs.create_queue(QueueName=f"q-{region}")
    seen = set()
    for account, credentials in (
        (world.account_id, aws.own_credentials()),
        ("222233334444", other),
    ):
        for region in ("us-east-1", "eu-west-1"):
            place = Place(account, region, credentials, LIST)
            (url,) = aws.call(place, "sqs", "ListQueues")["QueueUrls"]
            seen.add((url.split("/")[-2], url.split("/")[-1]))
    assert seen == {
        (account, f"q-{region}")
        for account in (world.account_id, "222233334444")
        for region in ("us-east-1", "eu-west-1")
    }
    assert aws.client("sqs") is aws.client("sqs")


def test_call_outside_its_grant_is_not_sent(world: World) -> None:
    aws = Aws()
    place = Place(world.account_id, "us-east-1", aws.own_credentials(), LIST)
    with pytest.raises(GrantError, match="sqs:CreateQueue is outside the grant 'scan'"):
        aws.call(place, "sqs", "CreateQueue", {"QueueName": "never"})
    assert "QueueUrls" not in world.client("sqs").list_queues()


def test_assumed_credentials_are_renewed_before_they_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws = Aws()
    real, asked = aws.call, []

    def short(place: Place, service: str, operation: str, params: Any = None) -> dict[str, Any]:
        answer = real(place, service, operation, params)
        if operation == "AssumeRole":
            asked.append(operation)
            answer["Credentials"]["Expiration"] = datetime.now(UTC) + timedelta(seconds=30)
        return answer

    monkeypatch.setattr(aws, "call", short)
    credentials = aws.assume("arn:aws:iam::222233334444:role/any")
    first = credentials.get_frozen_credentials().access_key
    second = credentials.get_frozen_credentials().access_key
    assert len(asked) == 3
    assert first != second


def test_without_credentials_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(CredentialsError, match="no AWS credentials found"):
        Aws().caller()


def test_unknown_profile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CredentialsError, match="nobody"):
        Aws(profile="nobody")


def test_failed_call_carries_place_outcome_and_code(world: World) -> None:
    aws = Aws()
    grant = Grant("scan", frozenset({("sqs", "GetQueueAttributes")}))
    place = Place(world.account_id, "us-east-1", aws.own_credentials(), grant)
    with pytest.raises(CallError) as told:
        aws.call(place, "sqs", "GetQueueAttributes", {"QueueUrl": f"{world.endpoint}/1/none"})
    assert told.value.outcome == Outcome.FAILED
    assert world.account_id in str(told.value)
    assert "us-east-1" in str(told.value)


def test_service_without_a_paginator_is_paged_by_its_token(world: World) -> None:
    sqs = world.client("sqs")
    for number in range(5):
        sqs.create_queue(QueueName=f"q{number}")
    aws = Aws()
    place = Place(world.account_id, "us-east-1", aws.own_credentials(), LIST)
    pages = list(
        aws.pages(place, "sqs", "ListQueues", {"MaxResults": 2}, ("NextToken", "NextToken"))
    )
    assert [len(page["QueueUrls"]) for page in pages] == [2, 2, 1]
