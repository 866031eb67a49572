"""Kinesis streams and delivery streams, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.world import World


def test_stream_is_listed_with_its_tags_and_key(world: World) -> None:
    kinesis = world.client("kinesis")
    kinesis.create_stream(StreamName="logs", ShardCount=1)
    kinesis.add_tags_to_stream(StreamName="logs", Tags={"team": "core"})
    kinesis.start_stream_encryption(
        StreamName="logs", EncryptionType="KMS", KeyId="alias/aws/kinesis"
    )
    seen = look(world, "AWS::Kinesis::Stream")
    arn = f"arn:aws:kinesis:us-east-1:{world.account_id}:stream/logs"
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "logs"], {"team": "core"})
    assert seen.row["created_at"] is not None
    assert seen.links == {("encrypted_by", "AWS::KMS::Key", "alias/aws/kinesis", None)}


def test_consumer_hangs_on_its_stream(world: World) -> None:
    kinesis = world.client("kinesis")
    kinesis.create_stream(StreamName="logs", ShardCount=1)
    stream = f"arn:aws:kinesis:us-east-1:{world.account_id}:stream/logs"
    made = kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="audit")["Consumer"]
    seen = look(world, "AWS::Kinesis::StreamConsumer")
    assert (seen.row["keys"], seen.row["name"]) == ([made["ConsumerARN"]], "audit")
    assert seen.links == {("contains", "AWS::Kinesis::Stream", stream, "self")}


def test_delivery_stream_names_its_bucket_and_role(world: World) -> None:
    role = f"arn:aws:iam::{world.account_id}:role/logs"
    arn = world.client("firehose").create_delivery_stream(
        DeliveryStreamName="logs",
        ExtendedS3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::logs"},
        Tags=[{"Key": "team", "Value": "core"}],
    )["DeliveryStreamARN"]
    seen = look(world, "AWS::KinesisFirehose::DeliveryStream")
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "logs"], {"team": "core"})
    assert seen.row["created_at"] is not None
    assert seen.links == {
        ("assumes", "AWS::IAM::Role", role, None),
        ("delivers_to", "AWS::S3::Bucket", "arn:aws:s3:::logs", None),
    }


def test_delivery_stream_is_listed_without_the_token_of_its_target(world: World) -> None:
    role = f"arn:aws:iam::{world.account_id}:role/logs"
    world.client("firehose").create_delivery_stream(
        DeliveryStreamName="logs",
        HttpEndpointDestinationConfiguration={
            "EndpointConfiguration": {
                "Url": "https://x.example.com/planted",
                "AccessKey": "planted",
            },
            "S3Configuration": {"RoleARN": role, "BucketARN": "arn:aws:s3:::logs"},
        },
    )
    assert "planted" not in str(look(world, "AWS::KinesisFirehose::DeliveryStream").row)


def test_more_delivery_streams_than_a_default_page_are_all_listed(world: World) -> None:
    firehose = world.client("firehose")
    role = f"arn:aws:iam::{world.account_id}:role/logs"
    for number in range(12):
        firehose.create_delivery_stream(
            DeliveryStreamName=f"logs-{number}",
            S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::logs"},
        )
    assert len(look(world, "AWS::KinesisFirehose::DeliveryStream").rows) == 12
