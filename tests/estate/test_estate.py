"""The replayed world agrees with its states and with what is expected of a scan."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.estate import FIXTURES, PLANTED, Estate, record
from tests.estate.clients import Clients
from tests.estate.listing import listed, listed_children
from tests.estate.server import moto
from tests.estate.shared import ScannedEstate
from tests.estate.states import STATES
from tests.estate.tape import PLACE, Call, Player, TapeError

Listed = dict[str, set[str]]


@dataclass(frozen=True)
class Replayed:
    estate: Estate
    folder: Path
    arns: Listed
    children: Listed


@pytest.fixture(scope="module")
def replayed(estate_scan: ScannedEstate) -> Replayed:
    estate = estate_scan.estate
    arns, children = world(estate, listed), world(estate, listed_children)
    return Replayed(estate, estate_scan.folder, arns, children)


def world(estate: Estate, look: Callable[[Clients, str, str], Listed]) -> Listed:
    """What boto3 lists in every account and region, by resource type."""
    clients = Clients(estate.endpoint)
    found: Listed = {}
    for account in estate.accounts:
        for region in (*estate.regions, "global"):
            for kind, names in look(clients, account, region).items():
                found.setdefault(kind, set()).update(names)
    return found


def test_everything_expected_is_listed_and_everything_missing_is_not(replayed: Replayed) -> None:
    wrong = [
        one
        for one in replayed.estate.expected
        if one.arn and one.resource_type in replayed.arns
        if (one.arn in replayed.arns[one.resource_type]) == (one.status == "missing")
    ]
    assert wrong == []


def test_everything_listed_is_expected(replayed: Replayed) -> None:
    expected = {one.arn for one in replayed.estate.expected}
    assert {kind: arns - expected for kind, arns in replayed.arns.items() if arns - expected} == {}


def test_things_without_arn_are_the_expected_ones(replayed: Replayed) -> None:
    for kind, names in replayed.children.items():
        expected = {
            one.resource_id
            for one in replayed.estate.expected
            if one.resource_type == kind and one.status != "missing"
        }
        assert names == expected, kind


def test_most_types_are_compared_with_boto3(replayed: Replayed) -> None:
    compared = {one.resource_type for one in replayed.estate.expected} & replayed.arns.keys()
    assert len(compared) >= 50


def test_expectations_name_each_thing_once_and_roots_that_exist(replayed: Replayed) -> None:
    keys = [one.key for one in replayed.estate.expected]
    assert len(keys) == len(set(keys))
    strays = {one.arn for one in replayed.estate.expected if one.status == "unmanaged"}
    assert {one.root for one in replayed.estate.expected if one.root} <= strays


def test_states_hold_sixty_types_in_two_accounts_and_regions(replayed: Replayed) -> None:
    managed = [one for one in replayed.estate.expected if one.terraform_type]
    assert len({one.terraform_type for one in managed}) >= 60
    assert len({one.account_id for one in managed}) == 2
    assert {one.region for one in managed} == {"us-east-1", "eu-central-1", "global"}


def test_states_name_this_server_and_lie_where_their_uris_say(replayed: Replayed) -> None:
    bucket = Clients(replayed.estate.endpoint)(replayed.estate.state_account, "s3")
    for uri in replayed.estate.state_uris:
        if uri.startswith("tfstate+s3://"):
            name, _, key = uri.removeprefix("tfstate+s3://").partition("/")
            text = bucket.get_object(Bucket=name, Key=key)["Body"].read().decode()
        else:
            text = Path(uri.removeprefix("tfstate://")).read_text()
        assert json.loads(text)["version"] == 4
        assert PLACE not in text
    assert len(replayed.estate.state_uris) == len(STATES)


def test_queue_urls_in_states_resolve(replayed: Replayed) -> None:
    clients = Clients(replayed.estate.endpoint)
    key = "env:/staging/prod/jobs/terraform.tfstate"
    content = (
        clients(replayed.estate.state_account, "s3")
        .get_object(Bucket="strays-states", Key=key)["Body"]
        .read()
    )
    url = next(
        row["instances"][0]["attributes"]["url"]
        for row in json.loads(content)["resources"]
        if row["type"] == "aws_sqs_queue"
    )
    answer = clients("444444444444", "sqs").get_queue_attributes(
        QueueUrl=url, AttributeNames=["QueueArn"]
    )
    assert answer["Attributes"]["QueueArn"] == "arn:aws:sqs:us-east-1:444444444444:jobs"


def test_recording_says_why_without_terraform(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "")
    assert record.main() == 2
    assert "NOT RECORDED: recording needs terraform on PATH" in caplog.text


def test_planted_secrets_are_in_the_states(replayed: Replayed) -> None:
    assert PLANTED in (FIXTURES / "data.tfstate").read_text()
    assert PLANTED in (FIXTURES / "app.tfstate").read_text()
    assert all(PLANTED not in f"{one}" for one in replayed.estate.expected)


def test_a_wrong_answer_stops_the_player() -> None:
    with moto() as endpoint:
        player = Player(endpoint)
        with pytest.raises(TapeError, match="call 0"):
            player.play([Call("GET", "/nowhere/at-all", {}, b"", 299)])
        player.close()
