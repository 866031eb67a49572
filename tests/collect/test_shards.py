"""A shard is whole or it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.clock import utc_now
from scanner.errors import StoreError
from scanner.model import Coverage
from scanner.shards import Manifest, WorkFolder
from scanner.store import Store

ROW = Coverage(
    "111111111111", "us-east-1", "AWS::SQS::Queue", "sqs", "ok", None, None, 1, 0, utc_now()
)


def test_what_a_kill_left_half_written_is_not_loaded(tmp_path: Path) -> None:
    work = WorkFolder.create(tmp_path, {}, None)
    work.write("111111111111", {"coverage": [ROW]})
    torn = work.path / "unfinished" / "222222222222.7"
    torn.mkdir(parents=True)
    (torn / "coverage.parquet").write_bytes(b"PAR1")
    assert work.names() == {"111111111111"}
    with Store.memory() as store:
        store.load(work.manifest.scan_id, work.shards)
        assert store.value("SELECT count(*) FROM coverage") == 1


def test_a_shard_spoilt_on_the_disk_is_named_with_what_to_do(tmp_path: Path) -> None:
    work = WorkFolder.create(tmp_path, {}, None)
    work.write("111111111111", {"coverage": [ROW]})
    (work.shards / "111111111111" / "coverage.parquet").write_bytes(b"PAR1")
    with Store.memory() as store, pytest.raises(StoreError, match=r"--resume") as told:
        store.load(work.manifest.scan_id, work.shards)
    assert str(work.shards / "111111111111" / "coverage.parquet") in str(told.value)


def test_ids_of_scans_that_begin_within_a_second_sort_as_they_began() -> None:
    made = [Manifest.new({}, None).scan_id for _ in range(50)]
    assert sorted(made) == made


def test_a_shard_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    work = WorkFolder.create(tmp_path, {}, None)
    (work.path / "unfinished").touch()
    with pytest.raises(StoreError, match=rf"{work.path}: .*what was collected stays"):
        work.write("111111111111", {"coverage": [ROW]})
    assert work.names() == set()


def test_a_manifest_whose_id_could_end_a_quote_is_refused(tmp_path: Path) -> None:
    work = WorkFolder.create(tmp_path, {}, None)
    path = work.path / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(work.manifest.scan_id, "x' OR true"), "utf-8")
    with pytest.raises(StoreError, match="is no scan's id"):
        WorkFolder.read(work.path)
