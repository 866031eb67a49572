"""What a report is about, besides what the tables hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from scanner import __version__

if TYPE_CHECKING:
    from scanner.store import Store


@dataclass(frozen=True)
class Context:
    """One report's frame. Times are naive UTC; everything has a default, so tests give little.

    `colour` is whether the standard output takes ANSI colour.
    """

    scan_id: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    strays_version: str = __version__
    caller_arn: str | None = None
    scope: str | None = None
    colour: bool = False

    @classmethod
    def of(cls, store: Store, *, colour: bool = False) -> Self:
        """Return the frame of the newest scan that the views show (`Store.as_of` moves it back)."""
        scans = store.rows("SELECT * FROM visible_scan ORDER BY scan_id DESC LIMIT 1")
        if not scans:
            return cls(colour=colour)
        scan = scans[0]
        return cls(
            scan_id=scan["scan_id"],
            started_at=scan["started_at"],
            finished_at=scan["finished_at"],
            strays_version=scan["strays_version"],
            caller_arn=scan["caller_arn"],
            scope=scan["scope"],
            colour=colour,
        )
