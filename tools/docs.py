"""Writes the pages of docs/ that come from the code: `python tools/docs.py [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer.main

import rules as rulebook
from scanner.cli import app
from scanner.queries import named_queries
from scanner.schema_docs import relations
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
    parts = [
        f"## {' '.join(names)}",
        "",
        "```",
        *(line.rstrip() for line in text.splitlines()),
        "```",
        "",
    ]
    for name, child in sorted(getattr(command, "commands", {}).items()):
        parts += _command(child, [*names, name])
    return parts


def configuration_page() -> str:
    """The starter configuration, which explains every key."""
    head = [
        "# strays.toml",
        "",
        "Made by `python tools/docs.py`; `strays init` writes the same file.",
        "",
    ]
    return "\n".join([*head, "```toml", starter().rstrip(), "```", ""])


def rules_page() -> str:
    """Every rule with its front matter, by kind."""
    parts = [
        "# Rules",
        "",
        "Made by `python tools/docs.py` from the rules' own front matter.",
        "",
        _RULES,
    ]
    for kind in rulebook.KINDS:
        parts += ["", f"## {kind.capitalize()}"]
        for rule in rulebook.load():
            if rule.kind == kind:
                parts += ["", f"### {rule.rule_id}", "", *_rule(rule)]
    return "\n".join(parts) + "\n"


_RULES = """A rule is an SQL file whose name is its id; `strays.toml` switches (`[rules]
disable`), re-grades (`[rules.RULE_ID] severity`) and parametrises (`params`) any of them, and
`[rules] folders` adds your own. A rule is one SELECT over the views (`inventory`, `claims`,
`cell`, `findings` ...) and `exposed` (`arn, how`: what is open to the world). It returns `arn` or
`subject`, a `message`, and if it likes `severity`, `status`, `evidence` and the identity columns
of a finding. It runs without access to files or the network, and one that tries is refused by its
file's name. The severity below is where grading begins: exposure and the environment's policy
move it, and the evidence says why."""


def _rule(rule: rulebook.Rule) -> list[str]:
    facts = {
        "Title": rule.title, "Severity": rule.severity, "About": rule.about, "Fix": rule.fix,
        "Parameters": ", ".join(f"`{name} = {value!r}`" for name, value in rule.params.items()),
        "Supports": rule.controls, "References": rule.references,
    }  # fmt: skip
    return [f"- {name}: {value}" for name, value in facts.items() if value]


def schema_page() -> str:
    """Every table and view with its columns, views first, as `schema.sql` tells them."""
    parts = ["# Tables and views", "", _SCHEMA]
    for relation in sorted(relations().values(), key=lambda found: found.kind == "table"):
        parts += ["", f"## {relation.name}", "", f"A {relation.kind}. {relation.about}", ""]
        parts += ["| column | type | |", "|---|---|---|"]
        for column in relation.columns:
            told = column.told.replace("|", "\\|")
            parts.append(f"| {column.name} | {column.kind} | {told} |")
    return "\n".join(parts) + "\n"


_SCHEMA = """Made by `python tools/docs.py` from the comments of `scanner/schema.sql`.

`strays query` reads all of them; `.schema NAME` in it shows the same. Begin with the views: they
show, per cell, the newest look, or the past after a scan (`--scan ID`). Besides these there is one
view per resource type that has rows, named as Steampipe names its tables (`aws_sqs_queue`): `arn,
title, name, tags, account_id, region, partition, created_at, status, owner`, then each property of
the type in snake_case."""


def queries_page() -> str:
    """Every named query with what it is good for and its SQL."""
    parts = ["# Named queries", "", _QUERIES]
    for query in named_queries().values():
        parts += ["", f"## {query.name}", "", f"{query.title}. {query.about}"]
        parts += ["", "```sql", query.sql, "```"]
    return "\n".join(parts) + "\n"


_QUERIES = """Made by `python tools/docs.py` from `scanner/queries/*.sql`.

`strays query --list` lists them, `strays query --name NAME` runs one; each is one statement over
the views, to copy and change."""


PAGES = {
    "commands.md": commands_page,
    "configuration.md": configuration_page,
    "queries.md": queries_page,
    "rules.md": rules_page,
    "schema.md": schema_page,
}


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
