"""SQL files of several steps."""

from __future__ import annotations

import re


def steps(text: str) -> dict[str, list[str]]:
    """Return an SQL text as named steps of statements.

    `-- step NAME` begins a step, `;` at a line's end ends a statement.
    """
    found: dict[str, list[str]] = {}
    for part in text.split("-- step ")[1:]:
        name, _, body = part.partition("\n")
        plain = "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("--"))
        found[name.strip()] = [
            piece.strip()
            for piece in re.split(r";\s*$", plain, flags=re.MULTILINE)
            if piece.strip()
        ]
    return found
