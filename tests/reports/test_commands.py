"""`strays report` and `strays verify` as a user runs them, on a database of the sample estate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.store import Store
from tests.reports.sample import PRODUCTION, estate


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("estate") / "strays.duckdb"
    made = estate()
    with Store.open(path) as store, store.transaction():
        for table in made.tables():
            if table != "meta":
                store.table_from_arrow(table, made.arrow(f"SELECT * FROM {table}"))
    return path


def strays(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command where no AWS credentials are."""
    return subprocess.run(
        [sys.executable, "-m", "scanner.cli", *arguments], cwd=folder, env={**os.environ, **more},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def test_a_compliance_report_verifies_until_a_byte_is_altered(
    database: Path, tmp_path: Path
) -> None:
    made = strays(
        tmp_path, "report", "--db", str(database), "-o", "compliance://evidence?framework=cis-8.1"
    )
    assert made.returncode == 0, made.stderr
    well = strays(tmp_path, "verify", "evidence")
    assert well.returncode == 0
    assert "11 files as written, manifest " in well.stdout
    (folder,) = (tmp_path / "evidence").iterdir()
    page = folder / "index.html"
    assert "iam_principal_outside_code" in page.read_text("utf-8")
    page.write_bytes(page.read_bytes().replace(b"INCOMPLETE", b"INCOMPLETe", 1))
    altered = strays(tmp_path, "verify", "evidence")
    assert altered.returncode == 2
    assert altered.stderr == f"strays: {page.relative_to(tmp_path)} was altered\n"


def test_a_framework_that_does_not_exist_is_refused(database: Path, tmp_path: Path) -> None:
    spec = "compliance://evidence?framework=hipaa"
    refused = strays(tmp_path, "report", "--db", str(database), "-o", spec)
    assert refused.returncode == 2
    assert "nist-800-53, cis-8.1" in refused.stderr
    assert not (tmp_path / "evidence").exists()


def test_a_redacted_report_has_no_account_and_one_key_gives_it_twice(
    database: Path, tmp_path: Path
) -> None:
    spec = ("report", "--db", str(database), "-o", "json://stdout")
    plain = strays(tmp_path, *spec).stdout
    assert PRODUCTION in plain
    keyed = [
        strays(tmp_path, *spec, "--redact", STRAYS_REDACT_KEY="spring").stdout for _ in range(2)
    ]
    assert keyed[0] == keyed[1] != strays(tmp_path, *spec, "--redact").stdout
    assert PRODUCTION not in keyed[0]
    assert json.loads(keyed[0])["summary"] == json.loads(plain)["summary"]


def test_a_siem_is_told_what_the_rules_say_of_themselves(database: Path, tmp_path: Path) -> None:
    told = strays(tmp_path, "report", "--db", str(database), "-o", "ocsf://stdout").stdout
    events = [json.loads(line) for line in told.splitlines()]
    (stray, *_) = [e for e in events if e.get("message") == "ghost is in no code"]
    assert stray["compliance"]["requirements"][0].startswith("NIST 800-53")
    assert stray["finding_info"]["title"] != "unmanaged_resource"
