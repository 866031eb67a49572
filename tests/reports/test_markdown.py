"""The summary for a pull request or a job's page."""

from __future__ import annotations

import pytest

from reports import Context, write
from reports.markdown import LIMIT, code
from scanner.store import Store
from tests.reports.crowd import many
from tests.reports.sample import ANSI, FORMULA, IMAGE, estate
from tests.resolve.build import resolved


@pytest.fixture
def markdown(capfdbinary: pytest.CaptureFixture[bytes]):
    def make(store: Store) -> str:
        write("markdown://", store, Context.of(store))
        return capfdbinary.readouterr().out.decode()

    return make


def test_it_says_verdict_numbers_findings_missing_and_what_was_not_seen(markdown) -> None:
    text = markdown(estate())
    assert text.startswith("## Strays: INCOMPLETE\n")
    assert "| 4 | 2 | 36 % (4 of 11) | 1 | 15 of 17 | 1 critical, 1 high, 2 medium, 1 low |" in text
    assert "| critical | unmanaged_resource | `ghost` | AWS::IAM::Role |" in text
    assert "| `gone` | `aws_sqs_queue` | `module.app.aws_sqs_queue.gone` |" in text
    assert "| denied | 333333333333 | eu-west-1 | AWS::SQS::Queue |" in text


def test_a_strangers_text_stays_inside_its_cell(markdown) -> None:
    text = markdown(estate())
    assert f"`{IMAGE}`" in text
    assert "`=cmd\\|'/c calc'!A0`" in text
    assert ANSI not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in tables} == {5, 6, 7}


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("@everyone", "`@everyone`"),
        ("a|b", "`a\\|b`"),
        ("two\nlines", "`two\\nlines`"),
        (None, ""),
    ],
)
def test_code_spans_hold_any_text(text: str | None, span: str) -> None:
    assert code(text) == span


def test_a_long_report_fits_a_comment_and_counts_what_it_leaves_out(markdown) -> None:
    text = markdown(many(3000))
    assert 0.5 * LIMIT < len(text) <= LIMIT
    shown = text.count("| unmanaged_resource |") + text.count("_code |")
    assert shown > 100
    assert "more are left out here." in text


def test_a_clean_estate_has_no_tables_of_nothing(markdown) -> None:
    text = markdown(resolved([]))
    assert text.startswith("## Strays: CLEAN\n")
    assert "###" not in text
    assert FORMULA not in text
