"""Writes what the generator makes, and prints how it differs from the last run.

`python -m tools.catalog` writes; with `--check` it writes nothing and fails where something differs.
"""

from __future__ import annotations

import sys

from tools.catalog.difference import told
from tools.catalog.outputs import outputs, ROOT


def main() -> int:
    """Run; returns 1 where `--check` finds a difference."""
    stale = 0
    for path, text in outputs().items():
        before = path.read_text("utf-8") if path.exists() else ""
        sys.stdout.write(told(path.relative_to(ROOT), before, text))
        stale += before != text
        if before != text and "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return int(stale > 0 and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
