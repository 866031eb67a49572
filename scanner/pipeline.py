"""The whole tool on one page: config -> targets -> collect -> store -> claims -> resolve -> rules.

Each step reads what the last one left in the work folder or the database, so each can be run
alone: collecting with AWS credentials in one place, resolving and reporting without any elsewhere.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from rules.run import check, ready
from scanner import catalog, history, parts
from scanner.aws import Aws
from scanner.catalog import Catalog
from scanner.catalog.language import Entry
from scanner.claims.sources import open_sources
from scanner.claims.terraform import read_states
from scanner.clock import utc_now
from scanner.clusters import gather as gather_clusters
from scanner.collect import Progress
from scanner.config import Config, TerraformSource
from scanner.crew import Crew, Task, collect
from scanner.crew.cluster import Cluster
from scanner.crew.processes import Processes, default_processes
from scanner.crew.threads import Threads
from scanner.errors import SchemaError, StoreError, UsageError
from scanner.events.load import load_events
from scanner.events.match import tell_findings
from scanner.events.run import match_events, pieces, read_events
from scanner.find_drift import Ways, find_drift
from scanner.jobs import Errand
from scanner.notices import check_secrets, deliver, pending, record
from scanner.resolve import resolve
from scanner.resuming import accounts_as_begun, as_begun, scope_of, work_to_resume
from scanner.shard_files import as_row
from scanner.shards import Work
from scanner.since import Fresh, counts_of_looks, fresh_cells
from scanner.store import Store
from scanner.targets import Chosen, choose_accounts
from scanner.type_views import make_type_views
from scanner.work import alone, create_work, work_of

log = logging.getLogger(__name__)

SOURCES = "sources"
"""The name of the shard that holds the states: it belongs to no account."""
_NEWEST = "SELECT max(scan_id) FROM visible_scan"


def scan(config: Config, progress: Progress, *, resume: bool = False) -> str:
    """Do everything and return the scan's id; its findings are in the database."""
    ready(config)
    check_secrets(config.notify)
    with alone(config):
        work = collect_scan(config, progress, resume=resume)
        config = as_begun(config, work) if resume else config
        scan_id = load_scan(config, work)
        with open_store(config) as store:
            resolve(store, _catalog(config), config, scan_id)
            if config.scan.since:
                match_events(store, config, scan_id)  # they were read before the looks
            elif config.events:
                read_events(store, config, scan_id, utc_now())
            if ways := Ways.configured(config):
                find_drift(store, config, scan_id, ways, utc_now())
        _judge(config, scan_id)
    return scan_id


def collect_scan(config: Config, progress: Progress, *, resume: bool = False) -> Work:
    """List every cell and read every source into the shards of a work folder or prefix."""
    before, loaded = _past(config)
    entries = chosen_entries(config)
    aws = Aws(config.scan.profile, config.scan.threads)
    by_tags = any(environment.account_tags for environment in config.environment)
    chosen = choose_accounts(aws, config.scan, tags=by_tags)
    if resume:
        work = work_to_resume(config, aws, loaded)
        config, chosen = as_begun(config, work), accounts_as_begun(chosen, work)
        entries = [_catalog(config).entries[name] for name in work.manifest.scope["types"]]
    else:
        work = create_work(config, scope_of(config, chosen, entries), chosen.caller.arn, aws)
    if SOURCES not in work.names():
        work.write(SOURCES, read_sources(config.terraform, aws, _catalog(config)))
    errands = _errands(config, chosen, before, work.manifest.scan_id)
    task = Task.of(config.scan, entries, work)
    collect(task, errands, work, _crew(config, aws, chosen), progress, aws)
    if cut := parts.cut(work.names()):
        log.warning(
            "the budget is spent, and %d of %d accounts are not seen whole: --resume goes on with"
            " what is left of them", len(cut), len(errands),
        )  # fmt: skip
    return work


def _errands(config: Config, chosen: Chosen, before: dict[str, int], scan_id: str) -> list[Errand]:
    """Return the accounts to collect, the biggest first, each with what needs no look there."""
    fresh, counts = _fresh(config, scan_id) if config.scan.since else ({}, {})
    return [
        Errand(each, fresh.get(each.account_id, {}), counts.get(each.account_id, b""))
        for each in sorted(chosen.accounts, key=lambda each: -before.get(each.account_id, 0))
    ]


def _fresh(config: Config, scan_id: str) -> tuple[Fresh, dict[str, bytes]]:
    """Read the trails up to now; return the cells that need no look, and what was counted there."""
    with open_store(config) as store:
        load_events(store, pieces(store, config, utc_now()), scan_id)
        fresh = fresh_cells(store, config.scan, utc_now())
        return fresh, counts_of_looks(store, config.scan)


def _crew(config: Config, aws: Aws, chosen: Chosen) -> Crew:
    """Return who collects: a cluster where one is named, else processes where they pay."""
    if config.scan.cluster:
        return Cluster(config.scan.cluster)
    count = config.scan.processes or default_processes(len(chosen.accounts))
    return Processes(count) if count > 1 else Threads(aws)


def read_sources(
    sources: list[TerraformSource], aws: Aws, everything: Catalog
) -> dict[str, list[Any]]:
    """Return the claims and source rows of the configured states."""
    found = read_states(open_sources(sources, aws), everything)
    return {"source": found.sources, "claim": found.claims}


def load_scan(config: Config, work: Work) -> str:
    """Load the shards of a work into the database, and return the scan's id.

    The shards of a scan that its budget cut stay, to be resumed until another scan is loaded.
    """
    manifest = work.manifest
    with work.local() as shards, open_store(config) as store:
        store.run("DELETE FROM scan WHERE scan_id = ?", [manifest.scan_id])
        store.run(
            "INSERT INTO scan VALUES (?, 'running', ?, NULL, ?, ?, ?)",
            [
                manifest.scan_id,
                manifest.started_at,
                manifest.strays_version,
                manifest.caller_arn,
                json.dumps(manifest.scope),
            ],
        )
        store.load(manifest.scan_id, shards)
        make_type_views(store)
        before = store.value(
            "SELECT max(scan_id) FROM visible_scan WHERE scan_id < ?", [manifest.scan_id]
        )
    if before and (kept := work_of(before, config)):
        kept.finish()
    if not parts.cut(work.names()):
        work.finish()
    return manifest.scan_id


def resolve_scan(config: Config, sources: list[TerraformSource] | None = None) -> str:
    """Resolve the newest loaded scan again, with states read anew where `sources` are given."""
    with open_store(config) as store:
        scan_id = newest_scan(store)
        if sources:
            found = read_sources(sources, Aws(config.scan.profile), _catalog(config))
            _replace_states(store, scan_id, found)
        resolve(store, _catalog(config), config, scan_id)
    return scan_id


def check_scan(config: Config) -> str:
    """Run the rules over the newest resolved scan and return its id."""
    ready(config)
    check_secrets(config.notify)
    with open_store(config) as store:
        scan_id = newest_scan(store)
        if not store.value("SELECT count(*) FROM ownership WHERE scan_id = ?", [scan_id]):
            resolve(store, _catalog(config), config, scan_id)
    _judge(config, scan_id)
    return scan_id


def events_scan(config: Config) -> tuple[int, int]:
    """Read the configured trails for the newest scan; return new events and known makers."""
    with open_store(config) as store:
        scan_id = newest_scan(store)
        found = read_events(store, config, scan_id, utc_now())
        tell_findings(store, scan_id)
    return found


def baseline(config: Config, *, forget: bool = False) -> int:
    """Accept the newest scan's open findings as known, or take all that back; return how many."""
    with open_store(config) as store:
        if forget:
            return history.forget_baseline(store)
        return history.accept(store, newest_scan(store))


def _judge(config: Config, scan_id: str) -> None:
    """Run the rules, keep of the past what is to be kept, and tell who wants to hear."""
    with open_store(config) as store:
        check(store, config, scan_id)
        tell_findings(store, scan_id)
        gather_clusters(store, scan_id)
        wasteful = bool(history.prune(store, config.history, utc_now())) and history.wasteful(store)
        notices = pending(store, config.notify, scan_id)
    if wasteful:
        with open_store(config) as store:
            history.compact(store)
    sent = deliver(notices)
    if sent:
        with open_store(config) as store:
            record(store, sent)


def newest_scan(store: Store) -> str:
    """Return the id of the newest loaded scan; raises `StoreError` where there is none."""
    found = store.value(_NEWEST)
    if found is None:
        raise StoreError(f"{store.path} holds no scan yet: run `strays scan`")
    return str(found)


def open_store(config: Config, *, read_only: bool = False) -> Store:
    """Open the configured database."""
    path = Path(config.database)
    return Store.open(path, read_only=read_only, lock_timeout=config.lock_timeout)


def chosen_entries(config: Config) -> list[Entry]:
    """Return the catalog entries to scan; raises `UsageError` where a glob fits none."""
    everything = _catalog(config)
    for glob in config.scan.types:
        if not everything.matching([glob]):
            raise UsageError(f"--type {glob!r} fits no resource type: see `strays types`")
    return everything.matching(config.scan.types, config.scan.exclude_types)


def _catalog(config: Config) -> Catalog:
    return catalog.load(all_types=config.scan.all_types)


def _past(config: Config) -> tuple[dict[str, int], str | None]:
    """Return what earlier scans called, by account, and the newest loaded one.

    Stops before a long scan where its result could not be stored anyway.
    """
    if (path := Path(config.database)).exists():
        try:
            with Store.open(path, read_only=True, lock_timeout=0) as store:
                return history.calls_by_account(store), store.value(_NEWEST)
        except SchemaError:
            raise
        except StoreError as error:
            if "cannot be opened" in str(error):
                raise
            log.info("%s", error)
    return {}, None


def _replace_states(store: Store, scan_id: str, rows: dict[str, list[Any]]) -> None:
    with store.transaction():
        store.run(
            "DELETE FROM claim WHERE scan_id = ? AND source_kind IN ('terraform', 'pulumi')",
            [scan_id],
        )
        store.run(
            "DELETE FROM source WHERE scan_id = ? AND kind IN ('terraform', 'pulumi')", [scan_id]
        )
        for table, found in rows.items():
            store.table_from_rows(table, [as_row(row) for row in found], scan_id)
