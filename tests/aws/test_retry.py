"""What an error means, and when a call is made again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from scanner import failures, retry
from scanner.model import Outcome
from scanner.pace import Where
from scanner.retry import Retry

HERE = Where("111111111111", "us-east-1", "sqs", "ListQueues")


def error(code: str, status: int = 400, message: str = "no") -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "ListQueues")


def failing(*errors: Exception) -> tuple[Callable[[], dict[str, Any]], list[int]]:
    """An attempt that raises these errors, one a try, then answers; and the list of its tries."""
    left, tries = list(errors), [0]

    def attempt() -> dict[str, Any]:
        tries[0] += 1
        if left:
            raise left.pop(0)
        return {"ok": True}

    return attempt, tries


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry.jitter, "uniform", lambda low, high: 0.0)


@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        (error("AccessDenied", 403), Outcome.DENIED),
        (error("UnauthorizedOperation"), Outcome.DENIED),
        (error("Client.UnauthorizedOperation"), Outcome.DENIED),
        (error("SomethingNew", 403), Outcome.DENIED),
        (error("ThrottlingException"), Outcome.THROTTLED),
        (error("RequestLimitExceeded", 503), Outcome.THROTTLED),
        (error("OptInRequired", 403), Outcome.UNAVAILABLE),
        (error("SubscriptionRequiredException"), Outcome.UNAVAILABLE),
        (error("UnknownOperationException"), Outcome.UNSUPPORTED),
        (error("NotImplemented", 501), Outcome.UNSUPPORTED),
        (error("500", 500, "<!doctype html><html>"), Outcome.UNSUPPORTED),
        (error("InternalFailure", 500), Outcome.FAILED),
        (error("ValidationException"), Outcome.FAILED),
        (ParamValidationError(report="x"), Outcome.FAILED),
    ],
)
def test_error_amounts_to_an_outcome(raised: Any, outcome: Outcome) -> None:
    assert failures.explain(raised)[1] is outcome


STS = "sts.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("host", "known", "outcome"),
    [
        ("sqs.eu-west-1.amazonaws.com", {STS}, Outcome.UNAVAILABLE),
        ("datazone.eu-west-1.api.aws", {STS}, Outcome.UNAVAILABLE),
        (
            "sqs.cn-north-1.amazonaws.com.cn",
            {"sts.cn-north-1.amazonaws.com.cn"},
            Outcome.UNAVAILABLE,
        ),
        ("sqs.eu-west-1.amazonaws.com", set(), Outcome.FAILED),
        ("datazone.eu-west-1.api.aws", set(), Outcome.FAILED),
        ("datazone.eu-west-1.api.aws", {"datazone.eu-west-1.api.aws"}, Outcome.FAILED),
        ("111111111111.localhost", {STS}, Outcome.UNSUPPORTED),
    ],
)
def test_service_without_an_address_is_absent_where_the_region_has_others(
    host: str, known: set[str], outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "_resolves", lambda name: name in known)
    raised = EndpointConnectionError(endpoint_url=f"https://{host}/")
    assert failures.explain(raised)[1] is outcome


def test_throttled_call_is_made_again_until_it_answers() -> None:
    attempt, tries = failing(*[error("Throttling")] * 5)
    assert Retry().run(HERE, attempt) == {"ok": True}
    assert tries == [6]


def test_throttling_ends_after_eight_tries() -> None:
    attempt, tries = failing(*[error("Throttling")] * 20)
    with pytest.raises(ClientError):
        Retry().run(HERE, attempt)
    assert tries == [8]


def test_denied_call_is_not_made_again() -> None:
    attempt, tries = failing(error("AccessDenied", 403))
    with pytest.raises(ClientError):
        Retry().run(HERE, attempt)
    assert tries == [1]


def test_server_fault_is_passing_until_it_shows_everywhere() -> None:
    patient = Retry()
    for region in ("us-east-1", "us-east-2", "us-west-1"):
        attempt, tries = failing(*[error("InternalFailure", 500)] * 9)
        with pytest.raises(ClientError):
            patient.run(HERE._replace(region=region), attempt)
        assert tries == [3]
    attempt, tries = failing(*[error("InternalFailure", 500)] * 9)
    with pytest.raises(ClientError):
        patient.run(HERE, attempt)
    assert tries == [1]


def test_patience_comes_back_where_the_operation_answers() -> None:
    patient, other = Retry(), HERE._replace(region="eu-west-1")
    for _ in range(3):
        attempt, _ = failing(*[error("InternalFailure", 500)] * 3)
        with pytest.raises(ClientError):
            patient.run(HERE, attempt)
    patient.run(other, failing()[0])
    for where, expected in ((HERE, 1), (other, 3)):
        attempt, tries = failing(*[error("InternalFailure", 500)] * 9)
        with pytest.raises(ClientError):
            patient.run(where, attempt)
        assert tries == [expected]


def test_pages_of_gateways_pass_and_those_of_an_api_are_forgotten_once_it_answers() -> None:
    patient = Retry()
    attempt, tries = failing(*[error("502", 502, "<!doctype html>")] * 2)
    assert patient.run(HERE, attempt) == {"ok": True}
    assert tries == [3]
    for _ in range(2):
        for raised in ([error("404", 404, "<!doctype html>")], []):
            with suppress(ClientError):
                patient.run(HERE, failing(*raised)[0])
    assert patient.run(HERE, failing()[0]) == {"ok": True}


def test_operation_that_web_pages_answer_is_not_sent_again() -> None:
    patient = Retry()
    for _ in range(3):
        attempt, _ = failing(error("404", 404, "<!doctype html>"))
        with pytest.raises(ClientError):
            patient.run(HERE, attempt)
    attempt, tries = failing()
    with pytest.raises(failures.LacksOperationError) as told:
        patient.run(HERE, attempt)
    assert tries == [0]
    assert failures.explain(told.value)[1] is Outcome.UNSUPPORTED


def test_message_is_one_line_of_bounded_length() -> None:
    text = failures.explain(error("X", 400, "a\n" * 1000))[2]
    assert "\n" not in text
    assert len(text) <= failures.MESSAGE_LENGTH + 1
