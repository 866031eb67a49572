"""Writes the pages of docs/ that come from the code: `python tools/docs.py [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer.main

from scanner.cli import app
from scanner.starter import starter

DOCS = Path(__file__).parent.parent / "docs"


def commands_page() -> str:
    """Every command with its help, as the command line prints it at 100 columns."""
    parts = ["# Commands", "", "Made by `python tools/docs.py` from the command line itself.", ""]
    root = typer.main.get_command(app)
    parts += _command(root, ["strays"])
    return "\n".join(parts).rstrip() + "\n"


def _command(command: Any, names: list[str]) -> list[str]:
    context = command.make_context(" ".join(names), [], resilient_parsing=True)
    context.terminal_width = context.max_content_width = 100
    text = command.get_help(context)
    parts = [f"## {' '.join(names)}", "", "```", *(line.rstrip() for line in text.splitlines()), "```", ""]
    for name, child in sorted(getattr(command, "commands", {}).items()):
        parts += _command(child, [*names, name])
    return parts


def configuration_page() -> str:
    """The starter configuration, which explains every key."""
    head = ["# strays.toml", "", "Made by `python tools/docs.py`; `strays init` writes the same file.", ""]
    return "\n".join([*head, "```toml", starter().rstrip(), "```", ""])


PAGES = {"commands.md": commands_page, "configuration.md": configuration_page}


def main() -> int:
    """Write the pages, or with --check say which are not current."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if "--check" in sys.argv and (not path.exists() or path.read_text("utf-8") != text):
            stale.append(name)
        elif "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    if stale:
        print(f"not current: {', '.join(stale)}; run python tools/docs.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
