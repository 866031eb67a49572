"""The tables of strays.toml about who changes things, and what has drifted."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from pydantic import Field

from scanner.config_sections import DURATION, Section, Source


class EventSource(Source):
    """Where write events of CloudTrail are read from."""

    from_: str = Field(
        alias="from",
        description="trail://s3/BUCKET/PREFIX, lookup:// (the last 90 days of each account), or file://PATH-OR-GLOB (JSON, CSV or Parquet).",
    )
    days: int = Field(90, ge=1, description="How far back the first reading goes.")


class PlanSource(Source):
    """Where plans of Terraform or OpenTofu are read from, for what has drifted."""

    from_: str = Field(
        alias="from",
        description="s3://BUCKET/PREFIX, a folder or a file with what `terraform show -json` prints; of many nights the newest of each workspace.",
    )
    max_age: str = Field(
        "48h", pattern=DURATION, description="A plan that is older is told to be stale."
    )


class DriftConfig(Section):
    """What else every scan asks about drift. Plans are asked wherever `[[plan]]` names some."""

    direct: bool = Field(
        False, description="Compare the states with what AWS says, without Terraform."
    )
    stacks: list[str] = Field(
        [], description="ARNs of stacks whose drift CloudFormation detects; may take minutes each."
    )

    def model_post_init(self, _: Any) -> None:
        """Refuse what is no stack before a scan begins."""
        for stack in self.stacks:
            if not re.fullmatch(r"arn:[a-z-]+:cloudformation:[a-z0-9-]+:\d{12}:stack/.+", stack):
                raise ValueError(f"stacks: {stack!r} is no ARN of a stack")


class Pipeline(Section):
    """Who may write in `iac-only` environments."""

    roles: list[str] = Field(
        [],
        description="Globs over the ARNs of the roles that deploy; any channel of theirs is fine.",
    )
    channels: list[str] = Field(
        [], description="Channels they must come through, as in terraform. Left out: any."
    )


class BreakGlassWindow(Section):
    """A time in which a role may write by hand."""

    role: str = Field(description="Glob over role ARNs.")
    ticket: str = Field(min_length=1, description="Where it stands.")
    approver: str = Field(min_length=1, description="Who allowed it.")
    start: datetime = Field(description="From when, as in 2026-11-20T10:00:00Z.")
    end: datetime = Field(description="Until when.")

    def model_post_init(self, _: Any) -> None:
        """Refuse a window that cannot be told or never opens."""
        for name, moment in (("start", self.start), ("end", self.end)):
            if moment.tzinfo is None:
                raise ValueError(f"{name}: {moment} names no time zone: end it with Z")
        if self.end <= self.start:
            raise ValueError(f"end: {self.end} is not after {self.start}")
