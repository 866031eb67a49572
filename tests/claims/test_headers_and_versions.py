"""Headers of one's own for HTTP, and older versions of an object in S3."""

from __future__ import annotations

import pytest

from tests.claims.loopback import Asked, Told, loopback
from tests.claims.shelf import held, row, state
from tests.claims.test_terraform_sources import only, rows
from tests.world import World

OLD = state(row("aws_sqs_queue", held(id="old")), serial=1)
NEW = state(row("aws_sqs_queue", held(id="new")), serial=2)


def test_headers_are_sent_and_one_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", "planted")
    headers = {"PRIVATE-TOKEN": "$GITLAB_TOKEN", "X-Team": "core"}
    with loopback(lambda _: Told(NEW)) as (host, asked):
        found = only(f"tfstate+http://{host}/state", headers=headers)
    assert (found.outcome, found.serial) == ("read", 2)
    assert (asked[0].headers["private-token"], asked[0].headers["x-team"]) == ("planted", "core")
    assert "planted" not in str(found)


def test_header_whose_variable_is_not_set_is_a_failed_row() -> None:
    with loopback(lambda _: Told(NEW)) as (host, asked):
        found = only(f"tfstate+http://{host}/state", headers={"PRIVATE-TOKEN": "$NOT_SET_HERE"})
    assert "its header PRIVATE-TOKEN is to come from $NOT_SET_HERE" in str(found.message)
    assert asked == []


def test_headers_do_not_follow_a_redirect() -> None:
    def answer(asked: Asked) -> Told:
        there = {"Location": "/there"}
        return Told(NEW) if asked.path == "/there" else Told(b"", 302, there)

    with loopback(answer) as (host, asked):
        found = only(f"tfstate+http://{host}/here", headers={"PRIVATE-TOKEN": "planted"})
    assert found.outcome == "read"
    assert ["private-token" in one.headers for one in asked] == [True, False]


def test_pinned_version_of_an_object_is_read(world: World) -> None:
    s3 = world.client("s3")
    name = f"versioned-{world.account_id}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=name, Key="a.tfstate", Body=OLD)["VersionId"]
    s3.put_object(Bucket=name, Key="a.tfstate", Body=NEW)
    place = f"tfstate+s3://{name}/a.tfstate"
    found = rows(f"{place}?versionId={version}")
    assert [(one.source_id, one.serial) for one in found] == [(f"{place}?versionId={version}", 1)]
    assert only(place).serial == 2
