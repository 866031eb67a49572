"""Reports kept word for word; `GOLDEN=write pytest tests/reports` makes them anew."""

from __future__ import annotations

import os
from pathlib import Path


def same_as_golden(name: str, made: str) -> None:
    """Compare a report with the one kept under this name."""
    kept = Path(__file__).parent / name
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(made, "utf-8")
    assert made == kept.read_text("utf-8"), f"{name} differs from the golden one"
