"""Notices: one signed message a run, none twice, and a receiver that fails breaks nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest

from rules.run import check
from scanner import notices
from scanner.config import Config, Notify
from scanner.errors import ConfigError
from scanner.store import Store
from tests.judge.receiver import Receiver, receiving
from tests.judge.scans import add_scan, scan_id
from tests.resolve.build import resource


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def store() -> Store:
    store = Store.memory()
    add_scan(store, 1, [resource("jobs")])
    return store


def tell(store: Store, place: Notify, number: int = 1) -> int:
    sent = notices.deliver(notices.pending(store, [place], scan_id(number)))
    notices.record(store, sent)
    return len(sent)


def test_new_findings_are_told_once_and_signed(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s3cret")
    place = Notify(url=receiver.url, secret_env="HOOK_SECRET", min_severity="medium")
    assert [tell(store, place), tell(store, place)] == [1, 0]
    [(headers, body)] = receiver.told
    stamp = headers["X-Strays-Timestamp"].encode()
    expected = hmac.new(b"s3cret", stamp + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Strays-Signature"] == f"sha256={expected}"
    said = json.loads(body)
    assert (said["scan_id"], said["verdict"], said["new"]) == (scan_id(1), "FINDINGS", 1)
    assert [row["rule_id"] for row in said["findings"]] == ["unmanaged_resource"]


def test_findings_that_are_not_new_or_not_grave_enough_are_not_told(
    store: Store, receiver: Receiver
) -> None:
    assert tell(store, Notify(url=receiver.url, min_severity="high")) == 0
    add_scan(store, 2, [resource("jobs")])
    assert tell(store, Notify(url=receiver.url, min_severity="info"), 2) == 0
    assert receiver.told == []


def test_what_a_later_check_of_the_same_scan_finds_is_told_and_nothing_twice(
    store: Store, receiver: Receiver
) -> None:
    place = Notify(url=receiver.url, min_severity="medium")
    assert tell(store, place) == 1
    drift = {"scan_id": scan_id(1), "source_id": "plan://a", "how": "plan", "state": "drifted",
             "address": "aws_sqs_queue.jobs", "attribute": "delay_seconds"}  # fmt: skip
    store.table_from_rows("drift", [drift])
    check(store, Config(), scan_id(1))
    assert [tell(store, place), tell(store, place)] == [1, 0]
    told = {row["rule_id"] for row in json.loads(receiver.told[1][1])["findings"]}
    assert "drifted" in told
    assert "unmanaged_resource" not in told


def test_finding_that_came_back_is_told(store: Store, receiver: Receiver) -> None:
    add_scan(store, 2, [])
    add_scan(store, 3, [resource("jobs")])
    assert tell(store, Notify(url=receiver.url, min_severity="info"), 3) == 1


@pytest.mark.parametrize("status", [500, 302, 307])
def test_receiver_that_fails_is_tried_again_by_the_next_check(
    store: Store, receiver: Receiver, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = status
    place = Notify(url=receiver.url, min_severity="medium")
    assert tell(store, place) == 0
    assert f"answered {status}" in caplog.text
    assert "hidden" not in caplog.text
    receiver.status = 200
    assert tell(store, place) == 1


def test_receiver_that_is_not_there_is_a_warning(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    assert tell(store, Notify(url="http://127.0.0.1:1/x", min_severity="medium")) == 0
    assert "127.0.0.1" in caplog.text


def test_nothing_that_a_url_hides_is_stored(store: Store, receiver: Receiver) -> None:
    tell(store, Notify(url=receiver.url, min_severity="medium"))
    assert "hidden" not in str(store.rows("SELECT * FROM notice"))


def test_secret_that_is_not_there_stops_before_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    with pytest.raises(ConfigError, match="HOOK_SECRET"):
        notices.check_secrets([Notify(url="https://example.com", secret_env="HOOK_SECRET")])


def test_line_for_logs_says_the_run_in_one_line(store: Store) -> None:
    assert notices.line(store) == (
        f"scan={scan_id(1)} verdict=FINDINGS strays=1 missing=0 critical=0 high=0 medium=1 low=0"
        " info=0 new=1 cells=1/1 unread_sources=0"
    )
