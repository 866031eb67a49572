"""SQS, verified on the emulator."""

from tests.world import World


def test_queue_is_listed_with_its_arn_url_and_tags(world: World) -> None:
    sqs = world.client("sqs")
    url = sqs.create_queue(QueueName="jobs", tags={"team": "core"})["QueueUrl"]
    found = world.collect("AWS::SQS::Queue").rows("SELECT * FROM current_resource")
    assert len(found) == 1
    arn = f"arn:aws:sqs:us-east-1:{world.account_id}:jobs"
    assert found[0]["arn"] == arn
    assert found[0]["resource_id"] == url
    assert found[0]["name"] == "jobs"
    assert found[0]["tags"] == {"team": "core"}
    assert found[0]["keys"] == [arn, url, "jobs"]
    assert found[0]["created_at"] is not None
