"""The command as a user runs it: exit codes, messages, results where they belong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scanner.store import Store
from tests.cli.killed import kept_out, kill_scan
from tests.denying import denying
from tests.world import World

QUEUES = ("--type", "AWS::SQS::Queue", "--region", "us-east-1", "-q")


def strays(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder with the environment of this process."""
    return subprocess.run(
        [sys.executable, "-m", "scanner.cli", *arguments],
        cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True,
        check=False, timeout=600,
    )  # fmt: skip


def asked(folder: Path, query: str) -> list[dict[str, Any]]:
    """Return what a query of the database in a folder gives."""
    with Store.open(folder / "strays.duckdb", read_only=True) as store:
        return store.rows(query)


def state_of(world: World, folder: Path, *names: str) -> Path:
    """Write a state that claims these queues."""
    prefix = f"arn:aws:sqs:us-east-1:{world.account_id}"
    instances = [
        {
            "mode": "managed", "type": "aws_sqs_queue", "name": name,
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [
                {"attributes": {"arn": f"{prefix}:{name}", "id": name}}
            ],
        }
        for name in names
    ]  # fmt: skip
    path = folder / "terraform.tfstate"
    state = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "x",
        "outputs": {},
    }
    path.write_text(json.dumps({**state, "resources": instances}))
    return path


def test_clean_account_exits_0(world: World, tmp_path: Path) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    state = state_of(world, tmp_path, "jobs")
    done = strays(tmp_path, "scan", *QUEUES, "--from", f"tfstate://{state}", "-o", "json://stdout")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "CLEAN"
    assert report["summary"]["total_managed"] == 1


def test_stray_exits_1_and_is_named_in_json_and_inventory(world: World, tmp_path: Path) -> None:
    sqs = world.client("sqs")
    for name in ("jobs", "stray"):
        sqs.create_queue(QueueName=name)
    state = state_of(world, tmp_path, "jobs")
    done = strays(
        tmp_path, "scan", *QUEUES, "--from", f"tfstate://{state}", "-o", "json://out.json"
    )
    assert done.returncode == 1, done.stderr
    report = json.loads((tmp_path / "out.json").read_text())
    arn = f"arn:aws:sqs:us-east-1:{world.account_id}:stray"
    assert [(item["arn"], item["type"]) for item in report["unmanaged"]] == [(arn, "aws_sqs_queue")]
    query = "select arn, status from inventory order by arn"
    rows = json.loads(strays(tmp_path, "query", query, "--format", "json").stdout)
    assert [row["status"] for row in rows] == ["managed", "unmanaged"]


def test_gone_queue_is_missing(world: World, tmp_path: Path) -> None:
    state = state_of(world, tmp_path, "gone")
    done = strays(tmp_path, "scan", *QUEUES, "--from", f"tfstate://{state}", "-o", "json://stdout")
    assert done.returncode == 1
    assert [item["type"] for item in json.loads(done.stdout)["missing"]] == ["aws_sqs_queue"]


def test_denied_service_exits_3_incomplete_and_nothing_is_missing(
    world: World, tmp_path: Path
) -> None:
    state = state_of(world, tmp_path, "jobs")
    with denying(world.endpoint, lambda service, region, body: service == "sqs") as proxy:
        done = strays(
            tmp_path, "scan", *QUEUES, "--from", f"tfstate://{state}", "-o", "json://stdout",
            AWS_ENDPOINT_URL=proxy,
        )  # fmt: skip
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "INCOMPLETE"
    assert report["missing"] == []
    assert [cell["outcome"] for cell in report["cells"]] == ["denied"]


def test_spent_limit_of_calls_exits_3_incomplete(world: World, tmp_path: Path) -> None:
    state = state_of(world, tmp_path, "jobs")
    done = strays(
        tmp_path, "scan", *QUEUES, "--from", f"tfstate://{state}", "-o", "json://stdout",
        STRAYS_MAX_CALLS="1",
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert (report["verdict"], report["missing"]) == ("INCOMPLETE", [])
    assert [cell["error_code"] for cell in report["cells"]] == ["BudgetSpent"]


def test_denied_account_beside_a_stray_exits_1_incomplete(world: World, tmp_path: Path) -> None:
    world.client("sqs").create_queue(QueueName="stray")
    (tmp_path / "strays.toml").write_text(
        f'[scan]\naccounts = ["{world.account_id}", "222222222222"]\nrole_name = "Audit"\n'
        'regions = ["us-east-1"]\ntypes = ["AWS::SQS::Queue"]\n'
    )

    def other(service: str, region: str, body: bytes) -> bool:
        return service == "sts" and b"222222222222" in body

    with denying(world.endpoint, other) as proxy:
        done = strays(tmp_path, "scan", "-q", "-o", "json://stdout", AWS_ENDPOINT_URL=proxy)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "INCOMPLETE"
    assert [item["account_id"] for item in report["unmanaged"]] == [world.account_id]
    outcomes = {cell["account_id"]: cell["outcome"] for cell in report["cells"]}
    assert outcomes == {world.account_id: "ok", "222222222222": "denied"}


def test_no_credentials_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    done = strays(tmp_path, "scan", AWS_DEFAULT_REGION="us-east-1")
    assert done.returncode == 2
    assert done.stderr.startswith("strays: no AWS credentials found")
    assert "Traceback" not in done.stderr


BROKEN = {
    "empty": (b"", "empty"),
    "cut": (b'{"version": 4, "resour', "cut"),
    "new": (b'{"version": 5}', "format 5"),
    "text": (b"not json", "JSON"),
    "secret": (b'{"encrypted_data": "x", "version": 4}', "encrypt"),
}
"""States that cannot be read, and a word of why."""


def test_broken_states_are_named_and_the_scan_goes_on(world: World, tmp_path: Path) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    states = [state_of(world, tmp_path, "jobs")]
    for name, (content, _) in BROKEN.items():
        states.append(tmp_path / f"{name}.tfstate")
        states[-1].write_bytes(content)
    places = ",".join(f"tfstate://{path}" for path in states)
    done = strays(tmp_path, "scan", *QUEUES, "--from", places, "-o", "json://stdout")
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert (report["summary"]["total_managed"], report["verdict"]) == (1, "INCOMPLETE")
    query = "SELECT source_id, message FROM source WHERE outcome <> 'read'"
    unread = {Path(row["source_id"]).stem: row["message"] for row in asked(tmp_path, query)}
    assert unread.keys() == BROKEN.keys()
    for name, (_, told) in BROKEN.items():
        assert told.lower() in unread[name].lower()


@pytest.mark.parametrize(
    ("text", "flags", "told"),
    [
        ("", ["--threads", "0"], "flags: scan.threads: "),
        ("[scan]\nthreads = 0", [], "strays.toml, line 2: scan.threads: "),
        ("[scan]\nthreads = 0", ["--max-calls", "0"], "strays.toml, line 2: scan.threads: "),
        ("scan = 5", ["--threads", "3"], "strays.toml, line 1: scan: "),
        ("[scan]\nmax_age = '99999d'", [], "line 2: scan.max_age: a time is a number"),
        ("", ["--cluster", "local:0"], "flags: scan.cluster: 'local:0' is no tcp://HOST:PORT"),
        ("", ["--account", "12"], "flags: scan.accounts: '12' is no account id"),
        ("", ["--db", "no/such/folder.duckdb"], "the folder of the database no/such/folder.duckdb"),
    ],
)
def test_wrong_value_stops_with_where_it_is_from(
    tmp_path: Path, text: str, flags: list[str], told: str
) -> None:
    (tmp_path / "strays.toml").write_text(text)
    done = strays(tmp_path, "scan", *flags)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["strays.toml"]


def test_unknown_key_in_the_configuration_stops_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "strays.toml").write_text('[scan]\nregions = ["us-east-1"]\nreigons = ["x"]\n')
    done = strays(tmp_path, "scan")
    assert done.returncode == 2
    assert "strays.toml, line 3: unknown key 'scan.reigons'" in done.stderr


def test_database_held_by_another_process_stops_with_its_pid_and_load_finishes(
    world: World, tmp_path: Path
) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    assert strays(tmp_path, "scan", *QUEUES).returncode == 1
    holding = (
        "import duckdb, time; c = duckdb.connect('strays.duckdb', read_only=True);"
        "print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", holding], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done = strays(tmp_path, "scan", *QUEUES, "--lock-timeout", "0.2")
        assert done.returncode == 2
        assert f"process {holder.pid}" in done.stderr
    finally:
        holder.kill()
        holder.communicate()
    assert strays(tmp_path, "load").returncode == 0
    loaded = "SELECT count(*) AS scans FROM scan WHERE state = 'loaded'"
    assert asked(tmp_path, loaded) == [{"scans": 2}]


def test_killed_scan_leaves_the_last_one_readable_and_resumes(world: World, tmp_path: Path) -> None:
    world.client("sqs").create_queue(QueueName="jobs")
    assert strays(tmp_path, "scan", *QUEUES).returncode == 1
    accounts = [world.account_id, *(f"{n:012d}" for n in range(1, 40))]
    (tmp_path / "strays.toml").write_text(
        f'[scan]\naccounts = {json.dumps(accounts)}\nrole_name = "Audit"\n'
        'regions = ["us-east-1"]\ntypes = ["AWS::SQS::Queue", "AWS::SNS::Topic"]\nthreads = 1\n'
    )
    work = tmp_path / "strays.duckdb.work"
    with kept_out(world.endpoint, accounts[-1]) as proxy:
        kill_scan(tmp_path, proxy, lambda: len(list(work.glob("*/shards/[0-9]*"))) >= 3)
    loaded = "SELECT count(*) AS scans FROM scan WHERE state = 'loaded'"
    assert asked(tmp_path, loaded) == [{"scans": 1}]
    done = strays(tmp_path, "scan", "-q", "--resume", "-o", "json://stdout")
    assert done.returncode == 1, done.stderr
    assert done.stdout, done.stderr
    seen = {cell["account_id"] for cell in json.loads(done.stdout)["cells"]}
    assert seen == set(accounts)
    assert not list(work.glob("*"))


def test_a_bug_of_ours_is_no_finding(tmp_path: Path) -> None:
    crash = "from scanner import catalog, cli; catalog.load = lambda **_: 1 / 0; cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", crash, "types"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
    assert "this is a bug of Strays" in done.stderr


def test_steps_run_alone_give_what_scan_gives(world: World, tmp_path: Path) -> None:
    world.client("sqs").create_queue(QueueName="stray")
    assert strays(tmp_path, "collect", *QUEUES).returncode == 0
    no_aws = {"AWS_ACCESS_KEY_ID": "", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    assert strays(tmp_path, "resolve", **no_aws).returncode == 0
    assert strays(tmp_path, "check", "-q", **no_aws).returncode == 1
    done = strays(tmp_path, "report", "-o", "json://stdout", **no_aws)
    assert done.returncode == 0
    assert json.loads(done.stdout)["summary"]["strays"] == 1


def test_doctor_says_what_a_scan_would_trip_over(world: World, tmp_path: Path) -> None:
    (tmp_path / "strays.toml").write_text(
        f'[scan]\naccounts = ["{world.account_id}", "222222222222"]\nregions = ["us-east-1"]\n'
        '[[terraform]]\nfrom = "tfstate://nowhere.tfstate"\n'
    )
    done = strays(tmp_path, "doctor")
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    assert any(line.startswith("ok   credentials") for line in lines)
    assert any(line.startswith(f"ok   account {world.account_id}") for line in lines)
    assert any(line.startswith("FAIL account 222222222222") for line in lines)
    assert any("nowhere.tfstate" in line and line.startswith("FAIL") for line in lines)


def test_starter_configuration_is_valid_and_is_not_overwritten(tmp_path: Path) -> None:
    assert strays(tmp_path, "init").returncode == 0
    assert strays(tmp_path, "rules").returncode == 0
    again = strays(tmp_path, "init")
    assert again.returncode == 2
    assert "is there already" in again.stderr
