"""What is kept of the past, and what the newest views never lose by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner import history
from scanner.config import HistoryConfig
from scanner.model import Outcome
from scanner.store import Store
from tests.judge.scans import add_scan, day, scan_id
from tests.resolve.build import ACCOUNT, cell, owns, resource

STRAY = resource("jobs", properties={"DelaySeconds": 5})
FAR = resource("far", region="eu-west-1")


@pytest.fixture(scope="module")
def ten_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten days: one region was last seen whole on the third, and denied ever since."""
    path: Path = tmp_path_factory.mktemp("days") / "strays.duckdb"
    store = Store.open(path)
    for number in range(10):
        denied = [cell(), cell(Outcome.DENIED, region=FAR.region)]
        seen = [STRAY, FAR] if number < 3 else [STRAY]
        child = resource("child")
        add_scan(
            store, number, [*seen, child], cells=None if number < 3 else denied,
            links=[owns(STRAY, child, kind="contains")],
        )  # fmt: skip
    store.close()
    return path


@pytest.fixture
def store(ten_days: Path, tmp_path: Path) -> Iterator[Store]:
    """The ten days, to be changed."""
    copy = tmp_path / "strays.duckdb"
    copy.write_bytes(ten_days.read_bytes())
    with Store.open(copy) as opened:
        yield opened


def views(store: Store) -> list[list[dict[str, object]]]:
    names = ("inventory", "cell", "findings", "claims")
    return [store.rows(f"SELECT * FROM {name} ORDER BY ALL") for name in names]


def test_old_scans_go_and_nothing_that_the_newest_views_show(store: Store) -> None:
    before = views(store)
    assert history.prune(store, HistoryConfig(keep="4d"), day(10)) == 5
    assert views(store) == before
    kept = [row["scan_id"] for row in store.rows("SELECT scan_id FROM scan ORDER BY 1")]
    assert kept == [scan_id(number) for number in (2, 6, 7, 8, 9)]
    for table in history.SCAN_TABLES:
        assert (
            store.value(
                f"SELECT count(*) FROM {table} WHERE scan_id NOT IN (SELECT scan_id FROM scan)"
            )
            == 0
        )


def test_findings_keep_their_first_day_when_their_first_scan_is_gone(store: Store) -> None:
    history.prune(store, HistoryConfig(keep="2d"), day(10))
    add_scan(store, 10, [STRAY], cells=[cell(), cell(Outcome.DENIED, region=FAR.region)])
    rows = store.rows("SELECT first_seen FROM findings WHERE name = 'jobs'")
    assert rows == [{"first_seen": day(0)}]
    assert store.value("SELECT first_seen FROM inventory WHERE name = 'jobs'") == day(0)


def test_documents_of_old_scans_go_before_their_verdicts(store: Store) -> None:
    before = views(store)
    assert history.prune(store, HistoryConfig(documents="4d"), day(10)) == 0
    assert views(store) == before
    store.as_of(scan_id(4))
    rows = store.rows("SELECT properties, status FROM inventory WHERE name = 'jobs'")
    assert rows == [{"properties": "{}", "status": "unmanaged"}]
    assert store.value("SELECT count(*) FROM link WHERE scan_id = ?", [scan_id(4)]) == 0


def test_everything_stays_where_nothing_is_said(store: Store) -> None:
    assert history.prune(store, HistoryConfig(), day(1000)) == 0
    assert store.value("SELECT count(*) FROM scan") == 10


def test_diff_of_scans_that_are_kept_is_as_before(store: Store) -> None:
    before = history.diff(store, scan_id(6), scan_id(9))
    history.prune(store, HistoryConfig(keep="4d", documents="1d"), day(10))
    assert history.diff(store, scan_id(6), scan_id(9)) == before


def test_compacting_keeps_every_row_and_view_and_gives_the_room_back(tmp_path: Path) -> None:
    path = tmp_path / "strays.duckdb"
    with Store.open(path) as store:
        add_scan(store, 0, [STRAY])
        store.run(
            "CREATE TABLE filler AS SELECT sha256(i::VARCHAR) AS text FROM range(200000) AS t (i)"
        )
    with Store.open(path) as store:
        store.run("DROP TABLE filler")
        store.run("CHECKPOINT")
        assert history.wasteful(store)
        before, size = views(store), path.stat().st_size
        history.compact(store)
    with Store.open(path) as store:
        assert views(store) == before
        assert not history.wasteful(store)
    assert path.stat().st_size < size / 2
    assert [file.name for file in tmp_path.iterdir()] == ["strays.duckdb"]


def test_an_account_is_as_big_as_the_scan_that_called_it_most() -> None:
    store = Store.memory()
    for number, calls in enumerate((3, 7, 1)):
        add_scan(store, number, [], cells=[cell(calls=calls), cell(calls=2, region="eu-west-1")])
    assert history.calls_by_account(store) == {ACCOUNT: 9}
