"""Which types the tests prove, read from the tests themselves.

A test of `tests/catalog` proves a type where it asks for its rows by name: by `look`, `row` or
`rows` of what the emulator answered (verified), by `replay` of what AWS documents (documented).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2] / "tests" / "catalog"
READERS = {"look": "verified", "row": "verified", "rows": "verified", "replay": "documented"}
_TYPE = re.compile(r"(AWS|Ext)::\w+::\w+")


def proved() -> dict[str, list[str]]:
    """Return the types by what proves them."""
    found: dict[str, set[str]] = {"verified": set(), "documented": set()}
    for path in sorted(TESTS.glob("test_*.py")):
        for how, name in _read(ast.parse(path.read_text("utf-8"))):
            found[how].add(name)
    return {how: sorted(names) for how, names in found.items()}


def _read(module: ast.Module) -> Iterator[tuple[str, str]]:
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for test in module.body:
        if not (isinstance(test, ast.FunctionDef) and test.name.startswith("test_")):
            continue
        for node in ast.walk(test):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                how = READERS.get(node.func.id)
                texts = (_text(argument, constants) for argument in node.args)
                yield from ((how, t) for t in texts if how and t and _TYPE.fullmatch(t))


def _text(node: ast.expr, constants: dict[str, ast.expr]) -> str | None:
    """Return the text of an argument: written out, a constant of the file, or a sum."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name) and node.id in constants:
        return _text(constants[node.id], constants)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_text(side, constants) for side in (node.left, node.right)]
        return "".join(part for part in parts if part) if None not in parts else None
    return None
