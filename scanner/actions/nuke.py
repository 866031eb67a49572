"""`strays nuke`: aws-nuke configurations that can match only the listed strays.

aws-nuke's filters say what to keep, so each type gets filters that keep everything except these
exact ids. There is one file per account and region, because a filter cannot name a region. Before
anything is written, a model of aws-nuke's own rules is asked about every resource in the inventory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from scanner.actions.chosen import Rows, Stray, as_document
from scanner.actions.files import write_texts
from scanner.actions.nuke_types import NukeType, NukeTypes, nuke_types, only, would_go
from scanner.catalog import Catalog
from scanner.errors import ReportError
from scanner.store import Store

NOBODY = "000000000000"
"""aws-nuke wants at least one account that it must never touch."""

LINE = 10_000
"""A value is not broken over lines: people must be able to find an id."""


@dataclass
class Handover:
    """What goes where, and what stays for which reason."""

    configs: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    going: list[Stray] = field(default_factory=list)
    with_parent: list[Stray] = field(default_factory=list)
    refused: list[tuple[Stray, list[str]]] = field(default_factory=list)

    @property
    def by_name(self) -> list[Stray]:
        """What goes that only its name tells from something made later."""
        types = nuke_types().types
        return [one for one in self.going if types[one.resource_type].only_by_name(one.document)]


def plan_removal(
    strays: list[Stray], reasons: dict[str, list[str]], other_accounts: list[str]
) -> Handover:
    """Return the configurations for the strays that nothing speaks against."""
    handover, known = Handover(), nuke_types()
    unnamed = {stray.arn for stray in strays if _unnamed(stray, known)}
    for stray in strays:
        why = list(reasons.get(stray.arn, ()))
        if stray.root in unnamed and not why:
            why = [f"it hangs on {stray.root}, which stays"]
        if stray.arn in unnamed and not why:
            why = [f"aws-nuke has no type that could be named for a {stray.resource_type}"]
        if why:
            handover.refused.append((stray, why))
        elif stray.resource_type in known.with_parent and stray.root:
            handover.with_parent.append(stray)
        else:
            handover.going.append(stray)
    places: dict[tuple[str, str], list[Stray]] = defaultdict(list)
    for stray in handover.going:
        places[stray.place].append(stray)
    for place, found in sorted(places.items()):
        handover.configs[place] = _config(place, found, known, other_accounts)
    return handover


def _unnamed(stray: Stray, known: NukeTypes) -> bool:
    if stray.resource_type in known.with_parent and stray.root:
        return False
    kind = known.types.get(stray.resource_type)
    return kind is None or kind.seen(stray.document) is None


def _config(
    place: tuple[str, str], strays: list[Stray], known: NukeTypes, other_accounts: list[str]
) -> dict[str, Any]:
    account, region = place
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for stray in strays:
        kind = known.types[stray.resource_type]
        for property_, value in (kind.seen(stray.document) or {}).items():
            seen[kind.name][property_].add(value)
    filters = {
        name: [only(property_, sorted(values)) for property_, values in told.items()]
        for name, told in sorted(seen.items())
    }
    return {
        "regions": [region],
        "blocklist": [other for other in other_accounts if other != account] or [NOBODY],
        "resource-types": {"includes": sorted(seen)},
        "accounts": {account: {"filters": filters}},
    }


def check_only_these_go(store: Store, catalog: Catalog, handover: Handover) -> int:
    """Ask the model about the whole inventory; return how many things were asked about.

    Raises `ReportError` naming the first thing that would go without being listed, or the first
    listed one that would stay.
    """
    going, asked = {stray.arn for stray in handover.going}, 0
    for (account, region), config in handover.configs.items():
        for arn, kind, document in _things(store, catalog, account, region):
            asked += 1
            goes = would_go(config, account, kind, document)
            if goes != (arn in going):
                told = "would go" if goes else "would stay"
                raise ReportError(f"no configuration was written: by its filters, {arn} {told}")
    return asked


def _things(
    store: Store, catalog: Catalog, account: str, region: str
) -> list[tuple[str, NukeType, dict[str, Any]]]:
    rows = store.rows(
        "SELECT arn, resource_type, resource_id, terraform_id, name, account_id, region, partition,"
        " tags, properties, parent_arn, created_at FROM inventory"
        " WHERE account_id = ? AND region = ?",
        [account, region],
    )
    parents: Rows = {(row["arn"], row["resource_type"]): row for row in rows}
    known = nuke_types().types
    return [
        (row["arn"], known[row["resource_type"]], as_document(catalog, row, parents))
        for row in rows
        if row["resource_type"] in known
    ]


def write_removal(handover: Handover, folder: Path, expires: datetime, plan: str) -> list[Path]:
    """Write the configurations, a script that minds their end, and the plan for people."""
    texts = {"PLAN.md": plan, "run.sh": _script(sorted(handover.configs), expires)}
    for (account, region), config in handover.configs.items():
        named = [one for one in handover.by_name if one.place == (account, region)]
        texts[_name(account, region)] = _header(expires, named) + yaml.safe_dump(
            config, sort_keys=False, width=LINE, allow_unicode=True
        )
    return write_texts(folder, texts)


def _name(account: str, region: str) -> str:
    return f"nuke-{account}-{region}.yaml"


def _header(expires: datetime, by_name: list[Stray]) -> str:
    told = (
        "# Written by `strays nuke` for aws-nuke v3 (https://github.com/ekristen/aws-nuke).\n"
        f"# EXPIRES {expires:%Y-%m-%d %H:%M} UTC: after that the account may have changed, so write"
        " it anew.\n# It keeps everything except what PLAN.md lists. Run it through run.sh, which"
        " minds the end\n# and is a dry run unless it is given --no-dry-run.\n"
    )
    types = sorted({nuke_types().types[one.resource_type].name for one in by_name})
    if types:
        told += (
            f"# Told by name only, so what is made meanwhile under the same name would go too:"
            f" {', '.join(types)}.\n"
        )
    return told


def _script(places: list[tuple[str, str]], expires: datetime) -> str:
    runs = "\n".join(
        f'aws-nuke run --config "$here/{_name(account, region)}" "$@"' for account, region in places
    )
    return (
        "#!/bin/sh\n# Runs aws-nuke over each file: a dry run unless --no-dry-run is given.\n"
        "set -eu\n"
        'here=$(dirname "$0")\n'
        f'if [ "$(date -u +%Y%m%d%H%M)" -gt {expires:%Y%m%d%H%M} ]; then\n'
        f'  echo "these files ended on {expires:%Y-%m-%d %H:%M} UTC: run strays nuke again" >&2\n'
        f"  exit 2\nfi\n{runs}\n"
    )
