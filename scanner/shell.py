"""`strays query` on a terminal: statements end with `;`, history and completion by readline.

Each statement opens the database, runs inside `scanner.sandbox` and closes it again, so a scan can
write while somebody thinks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scanner.errors import QueryError, UsageError
from scanner.queries import named, named_queries
from scanner.schema_docs import Relation, relations

PROMPT, MORE = "strays> ", "   ...> "
HELP = """\
SELECT ... ;     run one statement that reads
.tables          list the tables and views
.schema [NAME]   describe one, or all of them
.queries         list the named queries
.run NAME        run a named query
.help            say this
.quit            leave (so does Ctrl-D)
"""
_KEYWORDS = (
    "SELECT FROM WHERE GROUP BY ORDER LIMIT JOIN LEFT USING ON AND OR NOT NULL IS IN LIKE GLOB AS"
    " DISTINCT COUNT HAVING UNION ALL WITH DESCRIBE SUMMARIZE EXPLAIN CASE WHEN THEN ELSE END DESC"
).split()

Show = Callable[[str], None]


class Shell:
    """Reads statements and commands; `run` runs one statement, `say` shows text."""

    def __init__(self, run: Show, say: Show) -> None:
        self._run = run
        self._say = say

    def loop(self, ask: Callable[[str], str]) -> None:
        """Ask for lines until there are no more; an error of a statement is told and forgotten."""
        statement = ""
        while True:
            try:
                line = ask(MORE if statement else PROMPT)
            except EOFError:
                return
            except KeyboardInterrupt:
                statement = ""
                continue
            statement = f"{statement}\n{line}" if statement else line
            if statement.strip() in (".quit", ".exit"):
                return
            if statement.strip().startswith(".") or statement.rstrip().endswith(";"):
                self._try(statement.strip())
                statement = ""
            elif not statement.strip():
                statement = ""

    def _try(self, statement: str) -> None:
        try:
            self.execute(statement)
        except (QueryError, UsageError) as error:
            self._say(f"{error}\n")

    def execute(self, statement: str) -> None:
        """Run one statement or dot command."""
        if not statement.startswith("."):
            self._run(statement)
            return
        command, _, rest = statement.rstrip(";").partition(" ")
        name = rest.strip()
        if command == ".tables":
            self._say(tables())
        elif command == ".schema":
            self._say(described(name))
        elif command == ".queries":
            self._say("".join(f"{q.name:26} {q.title}\n" for q in named_queries().values()))
        elif command == ".run":
            self._run(named(name).sql)
        elif command == ".help":
            self._say(HELP)
        else:
            raise UsageError(f"there is no command {command}; .help lists them")


def tables() -> str:
    """Return the tables and views with what each is."""
    return "".join(f"{r.name:18} {r.kind:6} {r.about}\n" for r in relations().values())


def described(name: str) -> str:
    """Return one table or view, or all where `name` is empty, with its columns."""
    if name and name not in relations():
        raise UsageError(f"there is no table or view {name!r}; .tables lists them")
    chosen = [relations()[name]] if name else list(relations().values())
    return "\n".join(map(_described, chosen))


def _described(relation: Relation) -> str:
    lines = [f"{relation.kind} {relation.name}: {relation.about}"]
    lines += [f"    {c.name:20} {c.kind:24} {c.told}".rstrip() for c in relation.columns]
    return "\n".join(lines) + "\n"


def completions(text: str, line: str) -> list[str]:
    """Return what may stand in place of `text` at the end of `line`."""
    words = _words(line)
    return sorted({word for word in words if word.lower().startswith(text.lower())})


def _words(line: str) -> Iterator[str]:
    if re.match(r"\s*\.run\s", line):
        yield from named_queries()
        return
    if line.lstrip().startswith(".") and " " not in line.strip():
        yield from re.findall(r"(?m)^\.\w+", HELP)
        return
    yield from relations()
    if line.lstrip().startswith("."):
        return
    for relation in relations().values():
        yield from (column.name for column in relation.columns)
    yield from (word if line[-1:].isupper() else word.lower() for word in _KEYWORDS)


def history_file() -> Path:
    """Return where the history is kept (https://specifications.freedesktop.org/basedir-spec/)."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "strays" / "query_history"


@contextmanager
def line_editing() -> Iterator[None]:
    """Give `input` history and completion; without readline it does without."""
    try:
        import readline
    except ImportError:  # Windows, and Pythons built without it
        yield
        return
    path = history_file()
    if path.is_file():
        readline.read_history_file(path)
    readline.set_history_length(1_000)
    readline.set_completer_delims(" \t\n,;()=<>'\"")
    readline.set_completer(_complete)
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        path.parent.mkdir(parents=True, exist_ok=True)
        readline.write_history_file(path)
        path.chmod(0o600)


def _complete(text: str, state: int) -> str | None:
    import readline

    found = completions(text, readline.get_line_buffer()[: readline.get_endidx()])
    return found[state] if state < len(found) else None
