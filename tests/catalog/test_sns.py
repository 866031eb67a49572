"""SNS, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.world import World


def test_topic_is_listed_with_its_attributes_and_tags(world: World) -> None:
    arn = world.client("sns").create_topic(
        Name="orders",
        Attributes={"KmsMasterKeyId": "alias/orders"},
        Tags=[{"Key": "team", "Value": "core"}],
    )["TopicArn"]
    seen = look(world, "AWS::SNS::Topic")
    assert seen.row["keys"] == [arn, "orders"]
    assert (seen.row["name"], seen.row["tags"]) == ("orders", {"team": "core"})
    assert "Policy" in seen.row["properties"]
    assert seen.links == {("encrypted_by", "AWS::KMS::Key", "alias/orders", None)}


def test_subscription_hangs_on_its_topic_and_names_its_target(world: World) -> None:
    topic = world.client("sns").create_topic(Name="orders")["TopicArn"]
    world.client("sqs").create_queue(QueueName="jobs")
    queue = f"arn:aws:sqs:us-east-1:{world.account_id}:jobs"
    made = world.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    seen = look(world, "AWS::SNS::Subscription")
    assert seen.row["keys"] == [made["SubscriptionArn"], f"{topic}|sqs|{queue}"]
    assert seen.links == {
        ("contains", "AWS::SNS::Topic", topic, "self"),
        ("delivers_to", "AWS::SQS::Queue", queue, None),
    }


def test_of_a_web_endpoint_only_the_host_is_kept(world: World) -> None:
    sns = world.client("sns")
    topic = sns.create_topic(Name="orders")["TopicArn"]
    address = "https://user:planted@hooks.example.com/planted?token=planted"
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=address)
    row = look(world, "AWS::SNS::Subscription").row
    assert row["name"] == "https://hooks.example.com"
    assert "planted" not in str(row)


def test_platform_application_is_listed_without_its_credential(world: World) -> None:
    arn = world.client("sns").create_platform_application(
        Name="app", Platform="GCM", Attributes={"PlatformCredential": "planted"}
    )["PlatformApplicationArn"]
    row = look(world, "Ext::SNS::PlatformApplication").row
    assert (row["keys"], row["name"]) == ([arn], "app")
    assert "planted" not in str(row)
