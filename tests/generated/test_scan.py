"""A scan with --all-types on the emulator: generated types are scanned, and say what they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from scanner.cli import app
from scanner.store import Store
from tests.world import World

KIND, QUEUE = "AWS::IoT::Thing", "AWS::SQS::Queue"


@pytest.fixture
def things(world: World) -> World:
    """A type that only the generator knows, and a reviewed one."""
    world.client("iot").create_thing(thingName="mine")
    world.client("sqs").create_queue(QueueName="mine")
    return world


def _scan(folder: Path, *flags: str) -> list[dict[str, object]]:
    database = folder / "strays.duckdb"
    command = ["collect", "--db", str(database), "--region", "us-east-1", "--quiet", *flags]
    ran = CliRunner().invoke(app, command)
    assert ran.exit_code == 0, ran.output
    with Store.open(database, read_only=True) as store:
        return store.rows("SELECT resource_type, name, unreviewed FROM current_resource ORDER BY 1")


def test_all_types_brings_rows_that_say_nobody_reviewed_their_type(
    things: World, tmp_path: Path
) -> None:
    assert _scan(tmp_path, "--all-types", "--type", f"{KIND},{QUEUE}") == [
        {"resource_type": KIND, "name": "mine", "unreviewed": True},
        {"resource_type": QUEUE, "name": "mine", "unreviewed": False},
    ]


def test_without_it_a_generated_type_is_unknown(things: World, tmp_path: Path) -> None:
    command = ["collect", "--db", str(tmp_path / "x.duckdb"), "--type", KIND]
    ran = CliRunner().invoke(app, command)
    assert "fits no resource type" in str(ran.exception)
