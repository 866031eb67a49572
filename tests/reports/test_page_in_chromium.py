"""The page in a browser, used as a person would."""

from __future__ import annotations

import csv
import os
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from reports import Context, write
from scanner.exceptions import Entry
from tests.reports.browser import CHROMIUM, Browser, browser
from tests.reports.crowd import many
from tests.reports.sample import FORMULA, IMAGE, RTL, estate, with_units

pytestmark = [
    pytest.mark.xdist_group("chromium"),
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ,
        reason="NO CHROMIUM: the page was NOT driven; apt-get install chromium",
    ),
]

ROWS = "[...document.querySelectorAll('#findings-table tbody tr[data-at]')]"
NAMES = f"{ROWS}.map(row => row.cells[1].innerText)"
COUNT = "document.getElementById('count').textContent"
DRAWER = "document.getElementById('drawer')"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    estates = (("small", estate()), ("units", with_units(estate())), ("large", many(20_600)))
    for name, store in estates:
        write(f"html://{folder}/{name}.html", store, Context.of(store))
    return folder


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture
def tab(chromium: Browser, pages: Path) -> Iterator[Browser]:
    """The small page, opened; whatever the test does, nothing is fetched and nothing complains."""
    show(chromium, pages / "small.html")
    yield chromium
    assert chromium.complaints() == []
    assert chromium.requests() == []


def show(chromium: Browser, page: Path) -> None:
    """Open a page as if nobody had used the browser before: tests set its size and media."""
    chromium.events.clear()
    chromium.size(1440, 900)
    chromium.media()
    chromium.open(page)


def click(tab: Browser, selector: str) -> None:
    assert tab.run(f"document.querySelector({selector!r})?.click() ?? 'clicked'") == "clicked"


def test_rude_names_show_as_text_and_run_nothing(tab: Browser) -> None:
    names = tab.run(NAMES)
    assert IMAGE in names
    assert FORMULA in names
    assert any(name.startswith("⟨U+001B⟩[31mred") for name in names)
    assert tab.run("document.querySelectorAll('img, iframe').length") == 0
    for at in range(len(names)):
        tab.run(f"{ROWS}[{at}].click()")
        tab.wait(f"{DRAWER}.open && {DRAWER}.innerText.includes('Finding')")
    assert tab.run("document.querySelectorAll('img, iframe').length") == 0


def test_the_drawer_tells_evidence_tags_chain_and_way_out(tab: Browser) -> None:
    tab.run(f"{ROWS}[1].click()")
    tab.wait(f"{DRAWER}.open")
    text = tab.run(f"{DRAWER}.innerText")
    assert "no claim names it" in text
    assert f"yet a tag names stack {IMAGE}" in text
    assert "No state, stack or tag claims it" in text
    assert "(10,240 characters)" in text
    assert "invoice⟨U+202E⟩gpj.exe" in text
    assert RTL not in text
    assert "import {\n  to = aws_s3_bucket.cmd_c_calc_a0" in text
    assert "strays explain 'arn:aws:s3:::leak-2019'" in text
    link = tab.run(f"{DRAWER}.querySelector('a').href")
    assert link == "https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3As3%3A%3A%3Aleak-2019"


def test_a_stray_offers_an_exception_that_still_needs_people(tab: Browser) -> None:
    tab.run(f"{ROWS}[0].click()")
    tab.wait(f"{DRAWER}.open")
    blocks = tab.run(
        f"[...{DRAWER}.querySelectorAll('.copyable pre')].map(block => block.innerText)"
    )
    (stub,) = [tomllib.loads(block) for block in blocks if block.startswith("[[exception]]")]
    (entry,) = stub["exception"]
    assert entry["rule"] == "unmanaged_resource"
    assert entry["resource"] == "arn:aws:iam::222222222222:role/ghost"
    assert entry["expires"] > entry["created"]
    with pytest.raises(ValidationError, match="reason"):
        Entry.model_validate(entry)
    for name in ("reason", "owner", "approver", "ticket"):
        entry[name] = f"some {name}"
    assert Entry.model_validate(entry).covers().startswith("rule unmanaged_resource, resource arn")


def test_a_unit_is_a_filter_and_is_named_in_the_drawer(tab: Browser, pages: Path) -> None:
    tab.open(pages / "units.html")
    click(tab, '#units a[href="#cluster_id=c0ffee"]')
    tab.wait(f"{COUNT} === '2 of 8'")
    tab.run(f"{ROWS}[0].click()")
    tab.wait(f"{DRAWER}.open")
    assert f"the ghost fleet {IMAGE} (c0ffee)" in tab.run(f"{DRAWER}.innerText")


def test_the_drawer_says_who_made_it_through_what_and_by_which_event(
    tab: Browser, pages: Path
) -> None:
    tab.open(pages / "units.html")
    tab.run(f"{ROWS}[0].click()")
    tab.wait(f"/who made it/i.test({DRAWER}.innerText)")
    section = (
        f"[...{DRAWER}.querySelectorAll('section')].find(s => /who made it/i.test(s.innerText))"
    )
    rows = tab.run(f"[...{section}.querySelectorAll('dt')].map(t => [t.innerText,"
                   " t.nextElementSibling.innerText])")  # fmt: skip
    assert dict(rows) == {
        "Principal": "arn:aws:iam::222222222222:user/mallory", "Person": IMAGE,
        "Channel": "console", "Time": "2026-11-22 02:00", "From": "203.0.113.7",
        "Event": "CreateRole · e-1",
    }  # fmt: skip


def test_a_root_shows_what_hangs_on_it(tab: Browser) -> None:
    tab.run(f"{ROWS}[0].click()")
    tab.wait(f"{DRAWER}.open")
    chain = tab.run(f"[...{DRAWER}.querySelectorAll('.chain li')].map(item => item.innerText)")
    assert chain[1].startswith("arn:aws:iam::222222222222:role/ghost")
    assert "hangs on it" in chain[2]


def test_filters_narrow_the_rows_and_count_what_they_would_leave(tab: Browser) -> None:
    assert tab.run(COUNT) == "6 of 8"
    click(tab, '[data-facet="rule_id=unmanaged_resource"]')
    click(tab, '[data-facet="account_id=222222222222"]')
    assert tab.run(COUNT) == "2 of 8"
    assert sorted(tab.run(NAMES)) == [IMAGE, "ghost +1"]
    count = "document.querySelector('[data-facet=\"severity=critical\"]').parentElement.innerText"
    assert tab.run(count).split() == ["critical", "1"]
    click(tab, "#clear")
    assert tab.run(COUNT) == "6 of 8"


def test_the_address_keeps_the_view_and_brings_it_back(tab: Browser, pages: Path) -> None:
    click(tab, '[data-facet="severity=critical"]')
    click(tab, "th[data-sort=name] button")
    tab.run("document.getElementById('search').focus()")
    tab.type("ghost")
    tab.run(f"{ROWS}[0].click()")
    tab.wait(f"{DRAWER}.open")
    fragment = tab.run("location.hash")
    tab.open(pages / "small.html", fragment)
    assert tab.run(NAMES) == ["ghost +1"]
    assert tab.run("document.getElementById('search').value") == "ghost"
    assert tab.run("document.querySelector('th[aria-sort]').dataset.sort") == "name"
    tab.wait(f"{DRAWER}.open")
    assert tab.run("document.getElementById('drawer-title').innerText") == "ghost"


def test_closed_findings_show_where_the_address_asks_for_them(tab: Browser, pages: Path) -> None:
    tab.open(pages / "small.html", "#state=closed")
    assert tab.run(NAMES) == ["old closed"]
    tab.open(pages / "small.html", "#state=*")
    assert tab.run(COUNT) == "8"


def test_search_looks_at_every_word(tab: Browser) -> None:
    click(tab, "#search")
    tab.run("document.getElementById('search').focus()")
    tab.type("eu-west SANDBOX")
    assert tab.run(f"{ROWS}.map(row => row.cells[2].innerText)") == ["coverage_incomplete"]


def test_columns_sort_both_ways(tab: Browser) -> None:
    severities = f"{ROWS}.map(row => row.cells[0].innerText)"
    assert tab.run(severities) == ["critical", "high", "medium", "medium", "medium", "low"]
    click(tab, "th[data-sort=severity] button")
    assert tab.run(severities) == ["low", "medium", "medium", "medium", "high", "critical"]
    click(tab, "th[data-sort=region] button")
    regions = tab.run(f"{ROWS}.map(row => row.cells[5].innerText)")
    assert regions == sorted(regions)


def test_the_keyboard_alone_finds_and_opens_and_closes(tab: Browser) -> None:
    tab.press("/")
    assert tab.run("document.activeElement.id") == "search"
    tab.run("document.getElementById('grid-scroll').focus()")
    tab.press("ArrowDown")
    tab.press("ArrowDown")
    tab.press("Enter")
    tab.wait(f"{DRAWER}.open")
    assert tab.run("document.getElementById('drawer-title').innerText") == FORMULA
    tab.press("j")
    tab.wait("document.getElementById('drawer-title').innerText.startsWith('tfstate')")
    tab.press("Escape")
    tab.wait(f"!{DRAWER}.open")
    assert tab.run("document.activeElement.id") == "grid-scroll"


def test_a_cell_of_the_map_and_a_card_are_filters(tab: Browser) -> None:
    tile = "document.querySelector('.map a[href*=\"222222222222\"][href*=us-east-1]')"
    tab.run(f"{tile}.dispatchEvent(new MouseEvent('click', {{bubbles: true, cancelable: true}}))")
    tab.wait(f"{COUNT} === '1 of 8'")
    assert tab.run(NAMES) == [IMAGE]
    click(tab, 'a.card[href="#severity=critical,high"]')
    tab.wait(f"{COUNT} === '2 of 8'")
    click(tab, 'a.card[href="#age=this%20scan"]')
    tab.wait(f"{COUNT} === '2 of 8' && {ROWS}[0].cells[0].innerText === 'medium'")


def test_the_filtered_rows_are_saved_as_csv_without_formulas(tab: Browser, tmp_path: Path) -> None:
    tab.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    click(tab, '[data-facet="severity=high"]')
    click(tab, "#save-csv")
    saved, end = tmp_path / "findings.csv", time.monotonic() + 60
    while not saved.exists() or not saved.stat().st_size:
        assert time.monotonic() < end, list(tmp_path.iterdir())
        time.sleep(0.05)
    with saved.open(newline="", encoding="utf-8") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["name"], row["resource_id"]) == (f"'{FORMULA}", "leak-2019")
    assert row["first_seen"] == "2026-10-23T02:00:00.000Z"


def test_dark_mode_follows_the_system_and_the_button(tab: Browser) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = tab.run(colour)
    tab.media(scheme="dark")
    dark = tab.run(colour)
    assert light != dark
    click(tab, "#theme")
    assert tab.run(colour) == light


def test_paper_shows_the_findings_and_no_tools(tab: Browser) -> None:
    tab.media("print")
    shown = "getComputedStyle(document.querySelector('{}')).display"
    assert tab.run(shown.format(".tools")) == "none"
    assert tab.run(shown.format(".facets")) == "none"
    assert tab.run(shown.format(".verdict")) == "grid"
    assert tab.pdf().startswith(b"%PDF")


def test_a_narrow_window_needs_no_sideways_scrolling(tab: Browser) -> None:
    tab.size(390, 800)
    assert tab.run("document.documentElement.scrollWidth") <= 390
    assert tab.run(f"{ROWS}[0].cells[1].getBoundingClientRect().width") > 120


def test_a_large_page_draws_only_what_is_in_sight(chromium: Browser, pages: Path) -> None:
    show(chromium, pages / "large.html")
    assert chromium.run(COUNT) == "20,600"
    assert chromium.run(f"{ROWS}.length") < 80
    chromium.run("document.getElementById('grid-scroll').scrollTop = 1e9")
    chromium.wait(f"{ROWS}.at(-1).dataset.at === '20599'")
    chromium.run(f"{ROWS}.at(-1).click()")
    chromium.wait(f"{DRAWER}.innerText.includes('are in the database')")
    assert chromium.complaints() == []
    assert chromium.requests() == []
