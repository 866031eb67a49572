"""A scan that its budget ended: `--resume` looks at what is left, and at nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner import __version__, pipeline
from scanner.config import Config
from scanner.errors import UsageError
from scanner.running import only_one
from scanner.work import newest_work
from tests.cli.killed import kept_out, kill_scan
from tests.cli.test_scan import asked, strays
from tests.world import Quiet, World

CELLS = "SELECT outcome, error_code, count(*) AS n FROM coverage GROUP BY ALL ORDER BY ALL"


def config(world: World, folder: Path, max_calls: int | None, **more: Any) -> Config:
    return Config.model_validate(
        {
            "database": str(folder / "strays.duckdb"),
            "scan": {
                "regions": ["us-east-1", "eu-west-1"],
                "types": ["AWS::SQS::Queue", "AWS::SNS::Topic"],
                "threads": 1,
                "max_calls": max_calls,
            },
            **more,
        }
    )


def test_killed_and_begun_again_it_ends_with_each_thing_once(world: World, tmp_path: Path) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    accounts = [world.account_id, *(f"{n:012d}" for n in range(1, 20))]
    (tmp_path / "strays.toml").write_text(
        f'[scan]\naccounts = {json.dumps(accounts)}\nrole_name = "Audit"\nthreads = 1\n'
        'regions = ["us-east-1"]\ntypes = ["AWS::SQS::Queue", "AWS::SNS::Topic"]\n'
    )
    cut = strays(tmp_path, "scan", "--max-calls", "70", "-o", "json://stdout")
    assert "--resume goes on" in cut.stderr
    assert json.loads(cut.stdout)["verdict"] == "INCOMPLETE"
    [before] = asked(tmp_path, "SELECT count(*) AS n FROM coverage WHERE outcome = 'ok'")
    assert 0 < before["n"] < 2 * len(accounts)
    work = tmp_path / "strays.duckdb.work"
    *_, last = sorted(path.name.removesuffix("-cut1") for path in work.glob("*/shards/*-cut1"))
    with kept_out(world.endpoint, last) as proxy:
        kill_scan(tmp_path, proxy, lambda: any(work.glob("*/shards/*-2")), "--resume")
    done = strays(tmp_path, "scan", "--resume", "-o", "json://stdout")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert {cell["outcome"] for cell in report["cells"]} == {"ok"}
    assert len(report["cells"]) == 2 * len(accounts)
    assert asked(tmp_path, "SELECT name FROM inventory") == [{"name": "jobs"}]
    assert asked(tmp_path, "SELECT count(*) AS n FROM resource") == [{"n": 1}]
    assert asked(tmp_path, "SELECT state FROM scan") == [{"state": "loaded"}]
    assert not list(work.glob("*"))


@pytest.mark.parametrize("where", ["folder", "s3"])
def test_what_was_seen_is_not_asked_again(world: World, tmp_path: Path, where: str) -> None:
    for name in ("a", "b"):
        world.client("sqs", "eu-west-1").create_queue(QueueName=name)
    more: dict[str, Any] = {}
    if where == "s3":
        world.client("s3").create_bucket(Bucket=f"work-{world.account_id}")
        more["work"] = f"s3://work-{world.account_id}/strays"
    scan_id = pipeline.scan(config(world, tmp_path, 10, **more), Quiet())
    unlimited = config(world, tmp_path, None, **more)
    with pipeline.open_store(unlimited) as store:
        seen = store.rows("SELECT * FROM coverage WHERE outcome = 'ok'")
        assert 0 < len(seen) < 4
    assert pipeline.scan(unlimited, Quiet(), resume=True) == scan_id
    with pipeline.open_store(unlimited) as store:
        assert store.rows(CELLS) == [{"outcome": "ok", "error_code": None, "n": 4}]
        assert [row for row in seen if row not in store.rows("SELECT * FROM coverage")] == []
        assert store.rows("SELECT name, status FROM inventory ORDER BY name") == [
            {"name": name, "status": "unmanaged"} for name in ("a", "b")
        ]
        query = "SELECT name FROM findings WHERE rule_id = 'unmanaged_resource' ORDER BY name"
        assert store.rows(query) == [{"name": "a"}, {"name": "b"}]
        assert store.value("SELECT count(*) FROM scan") == 1
    assert newest_work(unlimited) is None
    with pytest.raises(UsageError, match="nothing to resume"):
        pipeline.scan(unlimited, Quiet(), resume=True)


def test_another_scan_takes_the_place_of_what_was_left(world: World, tmp_path: Path) -> None:
    cut, unlimited = config(world, tmp_path, 3), config(world, tmp_path, None)
    pipeline.scan(cut, Quiet())
    kept = newest_work(cut)
    assert kept is not None
    pipeline.scan(cut, Quiet())
    newest = newest_work(cut)
    assert newest is not None
    assert newest.address != kept.address
    assert not Path(kept.address).exists()
    pipeline.scan(unlimited, Quiet())
    assert newest_work(cut) is None


def test_shards_of_a_running_scan_are_not_loaded_nor_collected_by_another(
    world: World, tmp_path: Path
) -> None:
    work = pipeline.collect_scan(config(world, tmp_path, None), Quiet())
    commands = [("load",), ("load", work.address, "--db", "other"), ("collect", "--resume")]
    with only_one(Path(work.address).parent):
        for command in commands:
            refused = strays(tmp_path, *command)
            assert refused.returncode == 2
            assert "another scan of this database is running" in refused.stderr
    assert strays(tmp_path, "load").stdout.strip() == work.manifest.scan_id


def test_it_goes_on_over_what_it_was_begun_with(world: World, tmp_path: Path) -> None:
    begun = config(world, tmp_path, 3)
    pipeline.collect_scan(begun, Quiet())
    other = {"regions": ["us-west-2"], "types": ["AWS::EC2::VPC"], "accounts": ["000000000001"]}
    changed = config(world, tmp_path, None)
    changed = changed.model_copy(update={"scan": changed.scan.model_copy(update=other)})
    pipeline.scan(changed, Quiet(), resume=True)
    query = "SELECT DISTINCT account_id, region, resource_type, outcome FROM coverage ORDER BY ALL"
    assert [tuple(row.values()) for row in asked(tmp_path, query)] == [
        (world.account_id, region, type_, "ok")
        for region in ("eu-west-1", "us-east-1")
        for type_ in ("AWS::SNS::Topic", "AWS::SQS::Queue")
    ]


def test_what_is_older_or_of_another_version_or_without_since_is_not_gone_on_with(
    world: World, tmp_path: Path
) -> None:
    whole = config(world, tmp_path, None)
    older = pipeline.collect_scan(whole, Quiet())
    pipeline.load_scan(whole, pipeline.collect_scan(whole, Quiet()))
    with pytest.raises(UsageError, match=rf"older than .*`strays load {older.address}`"):
        pipeline.scan(whole, Quiet(), resume=True)
    newest = pipeline.collect_scan(whole, Quiet())
    since = whole.scan.model_copy(update={"since": "last"})
    with pytest.raises(UsageError, match="begun without --since"):
        pipeline.scan(whole.model_copy(update={"scan": since}), Quiet(), resume=True)
    manifest = Path(newest.address) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(__version__, "0.0.1"))
    with pytest.raises(UsageError, match=r"begun by Strays 0\.0\.1"):
        pipeline.scan(whole, Quiet(), resume=True)
