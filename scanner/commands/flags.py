"""What several commands do with their flags."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner import options as opt

if TYPE_CHECKING:
    from scanner.config import Config


def collecting(
    config: Path | None, db: str | None, source: list[str], tag_claim: list[str],
    account: list[str], region: list[str], type_: list[str], exclude_type: list[str],
    profile: str | None, role_name: str | None, external_id: str | None, threads: int | None,
    lock_timeout: float | None, **more: Any,
) -> Config:  # fmt: skip
    """Return the configuration with the flags of collecting over it."""
    return opt.configuration(
        config,
        db,
        sources=opt.split(source),
        tag_claims=tag_claim,
        scan__accounts=opt.split(account),
        scan__regions=opt.split(region),
        scan__types=opt.split(type_),
        scan__exclude_types=opt.split(exclude_type),
        scan__profile=profile,
        scan__role_name=role_name,
        scan__external_id=external_id,
        scan__threads=threads,
        lock_timeout=lock_timeout,
        **more,
    )


def choosing(
    config: Path | None, account: list[str], region: list[str], type_: list[str],
    exclude_type: list[str], all_types: bool, **more: Any,
) -> Config:  # fmt: skip
    """Return the configuration with the flags that choose what to look at."""
    return opt.configuration(
        config,
        scan__accounts=opt.split(account),
        scan__regions=opt.split(region),
        scan__types=opt.split(type_),
        scan__exclude_types=opt.split(exclude_type),
        scan__all_types=all_types or None,
        **more,
    )


def log_to_stderr(quiet: bool, verbose: bool) -> None:
    """Send our own messages to stderr: errors, warnings, or what is done."""
    level = logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="strays: %(message)s", stream=sys.stderr)
    logging.getLogger("botocore").setLevel(logging.ERROR)
