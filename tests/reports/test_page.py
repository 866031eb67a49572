"""The page as a file: what its text may hold, whatever a resource is called."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import Context, write
from reports.page import split
from reports.page.embed import dictionary, script
from reports.page.grid import age_of
from scanner.store import Store
from tests.reports.crowd import many
from tests.reports.sample import ANSI, BEGAN, IMAGE, SCRIPT, STAGING, estate, with_units

POLICY = re.compile(r'Content-Security-Policy" content="(?P<policy>[^"]+)"')


def page_of(store: Store, folder: Path) -> str:
    write(f"html://{folder}/report.html", store, Context.of(store))
    return (folder / "report.html").read_text("utf-8")


@pytest.fixture
def page(tmp_path: Path) -> str:
    return page_of(estate(), tmp_path)


class Elements(HTMLParser):
    """Every element with its attributes, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def csp_hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_the_policy_allows_this_pages_style_and_script_and_nothing_else(page: str) -> None:
    found = POLICY.search(page)
    assert found is not None
    policy = dict(part.strip().split(" ", 1) for part in found["policy"].split(";"))
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    (own,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    assert policy == {
        "default-src": "'none'",
        "style-src": csp_hash(style),
        "script-src": csp_hash(own),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_only_the_pages_own_script_can_run(page: str) -> None:
    scripts = [attributes for tag, attributes in Elements(page).found if tag == "script"]
    runnable = [attributes for attributes in scripts if "type" not in attributes]
    assert runnable == [{}]
    assert {a["type"] for a in scripts if "type" in a} == {"application/json"}


def test_no_element_loads_anything_or_carries_code(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert tag not in ("img", "iframe", "object", "embed", "base", "form")
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert "src" not in attributes
        link = attributes.get("href") or ""
        assert link.startswith(("#", "data:,")) or not link


def test_rude_names_are_only_ever_escaped_text(page: str) -> None:
    for rude in (IMAGE, SCRIPT, ANSI):
        assert rude not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "\u202e" not in page[: page.index('<script id="grid"')]
    assert "⟨U+001B⟩[31mred" in page


def test_the_first_findings_are_there_without_script(page: str) -> None:
    body = page.split("<tbody>")
    rows = next(part for part in body if 'class="chip critical"' in part)
    assert "ghost" in rows
    assert "Without script" in page


def test_the_verdict_and_what_was_not_seen_stand_first(page: str) -> None:
    top = page[page.index("<body>") : page.index('class="cards"')]
    assert "INCOMPLETE" in top
    assert "2 of 17 cells" in top
    assert "1 source" in top


def test_what_several_states_claim_is_shown_with_all_of_them(page: str) -> None:
    row = page[page.index("Claimed by several") :].partition("</table>")[0]
    assert "sqs:us-east-1:111111111111:jobs" in row
    assert "aws_sqs_queue.copy in tfstate+s3://acme-states/broken.tfstate" in row
    assert "aws_sqs_queue.jobs in tfstate+s3://acme-states/app/terraform.tfstate" in row


def test_small_pages_keep_readable_data_and_large_ones_pack_it(page: str, tmp_path: Path) -> None:
    plain = re.search(r'<script id="grid" type="application/json">(.*?)</script>', page, re.S)
    assert plain is not None
    assert json.loads(plain[1])["rows"] == 8
    large = page_of(many(1500), tmp_path)
    packed = re.search(r'<script id="grid" type="application/gzip">(.*?)</script>', large, re.S)
    assert packed is not None
    assert json.loads(gzip.decompress(base64.b64decode(packed[1])))["rows"] == 1500
    assert len(re.findall(r'id="details-\d+"', large)) == 3


def test_units_exceptions_and_creators_are_told(tmp_path: Path) -> None:
    page = page_of(with_units(estate()), tmp_path)
    assert '<a href="#cluster_id=c0ffee">' in page
    assert "the ghost fleet &lt;img" in page
    assert "Exceptions ending soon</span>\n<strong>1</strong>" in page
    assert "EXC-2" in page
    assert ">user/mallory</text>" in page
    assert 'id="units"' not in page_of(estate(), tmp_path)


def test_a_trend_needs_two_scans(tmp_path: Path) -> None:
    assert "2026-11-21 2 strays, 57 per cent owned" in page_of(estate(), tmp_path)
    assert 'class="trend"' not in page_of(many(10), tmp_path)


def test_too_many_findings_make_an_index_and_a_page_per_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "SPLIT", 1_000)
    monkeypatch.setattr(split, "GRAVEST", 100)
    store = many(1_200, accounts=3)
    index = page_of(store, tmp_path)
    assert "There are 1,200 findings" in index
    links = re.findall(r'href="(report-accounts/\d{12}\.html)"', index)
    assert len(links) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report-accounts", "report.html"]
    told = [
        re.search(r'id="count"[^>]*>([\d,]+)<', (tmp_path / link).read_text()) for link in links
    ]
    assert sum(int(count[1].replace(",", "")) for count in told if count) == 1_200
    assert re.search(r'id="count"[^>]*>100<', index)


def test_the_copy_for_one_account_says_what_the_whole_says_of_it() -> None:
    whole = estate()
    with split.only(whole, STAGING) as part:
        for view in ("inventory", "findings", "cell", "claims"):
            query = f"SELECT * FROM {view} WHERE account_id = '{STAGING}' ORDER BY ALL"
            assert part.rows(query) == whole.rows(query)
        assert part.value("SELECT count(DISTINCT account_id) FROM inventory") == 1


def test_an_empty_database_makes_a_whole_page(tmp_path: Path) -> None:
    page = page_of(Store.memory(), tmp_path)
    assert "Nothing was looked at" in page
    assert "No open findings." in page


@pytest.mark.parametrize(
    ("ago", "age"),
    [
        (timedelta(0), "this scan"),
        (timedelta(hours=23), "under a day"),
        (timedelta(days=1), "under a week"),
        (timedelta(days=364), "under a year"),
        (timedelta(days=4000), "older"),
    ],
)
def test_ages_are_told_from_the_scans_beginning(ago: timedelta, age: str) -> None:
    assert age_of(BEGAN - ago, BEGAN) == age


@given(st.text())
def test_data_can_never_end_its_element(text: str) -> None:
    block = str(script("x", {"text": text}, packed=False))
    inside = block.removeprefix('<script id="x" type="application/json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == {"text": text}


@given(st.lists(st.one_of(st.none(), st.text(max_size=3))))
def test_codes_point_at_their_values_and_sort_as_they_do(values: list[Any]) -> None:
    packed = dictionary(values)
    assert [packed["values"][code] for code in packed["codes"]] == values
    assert len(set(packed["values"])) == len(packed["values"])
    assert None not in packed["values"][:-1]
