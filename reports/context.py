"""What a report is about, besides what the tables hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from scanner import __version__

if TYPE_CHECKING:
    from reports.target import Deliver
    from scanner.store import Store


@dataclass(frozen=True)
class RuleFacts:
    """What reports say of a rule besides what it found; `digest` is the SHA-256 of its text.

    `kind` is `ownership`, `intruder`, `hygiene`, `sight` or `exception`; `controls` names what it
    serves, as in `NIST 800-53 SI-4; CIS 1.2`.
    """

    title: str
    kind: str
    controls: str = ""
    digest: str = ""

    @property
    def requirements(self) -> list[str]:
        """The controls one by one, each with its framework's name."""
        return [part.strip() for part in self.controls.split(";") if part.strip()]


@dataclass(frozen=True)
class Context:
    """One report's frame. Times are naive UTC; everything has a default, so tests give little.

    `colour` is whether the standard output takes ANSI colour, `rules` are the facts by rule id,
    `redacted` is whether the store is a redacted copy, `deliver` what writes to S3 where allowed.
    """

    scan_id: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    strays_version: str = __version__
    caller_arn: str | None = None
    scope: str | None = None
    colour: bool = False
    rules: Mapping[str, RuleFacts] = field(default_factory=dict)
    redacted: bool = False
    deliver: Deliver | None = None

    def rule(self, rule_id: str) -> RuleFacts:
        """Return a rule's facts; of a rule that is no more, what its id tells."""
        known = self.rules.get(rule_id)
        return known or RuleFacts(rule_id.replace("_", " ").capitalize(), "ownership")

    @classmethod
    def of(
        cls,
        store: Store,
        *,
        colour: bool = False,
        rules: Mapping[str, RuleFacts] | None = None,
        redacted: bool = False,
        deliver: Deliver | None = None,
    ) -> Self:
        """Return the frame of the newest scan that the views show (`Store.as_of` moves it back)."""
        scans = store.rows("SELECT * FROM visible_scan ORDER BY scan_id DESC LIMIT 1")
        frame: dict[str, Any] = {
            "colour": colour, "rules": rules or {}, "redacted": redacted, "deliver": deliver,
        }  # fmt: skip
        if not scans:
            return cls(**frame)
        scan = scans[0]
        return cls(
            scan_id=scan["scan_id"],
            started_at=scan["started_at"],
            finished_at=scan["finished_at"],
            strays_version=scan["strays_version"],
            caller_arn=scan["caller_arn"],
            scope=scan["scope"],
            **frame,
        )
