"""The command line. It alone prints results and exits.

Exit codes: 0 clean; 1 an open finding at or above --fail-on; 2 error or wrong usage; 3 no such
finding, but not everything in scope could be seen.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType, TracebackType
from typing import Annotated, NoReturn

import typer

from scanner import __version__
from scanner.commands import (
    actions,
    catalog,
    events,
    exceptions,
    graphs,
    history,
    reports,
    scanning,
    setup,
)
from scanner.errors import StraysError

app = typer.Typer(
    name="strays",
    help="Find every AWS resource that no infrastructure as code owns.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    scanning, reports, graphs, history, exceptions, actions, events, catalog, setup,
):  # fmt: skip
    app.add_typer(group.app)


def main() -> None:
    """Run the command; every error of ours is one line on stderr and its exit code."""
    sys.excepthook = _crashed
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)
    try:
        typer.main.get_command(app)()  # `app()` would put typer's excepthook in place of ours
    except StraysError as error:
        typer.echo(f"strays: {error}", err=True)
        sys.exit(error.exit_code)


def _crashed(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> NoReturn:
    # Python's own hook ends with 1, which says "findings" to whoever runs us.
    sys.__excepthook__(kind, error, trace)
    typer.echo("strays: this is a bug of Strays, please report the lines above", err=True)
    sys.exit(StraysError.exit_code)


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    raise StraysError("stopped; what was collected stays, `strays scan --resume` goes on with it")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"strays {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """What every command shares."""


if __name__ == "__main__":
    main()
