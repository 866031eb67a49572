"""Shards below a prefix in S3: whole or absent, resumed, loaded, and written nowhere else."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from scanner import pipeline
from scanner.aws import Aws
from scanner.clock import utc_now
from scanner.config import Config
from scanner.errors import GrantError, StoreError, UsageError
from scanner.model import Coverage
from scanner.places import Place
from scanner.shards_s3 import Prefix, WorkPrefix
from scanner.store import Store
from scanner.work import newest_work, open_work
from tests.world import Quiet, World

ROW = Coverage(
    "111111111111", "us-east-1", "AWS::SQS::Queue", "sqs", "ok", None, None, 1, 0, utc_now()
)


@pytest.fixture
def prefix(world: World) -> Prefix:
    name = f"work-{world.account_id}"
    world.client("s3").create_bucket(Bucket=name)
    return Prefix.of(f"s3://{name}/strays/nightly", Aws())


def test_shards_come_back_as_they_were_written(prefix: Prefix) -> None:
    work = WorkPrefix.create(prefix, {"types": ["AWS::SQS::Queue"]}, "arn:aws:iam::1:user/u")
    work.write("111111111111", {"coverage": [ROW]})
    work.write("sources", {})
    found = WorkPrefix.read(prefix.below(work.manifest.scan_id))
    assert found.manifest == work.manifest
    assert found.names() == {"111111111111", "sources"}
    with found.local() as shards, Store.memory() as store:
        store.load(work.manifest.scan_id, shards)
        assert store.value("SELECT count(*) FROM coverage") == 1
        [row] = store.rows("SELECT * EXCLUDE scan_id FROM coverage")
        assert row == {**dataclasses.asdict(ROW), "outcome": "ok"}
    assert not shards.exists()


def test_newest_work_is_the_newest_that_is_not_loaded(prefix: Prefix) -> None:
    assert WorkPrefix.newest(prefix) is None
    older = WorkPrefix.create(prefix, {}, None)
    prefix.below("99990101T000000-torn").put("shards/1.zip", b"")  # no manifest: not begun
    found = WorkPrefix.newest(prefix)
    assert found is not None
    assert found.address == older.address
    found.finish()
    assert WorkPrefix.newest(prefix) is None


def test_shard_spoilt_in_the_bucket_is_named(prefix: Prefix) -> None:
    work = WorkPrefix.create(prefix, {}, None)
    prefix.below(work.manifest.scan_id).put("shards/111111111111.zip", b"PK")
    with pytest.raises(StoreError, match=r"111111111111\.zip"), work.local():
        pass


def test_names_that_lead_out_of_the_folder_are_no_shards(prefix: Prefix) -> None:
    work = WorkPrefix.create(prefix, {}, None)
    here = prefix.below(work.manifest.scan_id)
    for name in ("...zip", "..%2F.zip", "notes.txt"):
        here.put(f"shards/{name}", b"")
    assert work.names() == set()


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("PutObject", {"Key": "strays/nightly-other/x", "Body": b""}),
        ("PutObject", {"Key": "x", "Body": b""}),
        ("GetObject", {"Key": "strays/daily/x"}),
        ("ListObjectsV2", {"Prefix": ""}),
        ("PutObject", {"Bucket": "elsewhere", "Key": "strays/nightly/x", "Body": b""}),
        ("DeleteObject", {"Key": "strays/nightly/x"}),
    ],
)
def test_its_grant_reaches_nothing_outside_the_prefix_and_deletes_nothing(
    prefix: Prefix, operation: str, params: dict[str, Any]
) -> None:
    place: Place = prefix._place()
    with pytest.raises(GrantError):
        prefix.aws.call(place, "s3", operation, {"Bucket": prefix.bucket, **params})


def test_whole_bucket_is_no_work_prefix(world: World) -> None:
    with pytest.raises(UsageError, match="prefix of its own"):
        Prefix.of("s3://bucket/", Aws())


def test_scan_over_s3_is_resumed_and_loaded_from_there(
    world: World, prefix: Prefix, tmp_path: Path
) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    config = Config.model_validate(
        {
            "database": str(tmp_path / "s.duckdb"),
            "work": prefix.url,
            "scan": {"regions": ["us-east-1"], "types": ["AWS::SQS::Queue"]},
        }
    )
    begun = pipeline.collect_scan(config, Quiet())
    again = pipeline.collect_scan(config, Quiet(), resume=True)
    assert again.address == begun.address
    assert begun.names() == {"sources", world.account_id}
    scan_id = pipeline.load_scan(config, open_work(begun.address, config))
    with pipeline.open_store(config, read_only=True) as store:
        assert store.value("SELECT count(*) FROM resource WHERE scan_id = ?", [scan_id]) == 1
    assert newest_work(config) is None
    assert not list(tmp_path.glob("*.work/*"))
