"""A small database: one queue in two scans, that of the first managed, that of the second not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from shutil import copyfile

import pytest

from scanner.store import Store

FIRST, SECOND = "20260101T000000-aaaa", "20260102T000000-bbbb"
ARN = "arn:aws:sqs:us-east-1:111111111111:jobs"


@pytest.fixture
def database(made_once: Path, tmp_path: Path) -> Path:
    """The path of a database that nobody holds open, alone in its folder."""
    return copyfile(made_once, tmp_path / "strays.duckdb")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that every test gets a copy of."""
    path = tmp_path_factory.mktemp("query") / "strays.duckdb"
    with Store.open(path) as store:
        for scan_id, status in ((FIRST, "managed"), (SECOND, "unmanaged")):
            _insert(store, scan_id, status)
    return path


def _insert(store: Store, scan_id: str, status: str) -> None:
    seen_at = datetime.strptime(scan_id[:8], "%Y%m%d")
    place = {
        "account_id": "111111111111",
        "region": "us-east-1",
        "resource_type": "AWS::SQS::Queue",
    }
    scan = {"scan_id": scan_id}
    run = scan | {"state": "loaded", "started_at": seen_at, "strays_version": "test"}
    _append(store, "scan", run)
    looked = {"service": "sqs", "outcome": "ok", "resources": 1, "calls": 1}
    thing = {
        "arn": ARN,
        "terraform_type": "aws_sqs_queue",
        "resource_id": "jobs",
        "cell_region": "us-east-1",
        "partition": "aws",
        "tags": {"team": "=cmd()"},
        "properties": '{"DelaySeconds": 0, "Big": 12345678901234567890}',
        "keys": [ARN],
        "unreviewed": False,
        "seen_at": seen_at,
    }
    store.table_from_rows("coverage", [place | looked | {"finished_at": seen_at}], scan_id)
    _append(store, "resource", scan | place | thing)
    _append(store, "ownership", scan | {"arn": ARN, "status": status})


def _append(store: Store, table: str, row: dict[str, object]) -> None:
    names = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    store.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", row.values())
