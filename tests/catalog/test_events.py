"""EventBridge, its scheduler and pipes, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.world import World

TAGS = [{"Key": "team", "Value": "core"}]


@pytest.fixture
def bus(world: World) -> str:
    """The ARN of a bus of one's own."""
    made = world.client("events").create_event_bus(Name="orders", Tags=TAGS)
    return str(made["EventBusArn"])


@pytest.fixture
def queue(world: World) -> str:
    """The ARN of a queue."""
    world.client("sqs").create_queue(QueueName="jobs")
    return f"arn:aws:sqs:us-east-1:{world.account_id}:jobs"


def test_only_the_bus_that_every_region_has_is_default(world: World, bus: str) -> None:
    seen = look(world, "AWS::Events::EventBus")
    own = seen.named("orders")
    assert (own["keys"], own["tags"], own["default_rule"]) == (
        [bus, "orders"],
        {"team": "core"},
        None,
    )
    assert seen.named("default")["default_rule"] == "L12"


def test_rule_on_the_default_bus_hangs_on_nothing(world: World) -> None:
    world.client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)", Tags=TAGS)
    seen = look(world, "AWS::Events::Rule")
    arn = f"arn:aws:events:us-east-1:{world.account_id}:rule/nightly"
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "nightly"], {"team": "core"})
    assert seen.row["default_rule"] is None
    assert seen.links == set()


def test_rule_on_a_bus_of_ones_own_is_named_by_both(world: World, bus: str) -> None:
    world.client("events").put_rule(Name="paid", EventBusName="orders", EventPattern="{}")
    seen = look(world, "AWS::Events::Rule")
    arn = f"arn:aws:events:us-east-1:{world.account_id}:rule/orders/paid"
    assert seen.row["keys"] == [arn, "orders/paid", "orders|paid"]
    assert seen.links == {("contains", "AWS::Events::EventBus", bus, "self")}


def test_rule_that_feeds_an_archive_is_owned_by_it(world: World, bus: str) -> None:
    world.client("events").create_archive(ArchiveName="orders", EventSourceArn=bus)
    row = look(world, "AWS::Events::Archive").row
    arn = f"arn:aws:events:us-east-1:{world.account_id}:archive/orders"
    assert row["keys"] == [arn, "orders"]
    assert row["created_at"] is not None
    seen = look(world, "AWS::Events::Rule")
    assert seen.row["default_rule"] is None
    assert ("owns", "AWS::Events::Archive", "orders", "self") in seen.links


def test_api_destination_keeps_the_host_only(world: World) -> None:
    events = world.client("events")
    connection = events.create_connection(
        Name="crm",
        AuthorizationType="BASIC",
        AuthParameters={"BasicAuthParameters": {"Username": "planted", "Password": "planted"}},
    )["ConnectionArn"]
    made = events.create_api_destination(
        Name="crm",
        ConnectionArn=connection,
        InvocationEndpoint="https://crm.example.com/planted?token=planted",
        HttpMethod="POST",
    )
    seen = look(world, "AWS::Events::ApiDestination")
    assert seen.row["keys"] == [made["ApiDestinationArn"], "crm"]
    assert seen.row["properties"]["InvocationEndpoint"] == "crm.example.com"
    assert seen.links == {("uses", "AWS::Events::Connection", connection, None)}
    row = look(world, "AWS::Events::Connection").row
    assert row["keys"] == [connection, "crm"]
    assert "planted" not in str(row) + str(seen.row)


def test_schedule_hangs_on_a_group_of_ones_own_only(world: World, queue: str) -> None:
    scheduler = world.client("scheduler")
    scheduler.create_schedule_group(Name="batch", Tags=TAGS)
    for group in ("batch", "default"):
        scheduler.create_schedule(
            Name="nightly",
            GroupName=group,
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": queue,
                "RoleArn": f"arn:aws:iam::{world.account_id}:role/x",
                "Input": "planted",
            },
        )
    seen = look(world, "AWS::Scheduler::Schedule")
    arn = f"arn:aws:scheduler:us-east-1:{world.account_id}:schedule/batch/nightly"
    assert seen.rows[0]["keys"] == [arn, "batch/nightly", "nightly"]
    assert seen.links == {("contains", "AWS::Scheduler::ScheduleGroup", "batch", "self")}
    assert "planted" not in str(seen.rows)


def test_only_the_group_that_every_region_has_is_default(world: World) -> None:
    arn = world.client("scheduler").create_schedule_group(Name="batch", Tags=TAGS)
    seen = look(world, "AWS::Scheduler::ScheduleGroup")
    own = seen.named("batch")
    assert (own["keys"], own["tags"]) == ([arn["ScheduleGroupArn"], "batch"], {"team": "core"})
    assert (own["default_rule"], seen.named("default")["default_rule"]) == (None, "L14")


def test_pipe_names_both_its_ends(world: World, queue: str) -> None:
    role = f"arn:aws:iam::{world.account_id}:role/pipe"
    arn = world.client("pipes").create_pipe(
        Name="copy", Source=queue, Target=queue, RoleArn=role, Tags={"team": "core"}
    )["Arn"]
    seen = look(world, "AWS::Pipes::Pipe")
    assert (seen.row["keys"], seen.row["tags"]) == ([arn, "copy"], {"team": "core"})
    assert seen.links == {
        ("assumes", "AWS::IAM::Role", role, None),
        ("reads_from", "AWS::SQS::Queue", queue, None),
        ("delivers_to", "AWS::SQS::Queue", queue, None),
    }
