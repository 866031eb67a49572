"""From a night's folder to the notice: the newest plan of each workspace, stale ones told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rules.run import check
from scanner.aws import Aws
from scanner.cli import app
from scanner.config import Config, PlanSource
from scanner.drift.nightly import newest_plans, workspace
from scanner.errors import ConfigError, SourceError
from scanner.find_drift import Ways, find_drift
from scanner.store import Store
from tests.cli.test_scan import state_of, strays
from tests.drift.test_plan import change
from tests.judge.receiver import Receiver, receiving
from tests.judge.scans import add_scan, scan_id
from tests.resolve.build import NOW, claim, resource
from tests.world import World

BUCKET = "acme-plans"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


def plan(delay: int, made: datetime | None = None, **more: Any) -> str:
    told = change(
        before={"id": "jobs", "delay_seconds": 0}, after={"id": "jobs", "delay_seconds": delay}
    )
    drift = [told] if delay else []
    stamp = (made or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"timestamp": stamp, "resource_drift": drift, "resource_changes": [], **more})


def in_folder(folder: Path, **more: Any) -> PlanSource:
    return PlanSource.model_validate({"from": str(folder), **more})


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("2026-11-22/prod/network.json", "prod/network"),
        ("2026/11/22/network.tfplan.json", "network"),
        ("network/2026-11-22T0300Z.json", "network"),
        ("network-20261122.json", "network"),
        ("20261122T030000Z_network.plan.json", "network"),
        ("333333333333/network.json", "333333333333/network"),
        ("2026-11-22.json", "plan"),
    ],
)
def test_a_workspace_is_a_place_without_its_dates(place: str, expected: str) -> None:
    assert workspace(place) == expected


def test_the_newest_plan_of_each_workspace_is_taken(tmp_path: Path) -> None:
    for name in ("2026-11-21/a", "2026-11-22/a", "2026-11-20/b/c"):
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(plan(0))
    found = newest_plans(in_folder(tmp_path), Aws)
    assert [one.place.removeprefix(f"{tmp_path}/") for one in found] == [
        "2026-11-22/a.json", "2026-11-20/b/c.json",
    ]  # fmt: skip
    assert [one.source_id.rpartition(tmp_path.name)[2] for one in found] == ["/a", "/b/c"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "is no plan"),
        ("{", "is no JSON plan"),
        (plan(1, errored=True), "before it failed"),
    ],
)
def test_what_is_no_whole_plan_says_so(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.json").write_text(text)
    [one] = newest_plans(in_folder(tmp_path), Aws)
    with pytest.raises(SourceError, match=why):
        one.plan()


def test_a_place_without_plans_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no plan"):
        newest_plans(in_folder(tmp_path), Aws)
    with pytest.raises(SourceError, match="cannot be read"):
        newest_plans(in_folder(tmp_path / "none.json"), Aws)


def test_a_stack_that_is_none_is_refused_before_a_scan() -> None:
    from scanner.config import load

    with pytest.raises(ConfigError, match="no ARN of a stack"):
        load(None, {"drift.stacks": ["app"]})


def judge(store: Any, number: int, source: PlanSource | None, now: datetime = NOW) -> set[Any]:
    """Look for drift where a source is given, judge, and return what the findings say."""
    if source:
        find_drift(store, Config(), scan_id(number), Ways(plans=[source]), now)
    check(store, Config(), scan_id(number))
    rows = store.rows("SELECT rule_id, state FROM findings WHERE rule_id LIKE '%dr%' OR"
                      " rule_id LIKE 'plan%' OR rule_id = 'coverage_source_unread'")  # fmt: skip
    return {(row["rule_id"], row["state"]) for row in rows}


def test_drift_stays_until_a_plan_says_that_it_is_gone(tmp_path: Path) -> None:
    store, path = Store.memory(), tmp_path / "a.json"
    for number in (1, 2, 3, 4):
        add_scan(store, number, [resource("jobs")], claims=[claim("a.jobs", "jobs")], judged=False)
        if number == 1:
            path.write_text(plan(9, NOW))
            assert judge(store, 1, in_folder(tmp_path)) == {("drifted", "open")}
        elif number == 2:
            assert judge(store, 2, None) == {("drifted", "not_seen")}
        elif number == 3:
            path.write_text("{")
            told = judge(store, 3, in_folder(tmp_path))
            assert told == {("drifted", "not_seen"), ("coverage_source_unread", "open")}
        else:
            path.write_text(plan(0, NOW))
            told = judge(store, 4, in_folder(tmp_path))
            assert told == {("drifted", "closed"), ("coverage_source_unread", "closed")}


def test_a_plan_that_is_too_old_is_told(tmp_path: Path) -> None:
    store = Store.memory()
    add_scan(store, 1, [resource("jobs")], claims=[claim("a.jobs", "jobs")], judged=False)
    (tmp_path / "a.json").write_text(plan(0, NOW))
    later = NOW + timedelta(days=1)
    assert judge(store, 1, in_folder(tmp_path, max_age="2d"), later) == set()
    told = judge(store, 1, in_folder(tmp_path, max_age="12h"), later)
    assert told == {("plan_stale", "open")}
    [row] = store.rows("SELECT message FROM findings WHERE rule_id = 'plan_stale'")
    assert "is of 2026-01-01 00:00, older than 12h" in row["message"]


def test_the_command_reads_a_folder_and_says_what_it_could_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.open(tmp_path / "strays.duckdb") as store:
        add_scan(store, 1, [resource("jobs")], claims=[claim("a.jobs", "jobs")], judged=False)
    (tmp_path / "night").mkdir()
    (tmp_path / "night" / "a.json").write_text(plan(9))
    command = ["drift", "--plan", "night", "--no-direct"]
    done = CliRunner().invoke(app, command)
    assert (done.exit_code, done.stdout) == (0, "1 differences; `strays check` reports them\n")
    (tmp_path / "night" / "b.json").write_text("{")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "plan://night/b: not read: night/b.json is no JSON plan" in done.stderr


def test_from_the_nights_in_a_bucket_to_the_notice(
    world: World, tmp_path: Path, receiver: Receiver
) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    s3 = world.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    today, before = datetime.now(UTC), datetime.now(UTC) - timedelta(days=9)
    for key, text in {
        f"nightly/{before:%Y-%m-%d}/jobs.json": plan(0, before),
        f"nightly/{today:%Y-%m-%d}/jobs.json": plan(9).replace('"a.jobs"', '"aws_sqs_queue.jobs"'),
        f"nightly/{before:%Y-%m-%d}/gone.json": plan(0, before),
    }.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
    state = state_of(world, tmp_path, "jobs")
    (tmp_path / "strays.toml").write_text(f"""
[scan]
types = ["AWS::SQS::Queue"]
regions = ["us-east-1"]
[[terraform]]
from = "tfstate://{state}"
[[plan]]
from = "s3://{BUCKET}/nightly/"
[[notify]]
url = "{receiver.url}"
min_severity = "low"
""")
    done = strays(tmp_path, "scan", "-q")
    assert done.returncode == 1, done.stderr
    [(_, body)] = receiver.told
    told = {row["rule_id"]: row["message"] for row in json.loads(body)["findings"]}
    assert told["drifted"].startswith("aws_sqs_queue.jobs differs from its code in delay_seconds")
    assert told["plan_stale"].startswith(f"plan://s3://{BUCKET}/nightly/gone: stale: s3://")
    assert set(told) == {"drifted", "plan_stale"}
