"""Reads every configured trail into the store and works out who made what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from scanner.aws import Aws, Place
from scanner.config import BreakGlassWindow, Config, EventSource
from scanner.errors import CredentialsError
from scanner.events import files, lookup, trail
from scanner.events.load import load_events, marks
from scanner.events.match import match_makers
from scanner.events.source import Hole, Piece
from scanner.store import Store
from scanner.targets import resolve_targets

SCHEMES = (trail.SCHEME, lookup.SCHEME, files.SCHEME)


def read_events(store: Store, config: Config, scan_id: str, now: datetime) -> tuple[int, int]:
    """Read the configured events; return how many are new, and how many makers are known."""
    new = load_events(store, pieces(store, config, now), scan_id)
    return new, match_events(store, config, scan_id)


def match_events(store: Store, config: Config, scan_id: str) -> int:
    """Match the events that are read to what a scan saw; return how many makers are known."""
    write_policy(store, config)
    return match_makers(store, scan_id)


def pieces(store: Store, config: Config, now: datetime) -> Iterator[Piece | Hole]:
    """Yield what the configured trails have written since they were read last."""
    known = marks(store)
    for source in config.events:
        place = source.from_
        try:
            if place.startswith(files.SCHEME):
                yield from files.file_events(place.removeprefix(files.SCHEME))
            elif place.startswith(trail.SCHEME):
                aws = Aws(source.profile or config.scan.profile)
                yield from trail.trail_events(source, aws, known, now)
            elif place.startswith(lookup.SCHEME):
                yield from _looked_up(source, config, known, now)
            else:
                told = f"it begins with none of {', '.join(SCHEMES)}"
                yield Hole(place, "failed", told)
        except CredentialsError as error:
            yield Hole(place, "failed", str(error))


def _looked_up(
    source: EventSource, config: Config, known: trail.Marks, now: datetime
) -> Iterator[Piece | Hole]:
    aws = Aws(source.profile or config.scan.profile)
    targets = resolve_targets(aws, config.scan)
    places = [
        Place(account.account_id, region, targets.credentials[account.account_id], lookup.GRANT)
        for account in targets.accounts
        if account.account_id in targets.credentials
        for region in account.regions
    ]
    yield from lookup.lookup_events(source, aws, places, known, now)


def write_policy(store: Store, config: Config) -> None:
    """Write down who may write, for the rules."""
    rows = [_row("iac_only", one.name) for one in config.environment if one.policy == "iac-only"]
    rows += [_row("pipeline", role, config.pipeline.channels) for role in config.pipeline.roles]
    rows += [_window(window) for window in config.break_glass_window]
    store.run("DELETE FROM write_policy")
    store.table_from_rows("write_policy", rows)


def _window(window: BreakGlassWindow) -> dict[str, object]:
    told = {"ticket": window.ticket, "approver": window.approver}
    times = {"starts": _naive(window.start), "ends": _naive(window.end)}
    return {**_row("break_glass", window.role), **told, **times}


def _row(kind: str, role: str, channels: Iterable[str] = ()) -> dict[str, object]:
    return {"kind": kind, "role": role, "channels": list(channels)}


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
