"""The compliance report: a folder of evidence for one framework, for people and for machines.

`compliance://DIR?framework=nist-800-53` adds to the register DIR a folder `SCAN-FRAMEWORK` with
the eight parts that an auditor expects as a page, OSCAL assessment results, the lists behind them
as CSV, a sample with raw evidence, and a manifest that chains it to the report before it. Evidence
is never overwritten: a report that differs from the one that stands there is refused.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec

from reports.compliance import parts
from reports.compliance.controls import evaluate, frameworks
from reports.compliance.manifest import MANIFEST, reports_in, seal
from reports.encode import plain
from reports.summary import summarize
from reports.target import Target
from reports.text import defused
from scanner.errors import ReportError

if TYPE_CHECKING:
    from reports.compliance.controls import Framework, Result
    from reports.context import Context
    from reports.reading import Row
    from scanner.store import Store

FORMAT = "compliance"
TITLE = "evidence for an auditor in FOLDER?framework=KEY: a page, OSCAL, lists, a manifest"
DEFAULT = "nist-800-53"


def check(target: Target) -> None:
    """Raise `ReportError` where the target names no folder or no framework of ours."""
    _parsed(target)


def write(store: Store, target: Target, context: Context) -> None:
    """Write the report of the newest scan that the store shows into its own folder of the register.

    Raises `ReportError` where there is no scan, or another report of it stands there.
    """
    place, framework = _parsed(target)
    register = Path(place.path)
    if not register.absolute().parent.is_dir():
        raise ReportError(f"{target} cannot be written: its folder does not exist, make it first")
    if context.scan_id is None:
        raise ReportError(f"{target}: there is no scan to report on")
    name = f"{context.scan_id}-{framework.key}"
    scratch = register / f".{name}.part"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        scratch.mkdir(parents=True)
        _fill(scratch, store, context, framework)
        about = {"report": name, "framework": framework.key, "scan_id": context.scan_id}
        seal(scratch, about, _previous(register, name, framework))
        _settle(scratch, register / name)
    except OSError as error:
        raise ReportError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _parsed(target: Target) -> tuple[Target, Framework]:
    path, _, query = target.path.partition("?")
    place = Target(target.format, path)
    if place.is_stdout:
        raise ReportError("compliance cannot go to the standard output: name a folder")
    if place.is_s3:
        raise ReportError(f"{target}: a register is a folder of this machine; copy it to S3 whole")
    asked = parse_qs(query, keep_blank_values=True)
    key = asked.pop("framework", [DEFAULT])[-1]
    known = frameworks()
    if asked or key not in known:
        wrong = f"?{next(iter(asked))}=" if asked else f"framework {key!r}"
        raise ReportError(f"{target}: {wrong} is not known; frameworks are {', '.join(known)}")
    return place, known[key]


def _previous(register: Path, name: str, framework: Framework) -> Path | None:
    """Return the newest report of this framework that is older than the one to be written.

    Raises `ReportError` where a newer one stands there: a chain grows at its end only.
    """
    others = [r for r in reports_in(register) if r.name.endswith(f"-{framework.key}")]
    newer = [report.name for report in others if report.name > name]
    if newer and not (register / name).exists():
        raise ReportError(
            f"{register} holds {newer[0]}, of a newer scan: a report is only added after the"
            " others, name another folder"
        )
    older = [report for report in others if report.name < name]
    return older[-1] if older else None


def _settle(scratch: Path, folder: Path) -> None:
    """Give a finished report its name; the same report may stand there already."""
    if not folder.exists():
        scratch.rename(folder)
        return
    there = folder / MANIFEST
    if not there.is_file() or there.read_bytes() != (scratch / MANIFEST).read_bytes():
        raise ReportError(
            f"{folder} holds another report of this scan: evidence is not overwritten,"
            " name another folder"
        )


def _fill(folder: Path, store: Store, context: Context, framework: Framework) -> None:
    from reports.compliance.oscal import assessment_results
    from reports.compliance.page import page

    summary = summarize(store)
    outcome = evaluate(framework, store, context, summary)
    content = {
        "accounts": parts.accounts(store),
        "population": parts.population(store),
        "results": parts.results(store),
        "exceptions": parts.exceptions(store),
        "ages": parts.ages(store, context),
        "runs": parts.runs(store, context),
        "sample": [_plain(item) for item in parts.sample(store, context)],
    }
    (folder / "index.html").write_text(
        page(store, context, framework, outcome, summary, content), "utf-8"
    )
    oscal = assessment_results(framework, outcome, context, summary)
    _json(folder / "assessment-results.json", oscal)
    _json(folder / "sample.json", content["sample"])
    _lists(folder, store, outcome, content)


def _lists(folder: Path, store: Store, outcome: list[Result], content: dict[str, Any]) -> None:
    from reports.reading import cells

    register = [row for rows in content["exceptions"].values() for row in rows]
    rules = {(r.control.rule.rule_id, r.control.passes): r.against for r in outcome}
    against = [{"rule": rule, **row} for (rule, _), rows in rules.items() for row in rows]
    for name, rows in (
        ("population", content["population"]), ("coverage", cells(store)), ("against", against),
        ("exceptions", register), ("ages", content["ages"]), ("runs", content["runs"]),
    ):  # fmt: skip
        _csv(folder / f"{name}.csv", rows)


def _csv(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        number = -1
        for number, row in enumerate(rows):
            if number == 0:
                out.writerow(row)
            out.writerow(defused("" if value is None else str(value)) for value in row.values())
        if number < 0:
            out.writerow(["none"])


def _json(path: Path, value: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """Return a sampled resource as JSON has it; a claim's evidence is a text, the others' JSON."""
    claims = [
        plain({**row, "evidence": None}) | {"evidence": row["evidence"]} for row in item["claims"]
    ]
    rows = {key: [plain(row) for row in item[key]] for key in ("findings", "made_by")}
    return plain(item) | rows | {"claims": claims}
