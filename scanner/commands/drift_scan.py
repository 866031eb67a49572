"""Finds drift by every way asked for and writes it into `drift`; each source fails alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from scanner import pipeline
from scanner.aws import Aws, Place
from scanner.claims.source import StateSource
from scanner.claims.sources import open_sources
from scanner.claims.state_file import Limits, StateFile
from scanner.config import Config
from scanner.drift.plan import plan_drift, plan_files, read_plan
from scanner.drift.run import run_plan
from scanner.drift.stacks import DETECT, stack_drift
from scanner.drift.state import state_drift
from scanner.errors import CallError, SourceError, UsageError
from scanner.identity import parse_arn
from scanner.store import Store
from scanner.targets import resolve_targets

log = logging.getLogger(__name__)
Rows = Iterable[dict[str, Any]]
Reader = Callable[[Store, str], Rows]
"""From an open database and a scan's id to rows of `drift`."""


def find_drift(
    config: Config, plans: list[Path], folders: list[Path], stacks: list[str], direct: bool
) -> tuple[int, list[str]]:
    """Write what drifted since the newest scan; return the number of rows and what failed.

    Rows of a way that is not asked for stay as they are.
    """
    readers: list[tuple[str, str, Reader]] = []
    for place in plans:
        readers += [("plan", f"plan://{path}", _plan_reader(path)) for path in plan_files(place)]
    readers += [("plan", f"plan://{folder}", _run_reader(folder)) for folder in folders]
    readers += [("stack", stack, _stack_reader(config, stack)) for stack in stacks]
    if direct:
        sources = open_sources(config.terraform, Aws(config.scan.profile))
        readers += [("state", source.source_id, _state_reader(source)) for source in sources]
    failed: list[str] = []
    with pipeline.open_store(config) as store:
        scan_id = pipeline.newest_scan(store)
        for how in {how for how, _, _ in readers}:
            store.run("DELETE FROM drift WHERE scan_id = ? AND how = ?", [scan_id, how])
        count = 0
        for _, name, reader in readers:
            try:
                rows = list(reader(store, scan_id))
            except (SourceError, CallError) as error:
                failed.append(f"{name}: {error}")
                continue
            store.table_from_rows("drift", rows)
            count += len(rows)
    return count, failed


def _plan_reader(path: Path) -> Reader:
    return lambda store, scan_id: plan_drift(store, f"plan://{path}", read_plan(path), scan_id)


def _run_reader(folder: Path) -> Reader:
    return lambda store, scan_id: plan_drift(store, f"plan://{folder}", run_plan(folder), scan_id)


def _state_reader(source: StateSource) -> Reader:
    def read(store: Store, scan_id: str) -> Iterator[dict[str, Any]]:
        with source.chunks() as chunks:
            objects = StateFile(chunks, Limits()).objects()
            yield from state_drift(store, source.source_id, objects, scan_id)

    return read


def _stack_reader(config: Config, stack: str) -> Reader:
    arn = parse_arn(stack)
    if arn is None:
        raise UsageError(f"--stack {stack!r} is no ARN of a stack")

    def read(store: Store, scan_id: str) -> Rows:
        aws = Aws(config.scan.profile)
        scope = config.scan.model_copy(update={"accounts": [arn.account], "organization": False})
        credentials = resolve_targets(aws, scope).credentials.get(arn.account)
        if credentials is None:
            raise SourceError(f"the account {arn.account} cannot be entered")
        place = Place(arn.account, arn.region, credentials, DETECT)
        return stack_drift(store, aws, place, stack, scan_id)

    return read
