"""The report on a terminal."""

from __future__ import annotations

from reports.blind import gaps, told
from reports.console import Palette, lines
from rules.run import check
from scanner.config import Config
from scanner.store import Store
from tests.ledger import change_cells
from tests.reports.crowd import many
from tests.reports.golden import same_as_golden
from tests.reports.sample import estate
from tests.resolve.build import ACCOUNT, NOW, SCAN, resolved


def text(store: Store, colour: bool = False) -> str:
    return "".join(f"{line}\n" for line in lines(store, Palette(colour)))


def test_the_report_is_word_for_word_the_golden_one() -> None:
    same_as_golden("console.txt", text(estate()))


def test_a_resource_name_cannot_forge_a_line_or_colour_the_terminal() -> None:
    shown = text(estate())
    assert shown.count("verdict:") - shown.count(r"\nverdict:") == 1
    assert shown.splitlines()[-1] == "verdict: INCOMPLETE"
    assert all(line.isprintable() for line in shown.splitlines())


def test_colour_only_where_asked_for() -> None:
    assert "\x1b[" not in text(estate())
    assert "\x1b[33mINCOMPLETE\x1b[0m" in text(estate(), colour=True)


def test_dependents_are_counted_under_their_root() -> None:
    shown = text(estate())
    assert "- ghost (+1 dependent)" in shown
    assert "inline|admin" not in shown
    assert "5 resource(s) not managed by IaC: 4 stray(s) and 1 dependent(s)" in shown


def test_a_long_list_is_cut_and_says_by_how_much() -> None:
    store = many(2000, accounts=1)
    store.run("UPDATE resource SET resource_type = 'AWS::SQS::Queue', region = 'us-east-1'")
    store.run("UPDATE resource SET cell_region = 'us-east-1', terraform_type = 'aws_sqs_queue'")
    change_cells(store, "region", "'us-east-1'")
    change_cells(store, "resource_type", "'AWS::SQS::Queue'")
    shown = text(store)
    assert shown.count("      - thing-") == 100
    assert "… and 1900 more (json:// and csv:// have them all)" in shown


def test_cells_and_sources_that_were_not_seen_are_named() -> None:
    shown = text(estate())
    assert "Not seen: 2 of 17 cells" in shown
    assert "  - denied AccessDenied in 333333333333, eu-west-1: AWS::SQS::Queue\n" in shown
    assert "tfstate+s3://acme-states/broken.tfstate: failed cut in half at byte 4096" in shown
    assert "Out of scope: 1 cells" in shown


def test_what_aws_counts_and_no_scan_listed_is_told() -> None:
    store = resolved([])
    row = "(?, ?, 'us-east-1', 'config', 'counted', 'AWS::New::Thing', NULL, 14, [], NULL)"
    store.run(f"INSERT INTO cross_check VALUES {row}", [SCAN, ACCOUNT])
    check(store, Config(), SCAN, now=NOW)
    told = f"config counts 14 resources of 1 types in account {ACCOUNT} that were not scanned: "
    assert f"Cross-checks:\n  - {told}AWS::New::Thing (14)\n" in text(store)


def test_a_gap_over_many_accounts_and_types_is_one_line() -> None:
    cells = [
        {"account_id": account, "region": region, "resource_type": kind, "outcome": "unsupported",
         "error_code": "NoApi", "message": "a web page answered"}
        for account in ("1", "2") for region in ("eu-west-1", "us-east-1") for kind in "ABCDE"
    ]  # fmt: skip
    (gap,) = gaps(cells)
    assert gap.cells == 20
    assert list(told(gap)) == [
        "  - unsupported NoApi in 2 accounts, 2 regions: A, B, C and 2 more types",
        "      a web page answered",
    ]
