"""Many accounts: a scan of a simulated organization, whose answers are canned."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.simulator import Settings, simulated
from tests.world import simulated_world

TYPES = (  # a protocol each
    "AWS::S3::Bucket", "AWS::EC2::VPC", "AWS::IAM::Role", "AWS::SQS::Queue",
    "AWS::Lambda::Function",
)  # fmt: skip


def test_every_cell_of_fifty_accounts_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated(Settings(accounts=50, regions=1, items=1, pages=2)) as endpoint:
        world = simulated_world(endpoint, tmp_path, monkeypatch)
        store = world.collect(*TYPES, regions=("*",), organization=True, role_name="Auditor")
    cells = store.rows("SELECT outcome, count(*) AS n FROM coverage GROUP BY ALL ORDER BY ALL")
    assert cells == [{"outcome": "ok", "n": 50 * len(TYPES)}]
    assert store.value("SELECT count(*) FROM resource") == 50 * len(TYPES) * 2
