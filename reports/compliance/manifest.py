"""Integrity: what every file of a report hashes to, and which report it follows.

A folder of reports is a chain: each manifest names the hash of the one before it, so that none can
be changed or taken out in the middle unnoticed. `SHA256SUMS` has the form that `sha256sum -c`
reads. Against somebody who writes all of it anew stands only a hash kept elsewhere, or a signature:
both start from the manifest's own hash, which `verify` prints.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.errors import ReportError

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Verified:
    """A report that is as it was written: its folder and its manifest's SHA-256."""

    folder: Path
    sha256: str
    files: int


def seal(folder: Path, about: dict[str, Any], previous: Path | None) -> None:
    """Write the manifest and the sums over all files of a folder; `previous` is a sealed one."""
    files = {path.name: _facts(path) for path in sorted(folder.iterdir())}
    manifest = {
        "format_version": FORMAT_VERSION,
        **about,
        "previous": previous
        and {"report": previous.name, "manifest_sha256": _sha256(previous / MANIFEST)},
        "files": files,
    }
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8")
    (folder / SUMS).write_text(_sums(folder, [*files, MANIFEST]), "utf-8")


def verify(folder: Path) -> list[Verified]:
    """Check a report, or every report of a folder and the chain between them.

    Raises `ReportError` naming every file that was altered, is missing or was added, and every
    link of the chain that does not hold.
    """
    reports = reports_in(folder)
    if not reports:
        raise ReportError(f"{folder} holds no report to verify: there is no {MANIFEST} in it")
    troubles = [trouble for report in reports for trouble in _troubles(report)]
    if not troubles and not _is_report(folder):
        troubles = _broken_links(reports)
    if troubles:
        raise ReportError("; ".join(troubles))
    return [
        Verified(report, _sha256(report / MANIFEST), len(list(report.iterdir())))
        for report in reports
    ]


def reports_in(folder: Path) -> list[Path]:
    """Return a report's own folder, or those of the reports below it by their names."""
    if _is_report(folder):
        return [folder]
    if not folder.is_dir():
        raise ReportError(f"{folder} is no folder")
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_dir() and not path.name.startswith(".") and _is_report(path)
    )


def _is_report(folder: Path) -> bool:
    return any((folder / name).exists() for name in (MANIFEST, SUMS))


def _troubles(folder: Path) -> list[str]:
    """Compare a report with its two records: the sums vouch for the manifest, it for the rest."""
    manifest, sums = folder / MANIFEST, _read_sums(folder / SUMS)
    if not manifest.is_file():
        return [f"{manifest} is missing"]
    if not sums:
        return [f"{folder / SUMS} is missing or was altered"]
    if sums.get(MANIFEST) != _sha256(manifest):
        return [f"{manifest} was altered, or its line in {SUMS}"]
    files = {
        name: facts["sha256"] for name, facts in json.loads(manifest.read_bytes())["files"].items()
    }
    there = {path.name for path in folder.iterdir()} - {MANIFEST, SUMS}
    found = [f"{folder / name} is missing" for name in sorted(set(files) - there)]
    found += [f"{folder / name} was added" for name in sorted(there - set(files))]
    found += [
        f"{folder / name} was altered"
        for name in sorted(there & set(files))
        if not (folder / name).is_file() or _sha256(folder / name) != files[name]
    ]
    if not found and (folder / SUMS).read_text("utf-8") != _sums(folder, [*files, MANIFEST]):
        found.append(f"{folder / SUMS} was altered")
    return found


def _read_sums(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _broken_links(reports: list[Path]) -> list[str]:
    """Return where a report does not follow the one before it of the same kind."""
    last: dict[str, Path] = {}
    found = []
    for report in reports:
        manifest = json.loads((report / MANIFEST).read_text("utf-8"))
        before = last.get(manifest["framework"])
        said = manifest["previous"] or {}
        expected = {} if before is None else {
            "report": before.name, "manifest_sha256": _sha256(before / MANIFEST)
        }  # fmt: skip
        if before is not None and said != expected:
            found.append(f"{report / MANIFEST} does not follow {before.name}")
        elif before is None and said:
            found.append(f"{said.get('report')}, which {report.name} follows, is not there")
        last[manifest["framework"]] = report
    return found


def _facts(path: Path) -> dict[str, Any]:
    return {"sha256": _sha256(path), "bytes": path.stat().st_size}


def _sums(folder: Path, names: list[str]) -> str:
    return "".join(f"{_sha256(folder / name)}  {name}\n" for name in sorted(names))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
