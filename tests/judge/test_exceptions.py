"""Exceptions: what one covers, until when, and that nothing malformed suppresses anything."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.run import check
from scanner import exceptions
from scanner.config import Config, Environment, ExceptionsConfig
from scanner.driftignore import DriftIgnore
from scanner.errors import ConfigError
from scanner.store import Store
from tests.judge.scans import add_scan, day, only_strays, scan_id
from tests.resolve.build import resource

TODAY = date(2026, 3, 1)
TAGGED = resource("jobs", tags={"team": "data", "env": "dev"})
OTHER = resource("other", account_id="222222222222")


def entry(**changes: Any) -> str:
    """An entry as TOML text, complete unless told otherwise (None leaves a key out)."""
    plain: dict[str, Any] = {
        "id": "E1", "resource": "*jobs", "reason": "load test", "owner": "data@x",
        "approver": "ciso@x", "ticket": "SEC-1", "created": date(2026, 1, 1),
        "expires": date(2026, 2, 1),
    }  # fmt: skip
    lines = [
        f"{key} = {_toml(value)}"
        for key, value in {**plain, **changes}.items()
        if value is not None
    ]
    return "\n".join(["[[exception]]", *lines, ""])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(text)}" for key, text in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return value.isoformat() if isinstance(value, date) else f"'{value}'"


def config_of(tmp_path: Path, *entries: str, **more: Any) -> Config:
    path = tmp_path / "exceptions.toml"
    path.write_text("\n".join(entries), "utf-8")
    return only_strays(Config(exceptions=ExceptionsConfig(files=[str(path)]), **more))


def states(store: Store) -> dict[str, tuple[str, str | None]]:
    """Return (state, exception id) of each stray's finding by name."""
    rows = store.rows(
        "SELECT name, state, exception_id FROM findings WHERE rule_id = 'unmanaged_resource'"
    )
    return {row["name"]: (row["state"], row["exception_id"]) for row in rows}


COVERS = [
    {"resource": "*:jobs"},
    {"resource": "jobs"},
    {"resource": "j?bs"},
    {"rule": "unmanaged_*"},
    {"type": "AWS::SQS::*"},
    {"type": "aws_sqs_queue"},
    {"account": "111111111111"},
    {"region": "us-*"},
    {"environment": "prod*"},
    {"tags": {"team": "data"}},
    {"tags": {"team": "d*", "env": "dev"}},
    {"ignore": ["aws_sqs_queue.*", "!aws_sqs_queue.other"]},
    {"type": "AWS::SQS::Queue", "account": "1*", "resource": "arn:aws:sqs:us-east-1:*"},
]
PASSES_BY = [
    {"resource": "JOBS"},
    {"resource": "job"},
    {"rule": "tag_only"},
    {"type": "AWS::SNS::*"},
    {"account": "222222222222"},
    {"region": "eu-*"},
    {"environment": "staging"},
    {"tags": {"team": "web"}},
    {"tags": {"team": "data", "owner": "*"}},
    {"ignore": ["aws_sqs_queue.*", "!aws_sqs_queue.jobs"]},
    {"type": "AWS::SQS::Queue", "account": "2*"},
]


@pytest.mark.parametrize(
    ("covers", "state"), [(c, "excepted") for c in COVERS] + [(c, "open") for c in PASSES_BY]
)
def test_covers(tmp_path: Path, covers: dict[str, Any], state: str) -> None:
    store = Store.memory()
    add_scan(store, 1, [TAGGED], judged=False)
    text = entry(**{"resource": None, **covers})
    config = config_of(
        tmp_path, text, environment=[Environment(name="production", accounts=["1*"])]
    )
    check(store, config, scan_id(1), now=day(1))
    assert states(store) == {"jobs": (state, "E1" if state == "excepted" else None)}
    assert store.value("SELECT hits FROM exception") == (state == "excepted")


def test_excepted_finding_stays_visible_and_reopens_the_day_after_its_end(tmp_path: Path) -> None:
    config = config_of(tmp_path, entry(expires=date(2026, 1, 3)))
    store = Store.memory()
    add_scan(store, 1, [TAGGED, OTHER], config=config, judged=False)
    seen = []
    for hours in (0, 47, 48 + 23.9, 72):
        check(store, config, scan_id(1), now=day(0) + timedelta(hours=hours))
        seen.append((states(store)["jobs"], states(store)["other"]))
    excepted, reopened, other = ("excepted", "E1"), ("open", None), ("open", None)
    assert seen == [(excepted, other), (excepted, other), (excepted, other), (reopened, other)]
    rows = store.rows("SELECT severity, message FROM findings WHERE rule_id = 'exception_expired'")
    assert rows == [
        {
            "severity": "medium",
            "message": "E1 ended on 2026-01-03 and covers 1 findings, which count again",
        }
    ]


def test_unused_and_self_approved_entries_are_pointed_out(tmp_path: Path) -> None:
    config = config_of(
        tmp_path, entry(id="U", resource="nothing"), entry(id="S", approver=" DATA@X "),
        entry(id="X", resource="nothing", created=date(2025, 1, 1), expires=date(2025, 2, 1)),
    )  # fmt: skip
    store = Store.memory()
    add_scan(store, 1, [TAGGED], judged=False)
    check(store, config, scan_id(1), now=day(1))
    rows = store.rows(
        "SELECT rule_id, message, severity FROM findings WHERE rule_id LIKE 'exc%' ORDER BY 1"
    )
    assert [(row["rule_id"], row["message"].split()[0], row["severity"]) for row in rows] == [
        ("exception_expired", "X", "info"), ("exception_self_approved", "S", "info"),
        ("exception_unused", "U", "info"),
    ]  # fmt: skip


MALFORMED = [
    ("no end", {"expires": None}, "expires: Field required"),
    ("no approver", {"approver": None}, "approver: Field required"),
    ("empty approver", {"approver": ""}, "approver: String should have at least"),
    ("no ticket", {"ticket": None}, "ticket"),
    ("unknown key", {"until": "x"}, "until"),
    ("end as text", {"expires": "2026-02-01"}, "expires: Input should be a valid date"),
    ("covers everything", {"resource": None}, "covers everything"),
    ("covers everything by a star", {"resource": "*"}, "covers everything"),
    ("longer than allowed", {"expires": date(2027, 1, 2)}, "max_term"),
    ("begins in the future", {"created": date(2026, 3, 3), "expires": date(2026, 4, 1)}, "future"),
    ("odd id", {"id": "a b"}, "id: String should match"),
    ("id of ours", {"id": "driftignore:1"}, "id: String should match"),
]


@pytest.mark.parametrize(
    ("changes", "told"), [m[1:] for m in MALFORMED], ids=[m[0] for m in MALFORMED]
)
def test_malformed_entry_is_named_with_its_line(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    config = config_of(tmp_path, entry(id="fine"), entry(**changes))
    with pytest.raises(ConfigError, match=r"exceptions\.toml, line 11.*" + told):
        exceptions.load(config.exceptions, TODAY)


def test_malformed_entry_suppresses_nothing_and_changes_nothing(tmp_path: Path) -> None:
    store = Store.memory()
    add_scan(store, 1, [TAGGED])
    with pytest.raises(ConfigError):
        check(
            store, config_of(tmp_path, entry(), "[[exception]]\nid = 'x'\n"), scan_id(1), now=day(1)
        )
    assert states(store) == {"jobs": ("open", None)}


def test_id_used_twice_over_files_is_named(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(entry(), "utf-8")
    files = [str(tmp_path / name) for name in ("a.toml", "b.toml")]
    with pytest.raises(
        ConfigError, match=r"b\.toml, line 1: the id 'E1' is taken already, in .*a\.toml"
    ):
        exceptions.load(ExceptionsConfig(files=files), TODAY)


@pytest.mark.parametrize(
    "text", ["exception = 1", "[exception]", "[[exceptions]]", "= ", "exception = [1]"]
)
def test_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"exceptions\.toml"):
        exceptions.load(config_of(tmp_path, text).exceptions, TODAY)


def test_file_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="gone"):
        exceptions.load(ExceptionsConfig(files=[str(tmp_path / "gone")]), TODAY)


def test_usual_file_is_read_where_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exceptions.load(ExceptionsConfig(), TODAY) == {}  # type: ignore[call-arg]
    (tmp_path / "exceptions.toml").write_text(entry(), "utf-8")
    assert list(exceptions.load(ExceptionsConfig(), TODAY)) == ["E1"]  # type: ignore[call-arg]


LINE = st.text(alphabet="ab*?!#. ", max_size=6)


@given(st.lists(LINE, max_size=6), st.sampled_from(["a.b", "a.ab", "b.a", "aa.bb"]))
def test_imported_lines_cover_what_the_file_ignored(lines: list[str], name: str) -> None:
    from scanner.exception_files import imported

    read = DriftIgnore.parse("\n".join(lines))
    resource_type, _, resource_id = name.partition(".")
    entries = [DriftIgnore.parse("\n".join(found["ignore"])) for found in imported(read)]
    covered = any(one.ignoring(resource_type, [resource_id]) for one in entries)
    assert covered == (read.ignoring(resource_type, [resource_id]) is not None)


def test_adding_keeps_what_stands_there_and_ending_changes_one_line(tmp_path: Path) -> None:
    from scanner.exception_files import add, end

    path = tmp_path / "exceptions.toml"
    path.write_text("# ours\n" + entry(id="E0"), "utf-8")
    config = ExceptionsConfig(files=[str(path)])
    fields = {
        "id": "E1", "resource": 'a"b\\c\n\x7fü', "tags": {"a.b": "*"}, "reason": "because",
        "owner": "me", "approver": "you", "ticket": "T", "created": TODAY,
        "expires": date(2026, 4, 1),
    }  # fmt: skip
    assert add(config, fields, TODAY, None) == path
    found = exceptions.load(config, TODAY)["E1"][1]
    assert (found.resource, found.tags) == (fields["resource"], fields["tags"])
    before = path.read_text("utf-8")
    end(config, "E1", TODAY)
    assert path.read_text("utf-8") == before.replace("2026-04-01", "2026-02-28")
    assert exceptions.load(config, TODAY)["E1"][1].expired(TODAY)


def test_entry_that_would_not_load_is_not_added(tmp_path: Path) -> None:
    from scanner.exception_files import add

    path = tmp_path / "exceptions.toml"
    fields = {
        "id": "E1",
        "resource": "x",
        "reason": "because",
        "owner": "me",
        "approver": "you",
        "ticket": "T",
    }
    dates = {"created": TODAY, "expires": date(2029, 4, 1)}
    with pytest.raises(ConfigError, match="max_term"):
        add(ExceptionsConfig(files=[str(path)]), {**fields, **dates}, TODAY, None)
    assert not path.exists()


def test_ending_what_is_not_there_names_what_is(tmp_path: Path) -> None:
    from scanner.errors import UsageError
    from scanner.exception_files import end

    config = config_of(tmp_path, entry())
    with pytest.raises(UsageError, match=r"E9.*there are: E1"):
        end(config.exceptions, "E9", TODAY)


def test_imported_file_needs_an_approver_and_an_end_before_it_loads(tmp_path: Path) -> None:
    from scanner.exception_files import import_text

    text = import_text(DriftIgnore.parse("# by hand\na.b\n!a.b.c\n"), TODAY)
    with pytest.raises(ConfigError):
        exceptions.load(config_of(tmp_path, text).exceptions, TODAY)
    filled = text.replace('""', '"x@y"').replace("# expires = YYYY-MM-DD", "expires = 2026-05-01")
    found = exceptions.load(config_of(tmp_path, filled).exceptions, TODAY)
    assert [(e.reason, e.ignore) for _, e in found.values()] == [("by hand", ["a.b", "!a.b.c"])]
