"""Whose turn it is: one that waits for AWS holds up nobody."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, get_ident
from typing import Any

import pytest

from scanner.pace import Key, Pace, Where
from scanner.turns import UNDER_WAY, Turns

ONE, TWO = "111111111111", "222222222222"


def key(account: str, service: str = "sqs") -> Key:
    return Key(account, "us-east-1", service)


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
def turns(pace: Pace) -> Iterator[Turns]:
    made = Turns(1, pace)
    pace.aside = made.aside
    yield made
    made.close()


def test_job_that_steps_aside_lets_the_next_one_work(turns: Turns) -> None:
    let_go = Event()

    def waiting() -> str:
        with turns.aside():
            let_go.wait(60)
        return "back"

    first = turns.submit(key(ONE), waiting)
    second = turns.submit(key(TWO), lambda: "done")
    assert second.result(60) == "done"
    assert not first.done()
    let_go.set()
    assert first.result(60) == "back"


def test_who_comes_back_waits_for_its_place(turns: Turns) -> None:
    at_work: list[int] = []
    crowd: list[int] = []

    def job() -> None:
        for _ in range(20):
            at_work.append(get_ident())
            crowd.append(len(at_work))
            at_work.remove(get_ident())
            with turns.aside():
                pass

    wait([turns.submit(key(str(number)), job) for number in range(8)], 60)
    assert len(crowd) == 160
    assert max(crowd) == 1


def test_job_of_a_resting_place_is_not_begun(turns: Turns, pace: Pace) -> None:
    pace.throttled(Where(ONE, "us-east-1", "sqs", "ListQueues"), 3600)
    resting = turns.submit(key(ONE), lambda: None)
    others = [turns.submit(key(TWO), lambda: None), turns.submit(key(ONE, "sns"), lambda: None)]
    assert not wait(others, 60).not_done
    assert not resting.running()
    assert not resting.done()


def test_who_has_nothing_that_may_begin_says_so(turns: Turns, pace: Pace) -> None:
    idle = Event()
    pace.throttled(Where(ONE, "us-east-1", "sqs", "ListQueues"), 3600)
    turns.idle = idle.set
    turns.submit(key(ONE), lambda: None)
    assert idle.wait(60)


def test_sleepers_of_many_accounts_leave_a_thread_for_the_next(turns: Turns) -> None:
    let_go = Event()

    def waiting() -> None:
        with turns.aside():
            let_go.wait(60)

    accounts = [str(number) for number in range(UNDER_WAY - 1)]
    sleeping = [turns.submit(key(each), waiting) for each in accounts for _ in range(2)]
    assert turns.submit(key(ONE, "sts"), lambda: "done").result(60) == "done"
    let_go.set()
    assert not wait(sleeping, 60).not_done


def test_job_is_begun_when_its_place_has_rested(turns: Turns, pace: Pace) -> None:
    pace.throttled(Where(ONE, "us-east-1", "sqs", "ListQueues"), 0.05)
    assert turns.submit(key(ONE), lambda: "begun").result(60) == "begun"


def test_accounts_are_served_in_turns_service_by_service(turns: Turns) -> None:
    hold, order = Event(), []
    blocker = turns.submit(key("000000000000", "acm"), lambda: hold.wait(60))

    def job(account: str, service: str) -> Future[None]:
        return turns.submit(key(account, service), lambda: order.append((service, account)))

    asked = [(a, s) for a in (ONE, TWO) for s in ("sns", "sqs", "sqs")]
    jobs = [job(account, service) for account, service in asked]
    late = job("333333333333", "acm")
    hold.set()
    wait([blocker, late, *jobs], 60)
    assert [service for service, _ in order] == ["acm", "sns", "sns", "sqs", "sqs", "sqs", "sqs"]
    assert [account for service, account in order if service == "sqs"] == [ONE, TWO, ONE, TWO]


def test_error_of_a_job_is_its_futures(turns: Turns) -> None:
    def broken() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        turns.submit(key(ONE), broken).result(60)


def test_closing_ends_waits_and_cancels_what_was_not_begun(turns: Turns, pace: Pace) -> None:
    begun = Event()

    def sleeper() -> None:
        begun.set()
        pace.wait(Where(ONE, "us-east-1", "sqs", "ListQueues"), 3600)

    sleeping = turns.submit(key(ONE), sleeper)
    begun.wait(60)
    pace.throttled(Where(TWO, "us-east-1", "sqs", "ListQueues"), 3600)
    never = turns.submit(key(TWO), lambda: None)
    turns.close()
    sleeping.result(60)
    assert never.cancelled()


def test_job_that_no_thread_has_taken_up_yet_ends_after_the_close(turns: Turns) -> None:
    given, let_go = Event(), Event()

    class Late(ThreadPoolExecutor):
        def submit(self, *what: Any, **more: Any) -> Future[Any]:
            given.set()
            return super().submit(*what, **more)

    turns._pool = Late(1)
    ThreadPoolExecutor.submit(turns._pool, let_go.wait, 60)
    future = turns.submit(key(ONE), lambda: "done")
    assert given.wait(60)
    turns.close()
    let_go.set()
    assert future.result(60) == "done"
