"""How a collection goes, on stderr: a live line on a terminal, a line an account elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any, Self

from scanner.model import Account, Outcome


class LineProgress:
    """One line per account; nothing when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._accounts = self._finished = self._cells = 0
        self._calls = 0
        self._lock = threading.Lock()  # several accounts are under way at once

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to put back."""

    def planned(self, accounts: int) -> None:
        """Say how much there is to do."""
        self._accounts = accounts
        self._say(f"listing {accounts} account{'s' if accounts != 1 else ''}")

    def entered(self, cells: int) -> None:
        """Say how many cells a lone account has."""
        if self._accounts == 1:
            self._say(f"listing {cells} cells")

    def done(self, cells: int, calls: int) -> None:
        """Count cells and calls."""
        with self._lock:
            self._cells += cells
            self._calls += calls

    def account_done(self, account: Account) -> None:
        """Say that an account is finished, and how."""
        self._finished += 1
        how = "done" if account.outcome is Outcome.OK else f"{account.outcome}: {account.message}"
        self._say(
            f"account {account.account_id} {how}"
            f" ({self._finished} of {self._accounts}, {self._calls} calls)"
        )

    def _say(self, text: str) -> None:
        if not self._quiet:
            print(f"strays: {text}", file=sys.stderr)  # noqa: T201 (the progress is a message)


class LiveProgress(LineProgress):
    """A bar with accounts, cells, calls a second and the time left."""

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total} cells"),
            TextColumn("{task.fields[rate]:.0f} calls/s"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._began = time.monotonic()
        self._task: Any = None
        self._entered = self._known = 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def planned(self, accounts: int) -> None:
        """Draw the bar, whose end is known as accounts are entered."""
        self._accounts = accounts
        self._task = self._bar.add_task(f"0/{accounts} accounts", total=0, rate=0.0)

    def entered(self, cells: int) -> None:
        """Put the end of the bar where it is, going by the accounts entered so far."""
        with self._lock:
            self._entered += 1
            self._known += cells
            total = self._known * max(self._accounts, self._entered) // self._entered
        self._bar.update(self._task, total=total)

    def done(self, cells: int, calls: int) -> None:
        """Move the bar."""
        super().done(cells, calls)
        rate = self._calls / max(time.monotonic() - self._began, 0.001)
        self._bar.update(self._task, advance=cells, rate=rate)

    def account_done(self, account: Account) -> None:
        """Count the account; say it where it could not be entered."""
        self._finished += 1
        self._bar.update(self._task, description=f"{self._finished}/{self._accounts} accounts")
        if account.outcome is not Outcome.OK:
            self._bar.console.print(
                f"strays: account {account.account_id} {account.outcome}: {account.message}",
                markup=False,
            )


def progress_for(quiet: bool) -> LineProgress:
    """Return the live display on a terminal, else the plain one."""
    return LiveProgress() if sys.stderr.isatty() and not quiet else LineProgress(quiet)
