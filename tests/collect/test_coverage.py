"""Denied is not empty: every cell ends as a row, and the rest goes on."""

from __future__ import annotations

import pytest

from tests.denying import denying
from tests.world import World


def outcomes(world: World, *types: str) -> dict[str, str]:
    store = world.collect(*types)
    return {r["resource_type"]: r["outcome"] for r in store.rows("SELECT * FROM cell")}


def test_denied_service_leaves_a_denied_cell_and_the_others_ok(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with denying(world.endpoint, lambda service, region, body: service == "sqs") as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy)
        found = outcomes(world, "AWS::SQS::Queue", "AWS::SNS::Topic")
    assert found == {"AWS::SQS::Queue": "denied", "AWS::SNS::Topic": "ok"}


def test_children_of_a_denied_list_are_not_called_empty(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with denying(world.endpoint, lambda service, region, body: service == "iam") as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy)
        found = outcomes(world, "AWS::IAM::AccessKey")
    assert found == {"AWS::IAM::User": "denied", "AWS::IAM::AccessKey": "denied"}


def test_denied_detail_keeps_the_rows_and_marks_the_cell(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.client("sns").create_topic(Name="alerts")

    def tags(service: str, region: str, body: bytes) -> bool:
        return b"ListTagsForResource" in body

    with denying(world.endpoint, tags) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy)
        store = world.collect("AWS::SNS::Topic")
    assert [row["name"] for row in store.rows("SELECT name FROM inventory")] == ["alerts"]
    cell = store.rows("SELECT outcome, error_code, complete FROM cell")[0]
    assert cell == {"outcome": "denied", "error_code": "AccessDenied", "complete": False}


def test_one_denied_region_does_not_hide_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for region in ("us-east-1", "eu-west-1"):
        world.client("sqs", region).create_queue(QueueName="jobs")
    with denying(
        world.endpoint, lambda s, region, b: s == "sqs" and region == "eu-west-1"
    ) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy)
        store = world.collect("AWS::SQS::Queue", regions=("us-east-1", "eu-west-1"))
    cells = {row["region"]: row["outcome"] for row in store.rows("SELECT * FROM cell")}
    assert cells == {"us-east-1": "ok", "eu-west-1": "denied"}
    assert [row["region"] for row in store.rows("SELECT region FROM inventory")] == ["us-east-1"]


def test_same_names_in_two_regions_are_two_rows(world: World) -> None:
    for region in ("us-east-1", "eu-west-1"):
        world.client("sqs", region).create_queue(QueueName="jobs")
    store = world.collect("AWS::SQS::Queue", regions=("us-east-1", "eu-west-1"))
    assert store.value("SELECT count(DISTINCT arn) FROM inventory") == 2


def test_buckets_of_every_region_are_seen_once(world: World) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket=f"here-{world.account_id}")
    s3.create_bucket(
        Bucket=f"there-{world.account_id}",
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
    )
    store = world.collect("AWS::S3::Bucket", regions=("us-east-1", "eu-west-1"))
    rows = store.rows("SELECT name, region FROM inventory ORDER BY name")
    assert [row["region"] for row in rows] == ["us-east-1", "eu-west-1"]
    assert [row["region"] for row in store.rows("SELECT region FROM cell")] == ["global"]
