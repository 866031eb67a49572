"""The files of a hand-off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scanner.errors import ReportError


def write_texts(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts by file name into a folder, made where it lacks; raises `ReportError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        raise ReportError(f"{folder} cannot be written: {error}") from error
    return [folder / name for name in texts]
