"""House rules of the code that no linter holds: every public thing is told, no file is long."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import PACKAGES, ROOT, modules, tracked

LONGEST = dict.fromkeys(PACKAGES, 300) | {"tests": 400, "benchmarks": 300}
"""Lines per file. Tests are tables of cases, so they may be longer."""

Told = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_every_public_module_class_and_function_has_a_docstring() -> None:
    untold = [
        f"{path}:{getattr(node, 'lineno', 1)}: {name}"
        for path in modules()
        for name, node in _public(ast.parse((ROOT / path).read_text("utf-8")), path.stem)
        if not ast.get_docstring(node) and not _is_empty(path)
    ]
    assert untold == []


def _is_empty(path: Path) -> bool:
    return not (ROOT / path).read_text("utf-8").strip()


def _public(node: Told, name: str) -> Iterator[tuple[str, Told]]:
    """Yield a module or class and the public things in it, not what stands inside functions."""
    if not name.startswith("_") or name == "__init__":
        yield name, node
        if isinstance(node, ast.Module | ast.ClassDef):
            for child in node.body:
                if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield from _public_child(child)


def _public_child(
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[str, Told]]:
    if not node.name.startswith("_"):
        yield from _public(node, node.name)


@pytest.mark.parametrize(("folder", "longest"), LONGEST.items())
def test_no_python_file_is_longer_than_a_reader_bears(folder: str, longest: int) -> None:
    files = [path for path in tracked(folder) if path.suffix == ".py"]
    lengths = {str(path): len((ROOT / path).read_text("utf-8").splitlines()) for path in files}
    assert lengths
    assert {path: length for path, length in lengths.items() if length > longest} == {}
