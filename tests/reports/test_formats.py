"""Outputs by name: what is known, what is refused, and that files are whole or not at all."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import reports
from reports import Context, Target, formats, parse, write
from scanner.errors import ReportError
from scanner.store import Store
from tests.reports.sample import estate

FOLDERS = {"csv", "parquet", "asff", "compliance"}
"""Formats that write a folder of files, or may."""


def test_every_module_with_a_format_is_offered() -> None:
    modules = [
        importlib.import_module(f"reports.{module.name}")
        for module in pkgutil.iter_modules(reports.__path__)
    ]
    declared = {module.FORMAT for module in modules if hasattr(module, "FORMAT")}
    assert set(formats()) == declared
    assert {"console", "json", "html", "parquet", "csv"} <= declared
    assert all(found.title for found in formats().values())


@pytest.mark.parametrize("spec", ["json", "report.json", "jsonn://x", "://x", ""])
def test_a_spec_of_another_shape_is_refused_with_the_known_formats(spec: str) -> None:
    with pytest.raises(ReportError, match=r"formats are .*console.*json"):
        parse(spec)


@pytest.mark.parametrize("name", sorted(formats()))
def test_a_folder_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    spec = f"{name}://{tmp_path}/nowhere/report.{name}"
    with pytest.raises(ReportError, match=r"nowhere.*folder does not exist"):
        write(spec, Store.memory(), Context())


@pytest.mark.parametrize("name", sorted(set(formats()) - FOLDERS))
def test_a_folder_is_no_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="is a folder"):
        write(f"{name}://{tmp_path}", Store.memory(), Context())


@pytest.mark.parametrize("name", sorted(set(formats()) - FOLDERS))
def test_every_format_writes_one_whole_file_and_leaves_nothing_else(
    name: str, tmp_path: Path
) -> None:
    store = estate()
    write(f"{name}://{tmp_path}/report.out", store, Context.of(store))
    assert [path.name for path in tmp_path.iterdir()] == ["report.out"]
    assert (tmp_path / "report.out").stat().st_size > 100


@pytest.mark.parametrize("name", sorted(set(formats()) - FOLDERS))
def test_two_reports_of_one_scan_are_the_same_bytes(name: str, tmp_path: Path) -> None:
    for place in ("a", "b"):
        store = estate()
        write(f"{name}://{tmp_path}/{place}", store, Context.of(store))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def write_half(target: Target) -> None:
    with target.open() as stream:
        stream.write(b"half" * (1 // 0))


def test_a_report_that_fails_leaves_the_old_one_standing(tmp_path: Path) -> None:
    old = tmp_path / "report.json"
    old.write_text("the old one")
    with pytest.raises(ZeroDivisionError):
        write_half(Target("json", str(old)))
    assert old.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_place_that_is_no_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="cannot be written: not a directory"):
        write(f"json://{tmp_path}/file/out.json", Store.memory(), Context())
    with pytest.raises(ReportError, match="cannot be written: not a directory"):
        write(f"csv://{tmp_path}/file/out/", Store.memory(), Context())


def test_no_path_and_stdout_both_mean_the_standard_output(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    for spec in ("console://", "console://stdout"):
        write(spec, Store.memory(), Context())
        assert capfdbinary.readouterr().out.endswith(b"verdict: INCOMPLETE\n")


def test_a_past_scan_can_be_reported(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    store = estate()
    store.as_of("20261121T020000Z-aaaa")
    context = Context.of(store)
    assert context.scan_id == "20261121T020000Z-aaaa"
    write("console://", store, context)
    assert b"i-gpu" not in capfdbinary.readouterr().out
