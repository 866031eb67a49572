"""Tags in bulk: never other tags than the types' own calls give, and fewer calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from scanner import catalog, tagging
from scanner.aws import Aws
from scanner.documents import as_tags
from scanner.errors import CallError
from scanner.model import Account, Outcome
from scanner.places import Grant, Place
from scanner.tagging import BulkTags, as_answered
from tests.catalog.models import BotocoreModels
from tests.collect.tagged import MAP, TYPES, as_if_aws, calls, furnish, looked_at
from tests.denying import denying
from tests.world import World

CATALOG = catalog.load()


@pytest.fixture
def queues(world: World) -> World:
    """Three tagged queues and one without tags."""
    for name in ("a", "b", "c"):
        world.client("sqs").create_queue(QueueName=name, tags={"team": name})
    world.client("sqs").create_queue(QueueName="plain")
    return world


def tags_of(world: World, *types: str, **options: Any) -> dict[str, Any]:
    rows = world.collect(*types, **options).rows("SELECT name, tags FROM resource")
    return {row["name"]: dict(row["tags"]) for row in rows}


def test_the_emulator_s_tags_are_the_same_either_way_and_cost_fewer_calls(world: World) -> None:
    furnish(world)
    own, bulk = world.collect(*TYPES), world.collect(*TYPES, bulk_tags=True)
    assert looked_at(bulk) == looked_at(own)
    assert {kind for (_, kind), (tags, _) in looked_at(own).items() if tags == MAP} == set(TYPES)
    assert calls(bulk) < calls(own)


def test_of_a_covered_type_of_some_age_no_further_call_is_made(
    queues: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_if_aws(monkeypatch)
    store = queues.collect("AWS::SQS::Queue", bulk_tags=True)
    listing, details, tags = 1, 4, 1
    assert calls(store) == listing + details + tags
    assert looked_at(store) == looked_at(queues.collect("AWS::SQS::Queue"))


def test_a_new_thing_that_the_list_lacks_is_asked_itself(
    queues: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_if_aws(monkeypatch, timedelta(hours=1))
    assert calls(queues.collect("AWS::SQS::Queue", bulk_tags=True)) == 1 + 4 + 1 + 1


def test_few_things_are_not_worth_a_list(world: World) -> None:
    world.client("sqs").create_queue(QueueName="a", tags={"team": "a"})
    store = world.collect("AWS::SQS::Queue", bulk_tags=True)
    assert calls(store) == calls(world.collect("AWS::SQS::Queue"))


def test_a_type_that_the_tagging_api_is_not_said_to_cover_is_asked_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IAM's users are left out of GetResources' answers."""
    as_if_aws(monkeypatch)
    for name in ("a", "b", "c", "d"):
        tags = [{"Key": "team", "Value": name}]
        world.client("iam").create_user(UserName=name, Tags=tags)
    found = tags_of(world, "AWS::IAM::User", bulk_tags=True)
    assert found == {name: {"team": name} for name in ("a", "b", "c", "d")}


def test_a_bucket_s_tags_are_read_in_its_own_region(world: World) -> None:
    names = [f"{name}-{world.account_id}" for name in ("a", "b", "c")]
    s3 = world.client("s3", "eu-west-1")
    for name in names:
        where = {"LocationConstraint": "eu-west-1"}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
        tags = {"TagSet": [{"Key": "team", "Value": name}]}
        s3.put_bucket_tagging(Bucket=name, Tagging=tags)
    own, bulk = (world.collect("AWS::S3::Bucket", bulk_tags=each) for each in (False, True))
    assert looked_at(bulk) == looked_at(own)
    assert calls(bulk) == calls(own) - 3 + 1


def test_where_the_tagging_api_is_denied_the_types_own_calls_tell_and_coverage_says_so(
    queues: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = looked_at(queues.collect("AWS::SQS::Queue"))
    with denying(queues.endpoint, lambda service, region, body: service == "tagging") as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy)
        store = queues.collect("AWS::SQS::Queue", bulk_tags=True)
    assert looked_at(store) == expected
    (cell,) = store.rows("SELECT outcome, message FROM cell")
    assert cell["outcome"] == "ok"
    assert "one by one" in cell["message"]
    assert "AccessDenied" in cell["message"]


class Told(Aws):
    """An AWS whose Tagging API answers with given pages, and then with an error if there is one."""

    refuses_filters = False

    def __init__(self, *pages: dict[str, str], error: CallError | None = None) -> None:
        super().__init__()
        self._told, self._error = pages, error

    def service_regions(self, service: str, partition: str) -> frozenset[str]:
        return frozenset({"us-east-1"})

    def pages(
        self, place: Place, service: str, operation: str, params: Any = None, token: Any = None
    ) -> Iterator[dict[str, Any]]:
        if self.refuses_filters and "ResourceTypeFilters" in params:
            raise CallError("unsupported", Outcome.FAILED, "InvalidParameterException")
        for page in self._told:
            listed = [
                {"ResourceARN": arn, "Tags": [{"Key": "team", "Value": team}]}
                for arn, team in page.items()
            ]
            yield {"ResourceTagMappingList": listed}
        if self._error:
            raise self._error


def left_over(aws: Aws, names: tuple[str, ...] = ("a", "b", "c")) -> tuple[list[str], list[Any]]:
    """The queues that are left to their own call, and the tags of the others."""
    entry = CATALOG.entries["AWS::SQS::Queue"]
    step = next(step for step in entry.describe if entry.is_for_tags(step))
    account = Account("111111111111", "aws", ("us-east-1",))
    documents = [
        {"QueueArn": f"arn:aws:sqs:us-east-1:111111111111:{name}", "CreatedTimestamp": "1",
         "QueueUrl": f"https://sqs/{name}", "_item": f"https://sqs/{name}"}
        for name in names
    ]  # fmt: skip
    place = Place("111111111111", "us-east-1", aws.own_credentials(), Grant("scan", frozenset()))
    left, _, _ = BulkTags(aws, CATALOG, [entry], account).fill(place, entry, step, documents)
    known = [each["Tags"] for each in documents if each not in left]
    return [each["QueueArn"].rpartition(":")[2] for each in left], known


def arn(name: str) -> str:
    return f"arn:aws:sqs:us-east-1:111111111111:{name}"


def test_what_all_pages_do_not_name_has_no_tags(world: World) -> None:
    assert left_over(Told({arn("a"): "x"}, {arn("b"): "y"})) == (
        [], [{"team": "x"}, {"team": "y"}, {}],
    )  # fmt: skip


def test_pages_that_end_in_an_error_tell_of_what_they_name_and_of_no_absence(
    world: World,
) -> None:
    error = CallError("expired", Outcome.FAILED, "PaginationTokenExpiredException")
    assert left_over(Told({arn("a"): "x"}, error=error)) == (["b", "c"], [{"team": "x"}])


def test_a_service_that_the_tagging_api_does_not_know_spoils_nothing(world: World) -> None:
    aws = Told({arn("a"): "x"})
    aws.refuses_filters = True
    assert left_over(aws) == ([], [{"team": "x"}, {}, {}])


def test_an_arn_that_is_not_recognised_makes_absence_doubtful(world: World) -> None:
    other = "arn:aws:sqs:us-east-1:111111111111:A"
    assert left_over(Told({arn("a"): "x", other: "y"})) == (["b", "c"], [{"team": "x"}])


def test_arns_of_other_kinds_cast_no_doubt(world: World) -> None:
    other = "arn:aws:sns:us-east-1:111111111111:A"
    assert left_over(Told({arn("a"): "x", other: "y"}))[0] == []


def test_every_covered_type_is_one_that_asks_for_tags_and_has_arns_of_that_service() -> None:
    for name, service in CATALOG.tagged_in_bulk.items():
        entry = CATALOG.entries[name]
        assert any(map(entry.is_for_tags, entry.describe)), name
        assert entry.arn is None or entry.arn.split(":")[2] == service, name


def test_tags_take_the_form_of_the_type_s_own_answer() -> None:
    models = BotocoreModels()
    for entry in CATALOG.entries.values():
        for step in filter(entry.is_for_tags, entry.describe):
            model: Any = models.operation(entry.service, step.op)
            told = as_answered(model.output_shape, step.at, MAP)
            assert as_tags(told) == MAP, entry.type


def test_only_services_of_chosen_types_are_asked_about() -> None:
    chosen = CATALOG.matching(["AWS::SQS::*", "AWS::IAM::*", "AWS::EC2::*"])
    assert tagging.services_of(CATALOG, chosen) == {"sqs"}
