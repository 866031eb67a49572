"""What could not be seen, and what became of exceptions: what each rule finds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rules.run import check
from scanner.config import ExceptionsConfig
from scanner.model import Outcome, Source
from scanner.store import Store
from tests.resolve.build import ACCOUNT, NOW, SCAN, cell, claim, resolved, resource
from tests.rules.things import found, only


def test_coverage_incomplete_is_one_finding_per_service_and_outcome() -> None:
    cells = [
        cell(Outcome.DENIED, region=region, message="no") for region in ("us-east-1", "eu-west-1")
    ]
    rows = found(resolved([], cells=cells), "coverage_incomplete")
    assert rows == [("medium", f"2 cells of sqs in account {ACCOUNT} are denied: no")]
    assert found(resolved([], cells=[cell(Outcome.UNAVAILABLE)]), "coverage_incomplete") == []


def test_coverage_source_unread_names_source_and_reason() -> None:
    sources = [
        Source("tfstate://a", "terraform", "denied", "no access"),
        Source("tfstate://b", "terraform", "read"),
    ]
    rows = found(resolved([resource("x")], sources=sources), "coverage_source_unread")
    assert rows == [("medium", "tfstate://a was not read: no access")]


def test_coverage_account_not_scanned_names_the_account() -> None:
    store = resolved([])
    insert = "INSERT INTO account VALUES (?, ?, ?, NULL, MAP {}, 'aws', NULL, [], ?, ?)"
    store.run(insert, [SCAN, "222222222222", "prod", "denied", "AssumeRole: AccessDenied"])
    store.run(insert, [SCAN, ACCOUNT, None, "ok", None])
    assert found(store, "coverage_account_not_scanned") == [
        ("high", "account 222222222222 (prod) was not scanned: AssumeRole: AccessDenied")
    ]


def test_coverage_cross_check_tells_what_others_count_and_no_scan_lists() -> None:
    store = resolved([], cells=[cell(Outcome.OK)])
    insert = "INSERT INTO cross_check VALUES (?, ?, 'us-east-1', 'config', ?, ?, ?, ?, [], ?)"
    queue, new = "AWS::SQS::Queue", "AWS::New::Thing"
    store.run(insert, [SCAN, ACCOUNT, "counted", queue, queue, 3, None])
    store.run(insert, [SCAN, ACCOUNT, "counted", new, None, 14, None])
    store.run(insert, [SCAN, ACCOUNT, "denied", None, None, 0, "no access"])
    found_here = found(store, "coverage_cross_check")
    told = f"config counts 14 resources of 1 types in account {ACCOUNT} that were not scanned: "
    assert ("low", f"{told}{new} (14)") in found_here
    asked = f"config could not be asked in 1 regions of account {ACCOUNT}: no access"
    assert sorted(found_here)[0] == ("info", asked)


def test_coverage_no_code_is_said_where_nothing_claims() -> None:
    stray = resource("x")
    told = "1 resources look like strays since no state, stack or agreed tag was read"
    assert found(resolved([stray]), "coverage_no_code") == [("high", told)]
    read = [Source("tfstate://a", "terraform", "read")]
    assert found(resolved([stray], sources=read), "coverage_no_code") == []
    assert found(resolved([stray], [claim("a", "other")]), "coverage_no_code") == []


def excepted(tmp_path: Path, rule: str, **changes: Any) -> list[tuple[str, str]]:
    """Judge one stray under one exception by one of the rules about exceptions."""
    plain: dict[str, Any] = {
        "id": "E1", "resource": "jobs", "reason": "why", "owner": "a@x", "approver": "b@x",
        "ticket": "T", "created": NOW.date(), "expires": NOW.date() + timedelta(days=9), **changes,
    }  # fmt: skip
    lines = [
        f"{key} = {value if isinstance(value, date) else repr(value)}"
        for key, value in plain.items()
    ]
    path = tmp_path / "exceptions.toml"
    path.write_text("\n".join(["[[exception]]", *lines]), "utf-8")
    config = only("unmanaged_resource")
    off = [name for name in config.rules.disable if name != rule]
    rules = config.rules.model_copy(update={"disable": off})
    files = ExceptionsConfig(files=[str(path)])
    store: Store = resolved([resource("jobs")])
    check(store, config.model_copy(update={"rules": rules, "exceptions": files}), SCAN, now=NOW)
    rows = store.rows("SELECT severity, message FROM findings WHERE rule_id = ?", [rule])
    return [(row["severity"], row["message"]) for row in rows]


ENDED = {"created": date(2025, 1, 1), "expires": date(2025, 12, 31)}


def test_exception_expired_is_graver_where_it_still_covers_something(tmp_path: Path) -> None:
    told = "E1 ended on 2025-12-31 and covers "
    assert excepted(tmp_path, "exception_expired", **ENDED) == [
        ("medium", told + "1 findings, which count again")
    ]
    assert excepted(tmp_path, "exception_expired", **ENDED, resource="other") == [
        ("info", told + "nothing any more")
    ]
    assert excepted(tmp_path, "exception_expired") == []


def test_exception_unused_is_said_of_active_ones(tmp_path: Path) -> None:
    assert excepted(tmp_path, "exception_unused", resource="other") == [
        ("info", "E1 covers nothing in this scan: resource other")
    ]
    assert excepted(tmp_path, "exception_unused") == []


def test_exception_self_approved(tmp_path: Path) -> None:
    assert excepted(tmp_path, "exception_self_approved", approver="A@X ") == [
        ("info", "E1 was asked for and approved by a@x")
    ]
    assert excepted(tmp_path, "exception_self_approved") == []


def test_plan_stale_names_the_workspace_and_says_since_when() -> None:
    sources = [
        Source("plan:///night/a", "plan", "read", "stale: a.json is of 2026-01-01 00:00"),
        Source("plan:///night/b", "plan", "read"),
        Source("plan:///night/c", "plan", "failed", "it is no plan"),
    ]
    rows = found(resolved([resource("x")], sources=sources), "plan_stale")
    assert rows == [("low", "plan:///night/a: stale: a.json is of 2026-01-01 00:00")]
