"""How fast calls go, on a clock of the test's own."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Lock
from typing import Any

import pytest

from scanner.errors import CallError
from scanner.model import Outcome
from scanner.pace import SPENT, Pace, Where, code_of, rates

HERE = Where("111111111111", "us-east-1", "ses", "ListIdentities")
THERE = HERE._replace(account_id="222222222222")
RATE = rates().of("ses")


class Clock(Event):
    """A clock that waiting moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return False


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    made = Pace(clock)
    made._stopped = clock
    return made


def seconds(pace: Pace, clock: Clock, where: Where, calls: int, **how: Any) -> float:
    before = clock.now
    for _ in range(calls):
        pace.take(where, **how)
    return clock.now - before


def test_burst_goes_at_once_and_the_rest_at_the_rate(pace: Pace, clock: Clock) -> None:
    assert seconds(pace, clock, HERE, int(RATE.burst)) == 0.0
    assert seconds(pace, clock, HERE, 8) == pytest.approx(8 / RATE.per_second)


def test_other_accounts_regions_and_services_have_buckets_of_their_own(
    pace: Pace, clock: Clock
) -> None:
    seconds(pace, clock, HERE, 10)
    assert seconds(pace, clock, THERE, 1) == 0.0
    assert seconds(pace, clock, HERE._replace(region="eu-west-1"), 1) == 0.0
    assert seconds(pace, clock, HERE._replace(service="sqs"), 1) == 0.0


def test_rested_bucket_has_its_burst_again(pace: Pace, clock: Clock) -> None:
    seconds(pace, clock, HERE, 10)
    clock.now += 3600
    assert seconds(pace, clock, HERE, int(RATE.burst)) == 0.0


def test_throttled_bucket_rests_and_then_goes_at_half_its_rate(pace: Pace, clock: Clock) -> None:
    pace.take(HERE)
    pace.throttled(HERE, 5.0)
    assert pace.rests(HERE.key) == pytest.approx(5.0)
    assert pace.rests(THERE.key) == 0.0
    assert seconds(pace, clock, HERE, 1) == pytest.approx(5.0)
    assert seconds(pace, clock, HERE, 4) == pytest.approx(4 / (RATE.per_second / 2))


def test_calls_that_are_refused_together_halve_the_rate_once(pace: Pace, clock: Clock) -> None:
    for _ in range(10):
        pace.throttled(HERE, 1.0)
    pace.take(HERE)
    assert seconds(pace, clock, HERE, 1) == pytest.approx(1 / (RATE.per_second / 2))


def test_hundred_answers_bring_the_rate_back(pace: Pace, clock: Clock) -> None:
    pace.throttled(HERE, 1.0)
    for _ in range(100):
        pace.take(HERE)
        pace.answered(HERE)
    assert seconds(pace, clock, HERE, 1) == pytest.approx(1 / RATE.per_second)


def test_endpoint_of_ones_own_is_slowed_by_its_throttling_alone(pace: Pace, clock: Clock) -> None:
    assert seconds(pace, clock, HERE, 1000, limited=False) == 0.0
    pace.throttled(HERE, 2.0)
    assert seconds(pace, clock, HERE, 1, limited=False) == pytest.approx(2.0)


def test_no_call_goes_beyond_the_limit_of_calls(pace: Pace) -> None:
    pace.limit(calls=3)
    for _ in range(3):
        pace.take(THERE._replace(service="sqs"))
    with pytest.raises(CallError, match="--max-calls") as told:
        pace.take(HERE)
    assert (told.value.code, told.value.outcome) == (SPENT, Outcome.UNTRIED)
    assert pace.calls == 3
    assert code_of(str(told.value), "NotEntered") == SPENT
    pace.limit()
    pace.take(HERE)


def test_wait_that_would_outlast_the_scan_is_not_begun(pace: Pace, clock: Clock) -> None:
    pace.limit(seconds=60.0)
    pace.take(HERE)
    pace.throttled(HERE, 3600.0)
    with pytest.raises(CallError, match="--max-minutes"):
        pace.take(HERE)
    assert clock.now == 1000.0
    clock.now += 60
    with pytest.raises(CallError, match="--max-minutes"):
        pace.take(THERE)
    assert pace.rests(HERE.key) == 0.0


def test_who_waits_for_a_lock_steps_aside_first(pace: Pace) -> None:
    lock, aside = Lock(), []

    @contextmanager
    def stepped() -> Any:
        aside.append(True)
        lock.release()
        yield

    pace.aside = stepped
    with pace.holding(lock):
        assert aside == []
    lock.acquire()
    with pace.holding(lock):
        assert aside == [True]


def test_rates_are_below_what_aws_publishes() -> None:
    for service, rate in rates().services.items():
        assert (rate.source or "").startswith("https://docs.aws.amazon.com/"), service
        assert 0 < rate.per_second <= max(rate.burst, 1), service
