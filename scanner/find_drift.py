"""Finds drift by every way asked for and writes it into `drift`; each source fails alone.

Every look leaves a row of `source` (a plan, a stack, the states as a whole), so that a finding that
rests on one is not closed by a scan that did not look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from scanner.aws import Aws, Place
from scanner.claims.sources import open_sources
from scanner.claims.state_file import Limits, StateFile
from scanner.claims.state_objects import StateObject
from scanner.clock import as_time
from scanner.config import Config, PlanSource, duration
from scanner.drift.buckets import ASK, asked, bucket_drift
from scanner.drift.nightly import SCHEME, PlanFile, newest_plans
from scanner.drift.plan import older_than_state, plan_drift
from scanner.drift.run import run_plan
from scanner.drift.stacks import DETECT, stack_drift
from scanner.drift.state import state_drift
from scanner.errors import CallError, SourceError
from scanner.identity import parse_arn
from scanner.store import Store
from scanner.targets import resolve_targets

log = logging.getLogger(__name__)
STATES = "drift of states"
"""The name of the one source that the direct comparison is."""
_KINDS = {"plan": "plan", "stack": "stack_drift", "state": "state_drift"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Ways:
    """Which ways are asked for: plans, folders to plan in, stacks, and the states themselves."""

    plans: list[PlanSource] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    stacks: list[str] = field(default_factory=list)
    direct: bool = False

    @classmethod
    def configured(cls, config: Config) -> Ways:
        """Return what every scan asks."""
        return cls(config.plan, [], config.drift.stacks, config.drift.direct)

    def __bool__(self) -> bool:
        return bool(self.plans or self.folders or self.stacks or self.direct)


@dataclass
class Look:
    """What one source said: its rows, how old it is, what is remarkable, or why it said nothing."""

    how: str
    source_id: str
    rows: list[Row] = field(default_factory=list)
    made: datetime | None = None
    remark: str | None = None
    failed: str | None = None


def find_drift(store: Store, config: Config, scan_id: str, ways: Ways, now: datetime) -> list[Look]:
    """Write what drifted since a scan and return the looks; a way not asked for keeps its rows."""
    looks = [
        *_plans(store, config, scan_id, ways, now),
        *_stacks(store, config, scan_id, ways.stacks),
        *(_states(store, config, scan_id) if ways.direct else ()),
    ]
    with store.transaction():
        for how in {look.how for look in looks}:
            store.run("DELETE FROM drift WHERE scan_id = ? AND how = ?", [scan_id, how])
            store.run("DELETE FROM source WHERE scan_id = ? AND kind = ?", [scan_id, _KINDS[how]])
        store.table_from_rows("drift", [row for look in looks for row in look.rows])
        store.table_from_rows("source", list(_sources(looks)), scan_id)
    return looks


def _sources(looks: Iterable[Look]) -> Iterator[Row]:
    told: dict[str, Row] = {}
    for look in looks:
        name = {"state": STATES, "stack": f"drift of {look.source_id}"}.get(
            look.how, look.source_id
        )
        row = told.setdefault(name, {
            "source_id": name, "kind": _KINDS[look.how], "outcome": "read", "message": None,
            "modified_at": look.made, "resources": 0, "claims": 0, "other_providers": {},
        })  # fmt: skip
        row["resources"] += len({item["address"] for item in look.rows})
        row["message"] = look.failed or row["message"] or look.remark
        if look.failed:
            row["outcome"] = "failed"
    yield from told.values()


def _plans(store: Store, config: Config, scan_id: str, ways: Ways, now: datetime) -> Iterator[Look]:
    for source in ways.plans:
        try:
            found = newest_plans(source, lambda s=source: Aws(s.profile or config.scan.profile))  # type: ignore[misc]
        except (SourceError, CallError) as error:
            yield Look("plan", f"{SCHEME}{source.from_}", failed=str(error))
            continue
        for one in found:
            yield _plan(store, scan_id, one.source_id, one.plan, (one, source, now))
    for folder in ways.folders:
        yield _plan(store, scan_id, f"{SCHEME}{folder}", lambda f=folder: run_plan(f))  # type: ignore[misc]


def _plan(
    store: Store, scan_id: str, name: str, read: Callable[[], Row],
    night: tuple[PlanFile, PlanSource, datetime] | None = None,
) -> Look:  # fmt: skip
    look = Look("plan", name)
    try:
        plan = read()
    except SourceError as error:
        look.failed = str(error)
        return look
    look.made = as_time(plan.get("timestamp")) or (night[0].written if night else None)
    look.rows = list(plan_drift(store, name, plan, scan_id))
    look.remark = older_than_state(store, plan)
    if night and look.made and night[2] - look.made > duration(night[1].max_age):
        age = f"older than {night[1].max_age}"
        look.remark = f"stale: {night[0].place} is of {look.made:%Y-%m-%d %H:%M}, {age}"
    return look


def _states(store: Store, config: Config, scan_id: str) -> Iterator[Look]:
    aws = Aws(config.scan.profile)
    enter = _entrance(config, aws)
    for source in open_sources(config.terraform, aws):
        look = Look("state", source.source_id)
        parts: list[StateObject] = []
        try:
            with source.chunks() as chunks:
                objects = _noting(StateFile(chunks, Limits()).objects(), parts)
                look.rows = list(state_drift(store, source.source_id, objects, scan_id))
            look.rows += bucket_drift(store, aws, enter, parts, source.source_id, scan_id)
        except SourceError as error:
            look.failed = str(error)
        yield look


def _noting(objects: Iterable[StateObject], parts: list[StateObject]) -> Iterator[StateObject]:
    """Yield the objects of a state and note those that hang on a bucket."""
    for one in objects:
        if one.type in asked():
            parts.append(one)
        yield one


def _entrance(config: Config, aws: Aws) -> Callable[[str, str], Place]:
    """Return how to get into an account and region to ask about a bucket."""

    @cache
    def credentials(account: str) -> Any:
        scope = config.scan.model_copy(update={"accounts": [account], "organization": False})
        return resolve_targets(aws, scope).credentials.get(account)

    def enter(account: str, region: str) -> Place:
        found = credentials(account)
        if found is None:
            raise SourceError(f"the account {account} cannot be entered")
        return Place(account, region, found, ASK)

    return enter


def _stacks(store: Store, config: Config, scan_id: str, stacks: Iterable[str]) -> Iterator[Look]:
    for stack in stacks:
        look = Look("stack", stack)
        try:
            place, aws = _stack_place(config, stack)
            look.rows = list(stack_drift(store, aws, place, stack, scan_id))
        except (SourceError, CallError) as error:
            look.failed = str(error)
        yield look


def _stack_place(config: Config, stack: str) -> tuple[Place, Aws]:
    arn = parse_arn(stack)
    if arn is None:
        raise SourceError(f"{stack!r} is no ARN of a stack")
    aws = Aws(config.scan.profile)
    place = _entrance(config, aws)(arn.account, arn.region)
    return replace(place, grant=DETECT), aws
