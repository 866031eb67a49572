"""Hints leave out what Resource Explorer covers and shows none of, and coverage says so.

https://docs.aws.amazon.com/resource-explorer/latest/apireference/API_ListSupportedResourceTypes.html
https://docs.aws.amazon.com/resource-explorer/latest/apireference/API_GetView.html
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reports.summary import Verdict, summarize
from scanner.store import Store
from tests.collect.answering import INDEX, Answers, answering, item
from tests.world import World

VIEW = "arn:aws:resource-explorer-2:us-east-1:123456789012:view/my-default-view/EXAMPLE8-90ab"
TYPES = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::EKS::Nodegroup", "AWS::IAM::User")
SUPPORTED = [
    {"Service": "sqs", "ResourceType": "sqs:queue", "CFNResourceTypes": ["AWS::SQS::Queue"]},
    {"Service": "sns", "ResourceType": "sns:topic", "CFNResourceTypes": ["AWS::SNS::Topic"]},
    {"Service": "eks", "ResourceType": "eks:cluster", "CFNResourceTypes": ["AWS::EKS::Cluster"]},
    {"Service": "iam", "ResourceType": "iam:user", "CFNResourceTypes": ["AWS::IAM::User"]},
]


@pytest.fixture
def answers(world: World) -> Answers:
    """An index that shows a queue and nothing else."""
    queue = item(
        f"arn:aws:sqs:us-east-1:{world.account_id}:jobs", "sqs:queue",
        OwningAccountId=world.account_id, CfnResourceType="AWS::SQS::Queue",
    )  # fmt: skip
    world.client("sqs").create_queue(QueueName="jobs")
    return {
        "GetIndex": INDEX,
        "GetDefaultView": {"ViewArn": VIEW},
        "GetView": {"View": {"ViewArn": VIEW, "Filters": {"FilterString": ""}}, "Tags": {}},
        "ListResources": {"Resources": [queue], "ViewArn": VIEW},
        "ListSupportedResourceTypes": {"ResourceTypes": SUPPORTED},
    }


def outcomes(store: Store) -> dict[str, str]:
    rows = store.rows("SELECT resource_type, outcome FROM cell")
    return {str(row["resource_type"]): str(row["outcome"]) for row in rows}


ALL = dict.fromkeys([*TYPES, "AWS::EKS::Cluster"], "ok")


def test_a_covered_type_of_which_the_index_shows_none_is_not_tried_and_the_verdict_says_so(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answers, monkeypatch):
        store = world.collect(*TYPES, hints=True)
    assert outcomes(store) == ALL | {"AWS::SNS::Topic": "untried"}
    assert summarize(store).verdict is Verdict.INCOMPLETE
    (blind,) = summarize(store).blind
    assert (blind["resources"], blind["error_code"]) == (0, "Hint")
    assert "--hints" in blind["message"]


def test_a_family_is_listed_where_one_of_its_types_is_not_covered(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of node groups nothing is known, so their clusters are listed; clusters alone need not be."""
    with answering(answers, monkeypatch):
        assert outcomes(world.collect("AWS::EKS::Nodegroup", hints=True)) == {
            "AWS::EKS::Cluster": "ok", "AWS::EKS::Nodegroup": "ok",
        }  # fmt: skip
        alone = world.collect("AWS::EKS::Cluster", hints=True)
    assert outcomes(alone) == {"AWS::EKS::Cluster": "untried"}


def now() -> str:
    return datetime.now(UTC).isoformat()


@pytest.mark.parametrize(
    "change",
    [
        {"GetIndex": (404, "ResourceNotFoundException")},
        {"GetIndex": INDEX | {"State": "CREATING"}},
        {"GetIndex": INDEX | {"CreatedAt": now()}},
        {"GetDefaultView": {}},
        {"GetView": {"View": {"Filters": {"FilterString": "service:ec2"}}}},
        {"ListResources": {"Resources": []}},
        {"ListResources": (401, "UnauthorizedException")},
        {"ListSupportedResourceTypes": (400, "AccessDeniedException")},
    ],
    ids=["no index", "made", "new", "no view", "part", "empty", "no right", "types denied"],
)
def test_where_the_index_may_hide_something_everything_is_listed(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch, change: Answers
) -> None:
    with answering(answers | change, monkeypatch):
        assert outcomes(world.collect("AWS::SNS::Topic", hints=True)) == {"AWS::SNS::Topic": "ok"}


def test_without_hints_resource_explorer_is_not_asked(
    world: World, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(answers, monkeypatch) as asked:
        assert outcomes(world.collect("AWS::SNS::Topic")) == {"AWS::SNS::Topic": "ok"}
    assert asked == []
