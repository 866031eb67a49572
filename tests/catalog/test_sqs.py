"""SQS, verified on the emulator."""

from __future__ import annotations

import json

from tests.catalog.look import look
from tests.world import World


def test_queue_is_listed_with_its_arn_urls_and_tags(world: World) -> None:
    sqs = world.client("sqs")
    url = sqs.create_queue(QueueName="jobs", tags={"team": "core"})["QueueUrl"]
    row = look(world, "AWS::SQS::Queue").row
    arn = f"arn:aws:sqs:us-east-1:{world.account_id}:jobs"
    assert (row["arn"], row["resource_id"], row["name"]) == (arn, url, "jobs")
    assert row["tags"] == {"team": "core"}
    assert row["created_at"] is not None
    assert row["keys"] == [
        arn,
        url,
        "jobs",
        f"https://sqs.us-east-1.amazonaws.com/{world.account_id}/jobs",
        f"https://queue.amazonaws.com/{world.account_id}/jobs",
    ]


def test_queue_outside_virginia_has_the_old_address_of_its_region(world: World) -> None:
    world.client("sqs", "eu-west-1").create_queue(QueueName="jobs")
    keys = look(world, "AWS::SQS::Queue", "eu-west-1").row["keys"]
    assert f"https://eu-west-1.queue.amazonaws.com/{world.account_id}/jobs" in keys


def test_queue_names_its_dead_letter_queue(world: World) -> None:
    sqs = world.client("sqs")
    sqs.create_queue(QueueName="dead")
    dead = f"arn:aws:sqs:us-east-1:{world.account_id}:dead"
    policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 3})
    sqs.create_queue(QueueName="jobs", Attributes={"RedrivePolicy": policy})
    assert look(world, "AWS::SQS::Queue").links == {
        ("dead_letters_to", "AWS::SQS::Queue", dead, None)
    }
