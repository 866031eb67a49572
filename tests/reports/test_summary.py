"""The verdict and the numbers that head every report."""

from __future__ import annotations

import pytest

from reports import Verdict, summarize
from reports.exits import exit_code
from scanner.store import Store
from tests.ledger import change_cells
from tests.reports.sample import SECOND, estate


def complete(store: Store) -> Store:
    """Let every cell have been listed and every source been read."""
    change_cells(store, "outcome", "'ok'")
    store.run("UPDATE source SET outcome = 'read'")
    return store


def test_a_cell_not_fully_seen_makes_the_verdict_incomplete() -> None:
    store = complete(estate())
    assert summarize(store).verdict is Verdict.FINDINGS
    change_cells(store, "outcome", "'throttled'", "account_id = '333333333333'")
    summary = summarize(store)
    assert summary.verdict is Verdict.INCOMPLETE
    assert len(summary.blind) == summary.cells - summary.cells_complete == 6


def test_a_source_that_was_not_read_makes_the_verdict_incomplete() -> None:
    store = complete(estate())
    store.run("UPDATE source SET outcome = 'denied' WHERE serial = 41")
    summary = summarize(store)
    assert summary.verdict is Verdict.INCOMPLETE
    assert [row["outcome"] for row in summary.unread] == ["denied"]


def test_a_skipped_source_was_never_meant_to_be_read() -> None:
    store = complete(estate())
    store.run("UPDATE source SET outcome = 'skipped' WHERE serial IS NULL")
    assert summarize(store).verdict is Verdict.FINDINGS


def test_cells_out_of_scope_leave_the_verdict_until_their_entry_expires() -> None:
    store = complete(estate())
    roles = "resource_type = 'AWS::IAM::Role' AND account_id = '222222222222'"
    change_cells(store, "outcome", "'denied'", roles)
    summary = summarize(store)
    assert (summary.verdict, summary.cells_out_of_scope) == (Verdict.FINDINGS, 1)
    store.run("UPDATE out_of_scope SET expired = true")
    assert summarize(store).verdict is Verdict.INCOMPLETE


@pytest.mark.parametrize("closing", ["state = 'closed'", "state = 'excepted'", "severity = 'info'"])
def test_findings_that_are_not_open_or_only_inform_leave_it_clean(closing: str) -> None:
    store = complete(estate())
    store.run(f"UPDATE finding SET {closing}")
    assert summarize(store).verdict is Verdict.CLEAN


def test_a_coverage_finding_alone_is_no_finding() -> None:
    store = complete(estate())
    store.run("DELETE FROM finding WHERE rule_id <> 'coverage_incomplete'")
    assert summarize(store).verdict is Verdict.CLEAN


def test_the_counts_are_those_of_the_views() -> None:
    summary = summarize(estate())
    by = summary.by_status
    assert by == {"managed": 3, "derived": 1, "default": 1, "unmanaged": 5, "unknown": 1}
    assert (summary.strays, summary.missing, summary.tag_only, summary.sources) == (4, 2, 1, 1)
    assert (summary.owned, summary.accountable, summary.coverage) == (4, 11, 36)
    assert (summary.cells, summary.cells_complete, summary.cells_out_of_scope) == (17, 15, 1)


@pytest.mark.parametrize(
    ("fail_on", "change", "code"),
    [
        ("low", "", 1),
        ("critical", "", 1),
        ("critical", "UPDATE finding SET severity = 'high' WHERE severity = 'critical'", 3),
        ("none", "", 3),
        ("low", "UPDATE finding SET state = 'closed'", 3),
    ],
)
def test_the_exit_code_prefers_findings_to_incomplete_sight(
    fail_on: str, change: str, code: int
) -> None:
    store = estate()
    if change:
        store.run(change)
    assert exit_code(store, fail_on, only_new=False) == code


def test_only_new_findings_fail_where_asked_for() -> None:
    store = complete(estate())
    store.run(f"UPDATE finding SET first_seen = '2026-01-01' WHERE scan_id = '{SECOND}'")
    assert exit_code(store, "low", only_new=True) == 0
    assert exit_code(store, "low", only_new=False) == 1


def test_a_clean_and_complete_scan_exits_with_zero() -> None:
    store = complete(estate())
    store.run("UPDATE finding SET state = 'closed'")
    assert exit_code(store, "low", only_new=False) == 0


def test_where_nothing_was_looked_at_nothing_is_clean() -> None:
    store = complete(estate())
    store.run("DELETE FROM finding")
    assert summarize(store).verdict is Verdict.CLEAN
    store.run("DELETE FROM looked")
    assert summarize(store).verdict is Verdict.INCOMPLETE
