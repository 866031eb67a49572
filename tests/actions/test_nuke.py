"""An aws-nuke configuration can match only what was listed, and some things are never listed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner import catalog
from scanner.actions.chosen import Stray, choose
from scanner.actions.nuke import Handover, check_only_these_go, plan_removal, write_removal
from scanner.actions.nuke_refusals import refusals
from scanner.actions.nuke_types import NukeType, kept, nuke_types, only, would_go
from scanner.actions.removal_plan import code, removal_plan
from scanner.config import Config
from scanner.errors import ReportError
from scanner.store import Store
from tests.actions.conftest import Scanned
from tests.ledger import change_cells

NOW = datetime(2027, 1, 1)
EVERYTHING = catalog.load()
NAMES = Path(__file__).parents[2] / "tools" / "catalog" / "data" / "aws_nuke_types.txt"
"""What aws-nuke v3 calls its resource types, from its own sources."""


@pytest.fixture
def store(scanned: Scanned, tmp_path: Path) -> Any:
    """A copy of the estate's database that a test may change.

    What the emulator has no API for cannot be in it: such a service does not exist there.
    """
    path = tmp_path / "copy.duckdb"
    path.write_bytes(scanned.database.read_bytes())
    with Store.open(path) as opened:
        change_cells(opened, "outcome", "'unavailable'", "outcome = 'unsupported'")
        yield opened


def config(**environment: Any) -> Config:
    told = [{"name": "all", **environment}] if environment else []
    return Config.model_validate({"environment": told})


def all_strays(store: Store) -> list[Stray]:
    return choose(store, EVERYTHING, [], everything=True)


def handover(store: Store, settings: Config | None = None) -> Handover:
    strays = all_strays(store)
    reasons = refusals(store, EVERYTHING, settings or config(), strays, NOW)
    return plan_removal(strays, reasons, ["111111111111", "222222222222", "333333333333"])


def why(store: Store, settings: Config | None = None) -> dict[str, str]:
    return {stray.arn: "; ".join(told) for stray, told in handover(store, settings).refused}


def test_the_listed_strays_go_and_nothing_else_of_the_estate(store: Store) -> None:
    found = handover(store)
    assert len(found.going) > 10
    asked = check_only_these_go(store, EVERYTHING, found)
    assert asked > len(found.going)


def test_a_stray_made_afterwards_is_safe(store: Store) -> None:
    found = handover(store)
    for stray in found.going:
        kind = nuke_types().types[stray.resource_type]
        later = {**stray.document, "_id": "made-later", "_arn": "arn:made-later"}
        for name in ("Name", "FunctionName", "TableName", "KeyName", "UserName", "RoleName",
                     "PolicyName", "AlarmName", "logGroupName", "DBInstanceIdentifier",
                     "LoadBalancerName", "TargetGroupName", "LaunchTemplateName", "name",
                     "repositoryName", "AliasName", "DashboardName",
                     "SnapshotIdentifier"):  # fmt: skip
            if name in later:
                later[name] = "made-later"
        assert not would_go(found.configs[stray.place], stray.account_id, kind, later), stray.arn


MADE = re.compile(
    r"-[0-9a-f]{8,}$|[0-9a-f]{8}-[0-9a-f]{4}-|/[0-9a-f]{16}$|^A[A-Z]{3}[A-Z0-9]{12,}$"
    r"|:secret:.+-[A-Za-z0-9]{6}$|^[a-z0-9]{10}$"
)
"""What AWS makes up for one thing, and never for another."""


def test_what_is_made_anew_under_the_same_name_is_safe_or_the_plan_says_that_it_is_not(
    store: Store,
) -> None:
    found = handover(store)
    warned = {stray.arn for stray in found.by_name}
    assert 0 < len(warned) < len(found.going)
    for stray in found.going:
        kind = nuke_types().types[stray.resource_type]
        anew = {**stray.document, "_created": NOW + timedelta(days=1)}
        goes = would_go(found.configs[stray.place], stray.account_id, kind, anew)
        told_apart = [v for v in (kind.seen(anew) or {}).values() if MADE.search(v)]
        assert (goes and not told_apart) == (stray.arn in warned), stray.arn
    plan = removal_plan(store, found, NOW, set())
    assert plan.count("Take care") == len(warned)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("rfc3339", "2026-11-22T03:04:05Z"),
        ("millis", "1795316645120"),
        ("go", "2026-11-22 03:04:05.12 +0000 UTC"),
    ],
)
def test_times_are_written_as_aws_nuke_writes_them(how: Any, expected: str) -> None:
    kind = NukeType("Any", {"": "{_id}"}, {"Made": how})
    document = {"_id": "x", "_created": datetime(2026, 11, 22, 3, 4, 5, 120_000)}
    assert kind.seen(document) == {"": "x", "Made": expected}
    assert kind.only_by_name({**document, "_created": None})


def test_a_filter_that_would_let_something_else_go_stops_the_writing(store: Store) -> None:
    found = handover(store)
    for settings in found.configs.values():
        for filters in settings["accounts"].values():
            for name in filters["filters"]:
                filters["filters"][name] = [only("", ["nothing"])]
    with pytest.raises(ReportError, match="would stay"):
        check_only_these_go(store, EVERYTHING, found)


def test_several_ids_are_one_inverted_filter_because_filters_are_alternatives() -> None:
    both = [only("Name", ["a.b", "c"])]
    assert [kept(both, {"Name": name}) for name in ("a.b", "c", "axb", "a.b\n", "")] == [
        False, False, True, True, True,
    ]  # fmt: skip
    naive = [only("Name", ["a.b"]), only("Name", ["c"])]
    assert kept(naive, {"Name": "c"})


def test_an_environment_must_allow_it(store: Store) -> None:
    store.run("UPDATE ownership SET environment = 'all'")
    assert handover(store, config(nuke=True)).going
    told = why(store, config(nuke=False))
    assert not handover(store, config(nuke=False)).going
    assert all("does not allow it" in reason for reason in told.values())


def test_the_grace_period_must_be_over(store: Store) -> None:
    store.run(
        "UPDATE ownership SET environment = 'all', first_seen = ?", [NOW - timedelta(hours=1)]
    )
    assert not handover(store, config(nuke=True, grace="24h")).going
    assert "grace period of 24h" in next(iter(why(store, config(nuke=True, grace="24h")).values()))


def test_what_was_not_wholly_seen_stays(store: Store) -> None:
    [stray, *_] = [one for one in handover(store).going if one.root is None]
    users = [
        e.type
        for e in EVERYTHING.entries.values()
        if any(link.to == stray.resource_type for link in e.links)
    ]
    for name in (stray.resource_type, *users[:1]):
        change_cells(store, "outcome", f"if(resource_type = '{name}', 'denied', 'ok')")
        told = why(store)[stray.arn]
        assert ("could not all be listed" in told) or ("may depend on it" in told)


def test_nothing_goes_while_a_state_cannot_be_read(store: Store) -> None:
    store.run(
        "UPDATE source SET outcome = 'denied' WHERE source_id = (SELECT min(source_id) FROM source)"
    )
    assert not handover(store).going


def test_what_is_excepted_or_may_be_claimed_stays(store: Store) -> None:
    going = [stray.arn for stray in handover(store).going if stray.root is None]
    store.run(
        "UPDATE finding SET state = 'excepted', exception_id = 'EXC-1' WHERE arn = ?", [going[0]]
    )
    store.run(
        "UPDATE claim_match SET state = 'ambiguous', candidates = [?, 'arn:x'], arn = NULL"
        " WHERE claim_id = (SELECT min(claim_id) FROM claim_match)",
        [going[1]],
    )
    told = why(store)
    assert "excepted: EXC-1" in told[going[0]]
    assert "may claim it" in told[going[1]]


def test_what_something_managed_uses_stays(store: Store) -> None:
    [stray, *_] = [one for one in handover(store).going if one.root is None]
    managed = store.rows("SELECT * FROM inventory WHERE status = 'managed' LIMIT 1")[0]
    scan_id = store.value("SELECT scan_id FROM current_resource WHERE arn = ?", [managed["arn"]])
    store.run(
        "INSERT INTO link VALUES (?, ?, ?, ?, 'uses', ?, ?, NULL, NULL, 'api_field', 'test')",
        [scan_id, *(managed[name] for name in ("account_id", "region", "arn")),
         stray.resource_type, stray.arn],
    )  # fmt: skip
    assert f"{managed['arn']} (managed) names it (uses)" in why(store)[stray.arn]


def test_what_a_managed_thing_would_lose_stays(store: Store) -> None:
    going = [one for one in handover(store).going if one.root is None]
    disk = next(one for one in going if one.resource_type == "AWS::EC2::Volume")
    machine = store.rows(
        "SELECT * FROM inventory WHERE resource_type = 'AWS::EC2::Instance' AND status = 'managed'"
    )[0]
    scan_id = store.value("SELECT scan_id FROM current_resource WHERE arn = ?", [disk.arn])
    store.run(
        "INSERT INTO link VALUES (?, ?, ?, ?, 'attached_to', ?, ?, NULL, NULL, 'api_field', 'x')",
        [scan_id, disk.account_id, disk.region, disk.arn, machine["resource_type"], machine["arn"]],
    )
    assert f"{machine['arn']} (managed) which it serves" in why(store)[disk.arn]


def test_a_root_stays_with_a_dependent_that_must(store: Store) -> None:
    child = next(one for one in all_strays(store) if one.root)
    store.run("UPDATE finding SET state = 'excepted' WHERE arn = ?", [child.arn])
    store.run(
        "INSERT INTO finding BY NAME SELECT * REPLACE ('x' AS finding_id, ? AS arn,"
        " 'excepted' AS state) FROM finding LIMIT 1", [child.arn],
    )  # fmt: skip
    assert child.arn in why(store)[str(child.root)]


def test_a_type_without_a_name_there_stays(store: Store) -> None:
    [stray, *_] = all_strays(store)
    odd = replace(stray, resource_type="AWS::Odd::Thing", root=None)
    found = plan_removal([odd], {}, [])
    assert found.refused == [
        (odd, ["aws-nuke has no type that could be named for a AWS::Odd::Thing"])
    ]


def test_the_files_say_their_end_the_accounts_and_the_plan(store: Store, tmp_path: Path) -> None:
    found, end = handover(store), datetime(2027, 1, 3, 4, 5)
    plan = removal_plan(store, found, end, set())
    for path in write_removal(found, tmp_path / "nuke", end, plan):
        text = path.read_text("utf-8")
        assert "2027-01-03 04:05 UTC" in text
        if path.suffix == ".yaml":
            told = yaml.safe_load(text)
            [account] = told["accounts"]
            assert told["blocklist"]
            assert account not in told["blocklist"]
            assert len(told["regions"]) == 1
    for stray in (*found.going, *found.with_parent):
        assert code(stray.arn) in plan


def test_names_of_aws_nuke_are_its_own() -> None:
    known = set(NAMES.read_text("utf-8").split())
    assert {kind.name for kind in nuke_types().types.values()} <= known
    assert {*nuke_types().types, *nuke_types().with_parent} <= set(EVERYTHING.entries)
