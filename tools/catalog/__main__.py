"""Writes what the generator makes, and prints how it differs from the last run.

`python -m tools.catalog` writes; with `--check` it fails where it would have written.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tools.catalog.difference import told
from tools.catalog.outputs import ROOT, outputs, pages


def main() -> int:
    """Run; returns 1 where `--check` finds a difference."""
    keep = "--check" in sys.argv
    stale = _settled(outputs(), keep) + _settled(pages(), keep)
    return int(stale > 0 and keep)


def _settled(files: Mapping[Path, str], keep: bool) -> int:
    """Tell of and write what differs (or only tell); return how many files that is."""
    stale = 0
    for path, text in files.items():
        before = path.read_text("utf-8") if path.exists() else ""
        sys.stdout.write(told(path.relative_to(ROOT), before, text))
        stale += before != text
        if before != text and not keep:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
