"""The ignore file, the filter and the baseline, applied to findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rules.run import check
from scanner import history
from scanner.config import Config, Environment, OutOfScope, RulesConfig
from scanner.errors import ConfigError, UsageError
from scanner.model import Outcome, Source
from scanner.store import Store
from tests.judge.scans import add_scan, day, only_strays, scan_id
from tests.resolve.build import SCAN, cell, claim, resolved, resource

URL = resource(
    "jobs", terraform_id="https://sqs/jobs", tags={"team": "a"}, properties={"DelaySeconds": 5}
)
NO_CODE = resource("odd", resource_type="AWS::X::Y", terraform_type=None, terraform_id=None)


def judged(store: Store, config: Config) -> dict[str, tuple[str, str | None]]:
    check(store, only_strays(config), SCAN)
    rows = store.rows(
        "SELECT coalesce(name, resource_id) AS n, state, exception_id FROM findings"
        " WHERE status IS NOT NULL"
    )
    return {row["n"]: (row["state"], row["exception_id"]) for row in rows}


def ignore(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "ignore"
    path.write_text(text, "utf-8")
    return Config(driftignore=str(path))


def test_ignored_finding_is_excepted_and_names_the_line(tmp_path: Path) -> None:
    config = ignore(tmp_path, "# why\naws_sqs_queue.https://sqs/jobs\n")
    assert judged(resolved([URL, resource("b")]), config) == {
        "jobs": ("excepted", "driftignore:2"), "b": ("open", None),
    }  # fmt: skip


def test_aws_own_id_and_type_serve_where_terraform_has_none(tmp_path: Path) -> None:
    config = ignore(tmp_path, "aws_sqs_queue.jobs\nAWS::X::Y.odd")
    assert {state for state, _ in judged(resolved([URL, NO_CODE]), config).values()} == {"excepted"}


def test_what_is_missing_can_be_ignored_too(tmp_path: Path) -> None:
    config = ignore(tmp_path, "aws_sqs_queue.gone")
    store = resolved([resource("b")], [claim("aws_sqs_queue.gone", "gone")])
    assert judged(store, config)["gone"] == ("excepted", "driftignore:1")


def test_ignore_file_in_the_working_folder_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".driftignore").write_text("*\n!aws_sqs_queue.b\n", "utf-8")
    assert judged(resolved([URL, resource("b")]), Config()) == {
        "jobs": ("excepted", "driftignore:1"), "b": ("open", None),
    }  # fmt: skip


def test_ignore_file_that_is_named_and_not_there_stops_the_run() -> None:
    with pytest.raises(ConfigError, match="gone"):
        judged(resolved([URL]), Config(driftignore="gone"))


def test_finding_about_many_is_ignored_when_all_of_them_are(tmp_path: Path) -> None:
    config = RulesConfig.model_validate({"burst_of_alike_resources": {"params": {"minimum": 2}}})
    both = [resource("a"), resource("b")]
    states = []
    for text in ("aws_sqs_queue.a", "aws_sqs_queue"):
        store = resolved(both)
        check(store, ignore(tmp_path, text).model_copy(update={"rules": config}), SCAN)
        states.append(
            store.value("SELECT state FROM findings WHERE rule_id = 'burst_of_alike_resources'")
        )
    assert states == ["open", "excepted"]


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("Type=='aws_sqs_queue' && Id=='https://sqs/jobs'", {"jobs"}),
        ("Attr.tags.team == 'a'", {"jobs"}),
        ("Attr.DelaySeconds == `5` && Attr.delay_seconds == `5`", {"jobs"}),
        ("Type=='aws_s3_bucket'", set()),
        ("Attr.region == 'us-east-1'", {"jobs", "b"}),
    ],
)
def test_filter_keeps_what_it_selects(expression: str, kept: set[str]) -> None:
    found = judged(resolved([URL, resource("b")]), Config(filter=expression))
    assert {name for name, (state, _) in found.items() if state == "open"} == kept
    assert {why for state, why in found.values() if state == "excepted"} <= {"filter"}


def test_filter_that_is_no_expression_stops_before_anything_is_judged() -> None:
    with pytest.raises(UsageError, match="--filter"):
        check(resolved([]), Config(filter="Type=="), SCAN)


def test_out_of_scope_outweighs_other_reasons_and_ends() -> None:
    config = Config(
        out_of_scope=[OutOfScope(region="us-*", reason="denied by policy", expires=day(3).date())]
    )  # type: ignore[call-arg]
    store = resolved([URL])
    states = []
    for number in (3, 4):
        check(store, only_strays(config), SCAN, now=day(number))
        states.append(store.rows("SELECT state, exception_id FROM findings")[0])
    assert states[0] == {"state": "excepted", "exception_id": "out_of_scope: denied by policy"}
    assert states[1] == {"state": "open", "exception_id": None}


@pytest.fixture
def two_days() -> Store:
    """A stray that is accepted as known on its first day."""
    store = Store.memory()
    add_scan(store, 1, [URL])
    assert history.accept(store, scan_id(1)) == 1
    return store


def states(store: Store) -> dict[str, str]:
    return {
        row["name"]: row["state"]
        for row in store.rows("SELECT name, state FROM findings WHERE name IS NOT NULL")
    }


def test_accepted_findings_are_baselined_and_new_ones_are_not(two_days: Store) -> None:
    assert states(two_days) == {"jobs": "baselined"}
    add_scan(two_days, 2, [URL, resource("new")])
    assert states(two_days) == {"jobs": "baselined", "new": "open"}


def test_accepted_finding_that_comes_back_counts_again(two_days: Store) -> None:
    add_scan(two_days, 2, [])
    add_scan(two_days, 3, [URL])
    assert states(two_days) == {"jobs": "open"}


def test_accepted_finding_that_was_not_seen_for_a_while_stays_accepted(two_days: Store) -> None:
    add_scan(two_days, 2, [], cells=[cell(Outcome.DENIED)])
    assert states(two_days) == {"jobs": "not_seen"}
    add_scan(two_days, 3, [URL])
    assert states(two_days) == {"jobs": "baselined"}


def test_accepted_finding_that_grows_more_severe_counts_again(two_days: Store) -> None:
    strict = Config(environment=[Environment(name="production", policy="iac-only")])
    add_scan(two_days, 2, [URL], config=strict)
    assert states(two_days) == {"jobs": "open"}


def test_baseline_can_be_taken_back(two_days: Store) -> None:
    assert history.forget_baseline(two_days) == 1
    assert states(two_days) == {"jobs": "open"}
    add_scan(two_days, 2, [URL])
    assert states(two_days) == {"jobs": "open"}


def test_what_was_not_seen_is_never_accepted() -> None:
    store = Store.memory()
    add_scan(store, 1, [], cells=[cell(Outcome.DENIED)])
    assert history.accept(store, scan_id(1)) == 0


DENIED = cell(Outcome.DENIED)


def test_diff_tells_exactly_what_changed() -> None:
    stays, goes, moves, comes = (resource(name) for name in ("stays", "goes", "moves", "comes"))
    hidden = resource("hidden", region="eu-west-1")
    store = Store.memory()
    add_scan(store, 1, [stays, goes, moves, hidden])
    state = Source("tfstate://a", "terraform", "read")
    add_scan(
        store, 2, [stays, moves, comes], claims=[claim("a", moves.arn)], sources=[state],
        cells=[cell(), cell(Outcome.DENIED, region="eu-west-1"), cell(region="eu-north-1")],
    )  # fmt: skip
    rows = history.diff(store)
    assert [
        (row["change"], row["name"], row["region"], row["before"], row["after"]) for row in rows
    ] == [
        ("new", "comes", "us-east-1", "", "unmanaged"),
        ("gone", "goes", "us-east-1", "unmanaged", ""),
        ("owner", "moves", "us-east-1", "unmanaged", "managed tfstate://a"),
        ("coverage", None, "eu-north-1", "never tried", "ok"),
        ("coverage", None, "eu-west-1", "ok", "denied"),
    ]
    assert history.diff(store, scan_id(1), scan_id(2)) == rows


def test_diff_of_the_same_is_empty_and_of_the_wrong_way_refused() -> None:
    store = Store.memory()
    add_scan(store, 1, [URL])
    add_scan(store, 2, [URL])
    assert history.diff(store) == []
    with pytest.raises(UsageError, match="older scan first"):
        history.diff(store, scan_id(2), scan_id(1))


def test_bucket_moves_no_coverage() -> None:
    bucket = replace(
        URL,
        arn="arn:aws:s3:::b",
        resource_type="AWS::S3::Bucket",
        region="eu-west-1",
        cell_region="global",
    )
    store = Store.memory()
    add_scan(store, 1, [bucket])
    add_scan(store, 2, [], cells=[cell(region="global", resource_type="AWS::S3::Bucket")])
    assert [(row["change"], row["arn"]) for row in history.diff(store)] == [
        ("gone", "arn:aws:s3:::b")
    ]
