"""The compliance report: its eight parts, its OSCAL, its chain, and that it notices a byte.

OSCAL is checked against the models that the package `oscal-bindings` generates from NIST's JSON
schema 1.2.3 (and was checked once, by hand, with the package `oscal`, against NIST's metaschema
1.1.3 with its constraints).
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from oscal_bindings import AssessmentResultsDocument

from reports import Context, RuleFacts, parse, summarize, write
from reports.compliance.controls import Outcome, Result, evaluate, frameworks
from reports.compliance.manifest import verify
from scanner.errors import ReportError
from scanner.store import Store
from tests.ledger import change_cells
from tests.reports.crowd import many
from tests.reports.sample import (
    ANSI,
    FIRST,
    FORMULA,
    IMAGE,
    SCRIPT,
    SECOND,
    STATE,
    estate,
    with_units,
)
from tests.reports.test_page import POLICY, Elements, csp_hash

RULES = {
    "unmanaged_resource": RuleFacts("In no code", "ownership", "CIS 1.2", "ab" * 32),
    "burst_of_alike_resources": RuleFacts("Burst", "intruder", "NIST 800-53 SI-4"),
}


def context_of(store: Store) -> Context:
    return Context.of(store, rules=RULES)


def reported(store: Store, folder: Path, framework: str = "nist-800-53") -> Path:
    context = context_of(store)
    write(f"compliance://{folder}/register?framework={framework}", store, context)
    return folder / "register" / f"{context.scan_id}-{framework}"


def seen_whole(store: Store) -> Store:
    change_cells(store, "outcome", "'ok'")
    store.run("DELETE FROM source WHERE outcome = 'failed'")
    return store


def results(store: Store, framework: str = "nist-800-53") -> dict[str, Result]:
    found = evaluate(frameworks()[framework], store, context_of(store), summarize(store))
    return {result.control.control_id: result for result in found}


def test_the_page_has_the_eight_parts(tmp_path: Path) -> None:
    page = (reported(estate(), tmp_path) / "index.html").read_text("utf-8")
    heads = re.findall(r"<h2>(\d) (\w+)", page)
    assert [word for _, word in heads] == [
        "Scope", "Population", "Completeness", "Result", "Exceptions", "Ages", "Sample",
        "Integrity",
    ]  # fmt: skip
    for told in ("assumed-role/Audit/night", "INCOMPLETE", "not you", "serial 41", "seed", "abab"):
        assert told in page
    assert "satisf" not in page


def test_the_page_runs_and_loads_nothing_whatever_things_are_called(tmp_path: Path) -> None:
    page = (reported(estate(), tmp_path) / "index.html").read_text("utf-8")
    found = POLICY.search(page)
    assert found is not None
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert f"style-src {csp_hash(style)}" in found["policy"]
    assert "script-src" not in found["policy"]
    assert {tag for tag, _ in Elements(page).found} & {"script", "img", "iframe"} == set()
    for rude in (IMAGE, SCRIPT, ANSI):
        assert rude not in page


@pytest.mark.parametrize("framework", sorted(frameworks()))
def test_every_framework_gives_valid_oscal(framework: str, tmp_path: Path) -> None:
    folder = reported(estate(), tmp_path, framework)
    document = json.loads((folder / "assessment-results.json").read_text("utf-8"))
    AssessmentResultsDocument.model_validate(document)
    (result,) = document["assessment-results"]["results"]
    controls = frameworks()[framework].controls
    assert len(result["findings"]) == len(controls)
    (chosen,) = result["reviewed-controls"]["control-selections"]
    ids = [control["control-id"] for control in chosen["include-controls"]]
    assert ids == [frameworks()[framework].oscal_id(control) for control in controls]


def test_what_oscal_refers_to_is_in_it(tmp_path: Path) -> None:
    folder = reported(estate(), tmp_path)
    document = json.loads((folder / "assessment-results.json").read_text("utf-8"))
    text = json.dumps(document)
    uuids = set(re.findall(r'"uuid": "([^"]+)"', text))
    assert set(re.findall(r'"(?:subject|observation)-uuid": "([^"]+)"', text)) <= uuids
    assert set(re.findall(r'"href": "#([^"]+)"', text)) <= uuids
    files = re.findall(r'"href": "([a-z-]+\.\w+)"', text)
    assert files
    assert all((folder / name).is_file() for name in files)


@pytest.mark.parametrize("framework", sorted(frameworks()))
def test_every_rule_of_a_framework_runs_and_every_control_says_what_it_leaves_open(
    framework: str,
) -> None:
    for result in results(estate(), framework).values():
        assert result.control.supports
        assert result.control.not_covered
        assert "$" not in result.control.passes
        for text in (result.control.supports, result.control.passes, result.control.not_covered):
            assert "satisf" not in text.lower()


def test_nothing_passes_that_rests_on_what_was_not_seen() -> None:
    assert results(estate())["SI-4"].outcome is Outcome.CANNOT_SAY
    assert results(seen_whole(estate()))["SI-4"].outcome is Outcome.PASS
    assert results(estate())["CM-8"].outcome is Outcome.FAIL
    assert results(seen_whole(estate()))["CM-8"].outcome is Outcome.PASS


def test_strays_speak_against_and_approved_exceptions_do_not() -> None:
    store = seen_whole(estate())
    (control,) = [results(store)["CM-8(3)"]]
    assert control.outcome is Outcome.FAIL
    assert len(control.against) == summarize(store).strays
    store.run("UPDATE finding SET state = 'excepted' WHERE status = 'unmanaged'")
    assert results(store)["CM-8(3)"].outcome is Outcome.PASS
    store.run("UPDATE finding SET state = 'baselined' WHERE status = 'unmanaged'")
    assert results(store)["CM-8(3)"].outcome is Outcome.FAIL


def test_an_ended_exception_with_hits_and_a_self_approved_one_speak_against() -> None:
    against = results(estate())["CM-8(6)"].against
    assert [row["subject"] for row in against] == ["EXC-2", "EXC-3"]


def test_a_gap_between_scans_speaks_against_the_daily_one() -> None:
    store = estate()
    assert results(store)["CA-7"].outcome is Outcome.PASS
    store.run(f"UPDATE scan SET started_at = started_at - INTERVAL 3 DAY WHERE scan_id = '{FIRST}'")
    assert "96 hours" in results(store)["CA-7"].against[0]["why"]


def test_the_lists_are_whole_and_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    folder = reported(many(700, accounts=3), tmp_path / "many")
    for name, rows in (("against", 2100), ("ages", 700), ("coverage", 1), ("runs", 2)):
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            assert len(list(csv.DictReader(lines))) >= rows
    text = (reported(estate(), tmp_path) / "ages.csv").read_text("utf-8")
    assert not re.search(r"(?m)(^|,)[=+@]", text)
    assert FORMULA not in text


def test_the_second_count_is_compared_and_differences_are_explained(tmp_path: Path) -> None:
    folder = reported(many(50, accounts=1), tmp_path)
    with (folder / "population.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert sum(int(row["resources"]) for row in rows) == 50
    assert all(row["explained"] for row in rows if row["resources"] != row["listed"])


def test_the_sample_has_raw_evidence_and_is_drawn_alike_again(tmp_path: Path) -> None:
    first = (reported(estate(), tmp_path) / "sample.json").read_bytes()
    (tmp_path / "again").mkdir()
    assert (reported(estate(), tmp_path / "again") / "sample.json").read_bytes() == first
    items: list[dict[str, Any]] = json.loads(first)
    (queue,) = [item for item in items if item["name"] == "jobs"]
    claim = next(claim for claim in queue["claims"] if claim["source_id"] == STATE)
    assert (claim["serial"], claim["address"]) == (41, "aws_sqs_queue.jobs")


def test_the_sample_names_the_event_that_made_a_thing(tmp_path: Path) -> None:
    folder = reported(with_units(estate()), tmp_path)
    items = json.loads((folder / "sample.json").read_text("utf-8"))
    (made,) = [item["made_by"] for item in items if item["name"] == "ghost"]
    assert (made[0]["event_id"], made[0]["creator"][-7:]) == ("e-1", "mallory")
    assert "event e-1" in (folder / "index.html").read_text("utf-8")


def two_reports(folder: Path) -> Path:
    store = estate()
    store.as_of(FIRST)
    reported(store, folder)
    store.as_of(None)
    reported(store, folder)
    return folder / "register"


def test_a_register_that_was_left_alone_verifies(tmp_path: Path) -> None:
    register = two_reports(tmp_path)
    assert [found.folder.name[:16] for found in verify(register)] == [FIRST[:16], SECOND[:16]]
    last = register / f"{SECOND}-nist-800-53"
    manifest = json.loads((last / "manifest.json").read_text())
    assert manifest["previous"]["manifest_sha256"] == verify(register)[0].sha256
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=last, check=True)


def test_one_byte_altered_in_any_file_is_noticed_and_the_file_is_named(tmp_path: Path) -> None:
    folder = reported(estate(), tmp_path)
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for at in (0, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(ReportError, match=re.escape(path.name)):
                verify(folder)
        path.write_bytes(whole)
    assert len(verify(folder)) == 1


def test_a_file_that_is_missing_or_was_added_is_named(tmp_path: Path) -> None:
    folder = reported(estate(), tmp_path)
    (folder / "ages.csv").rename(folder / "other.csv")
    with pytest.raises(ReportError, match=r"ages.csv is missing; .*other.csv was added"):
        verify(folder)


def test_a_report_made_anew_breaks_the_chain(tmp_path: Path) -> None:
    register = two_reports(tmp_path)
    first = register / f"{FIRST}-nist-800-53"
    for path in first.iterdir():
        path.unlink()
    first.rmdir()
    with pytest.raises(ReportError, match="follows, is not there"):
        verify(register)
    store = estate()
    store.run("DELETE FROM finding")
    store.as_of(FIRST)
    (tmp_path / "forgery").mkdir()
    reported(store, tmp_path / "forgery").rename(first)
    with pytest.raises(ReportError, match="does not follow"):
        verify(register)


def test_evidence_is_not_overwritten_and_the_same_report_is_no_change(tmp_path: Path) -> None:
    folder = reported(estate(), tmp_path)
    before = (folder / "manifest.json").read_bytes()
    reported(estate(), tmp_path)
    assert (folder / "manifest.json").read_bytes() == before
    other = estate()
    other.run("DELETE FROM finding")
    with pytest.raises(ReportError, match="evidence is not overwritten"):
        reported(other, tmp_path)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_chain_grows_at_its_end_only(tmp_path: Path) -> None:
    store = estate()
    reported(store, tmp_path)
    store.as_of(FIRST)
    with pytest.raises(ReportError, match="of a newer scan"):
        reported(store, tmp_path)


@pytest.mark.parametrize("path", ["x?framework=nist", "x?frame=soc-2", "x?framework=", ""])
def test_a_wrong_framework_is_refused_before_the_scan(path: str) -> None:
    with pytest.raises(ReportError, match=r"frameworks are nist-800-53, .*soc-2|name a folder"):
        parse(f"compliance://{path}")


def test_without_a_scan_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no scan to report on"):
        reported(Store.memory(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["nowhere", "empty", "file"])
def test_a_folder_without_reports_does_not_verify(place: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match=place):
        verify(tmp_path / place)
