"""The HTML page with 100,000 findings in Chromium, beside a bare table of the same rows.

Both pages are opened in turns in one browser, so the ratios hold on any machine. Prints the sizes,
the times until something is painted, until the page can be used, and of a filter; exits with 1
where a promise is broken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from reports import Context, write
from scanner.store import Store
from tests.reports.browser import CHROMIUM, Browser, browser
from tests.reports.crowd import many

MOST_BYTES_PER_FINDING = 200
MOST_OF_BARE = 0.5
"""How long, of the time that the bare table takes to be usable, the page may take."""
MOST_FILTER_OF_READY = 0.5

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"
_CHOOSE = "document.querySelector('[data-facet=\"severity=critical\"]').click()"
_SEARCH = (
    "(() => { const box = document.getElementById('search'); box.value = 'jenkins 777';"
    " box.dispatchEvent(new Event('input', {bubbles: true})); })()"
)


@dataclass(frozen=True)
class Opened:
    """Milliseconds from the navigation's start."""

    painted: float
    ready: float


def bare_table(store: Store, path: Path) -> None:
    """Write the findings as one static table with the grid's columns: no style, no script."""
    columns = (
        "severity", "name", "rule_id", "resource_type", "account_id", "region", "environment",
        "first_seen",
    )  # fmt: skip
    with path.open("w", encoding="utf-8") as page:
        page.write("<!doctype html><meta charset=utf-8><title>bare</title><table>\n")
        for row in store.rows(f"SELECT {', '.join(columns)} FROM findings"):
            cells = "".join(f"<td>{escape(str(row[name] or ''))}" for name in columns)
            page.write(f"<tr>{cells}\n")
        page.write("</table>\n")


def opened(tab: Browser, page: Path, ready: str) -> Opened:
    """Open a page and wait until it can be used and is drawn."""
    tab.call("Page.navigate", url="about:blank")
    tab.call("Page.navigate", url=page.as_uri())
    tab.wait(ready, seconds=120)
    tab.run(_DRAWN)
    now = float(tab.run("performance.now()"))
    tab.wait(_PAINT, seconds=120)
    return Opened(float(tab.run(_PAINT)), now)


def timed(tab: Browser, action: str) -> float:
    """Return the milliseconds of an action until its result is drawn."""
    timing = f"const began = performance.now(); {action}; await {_DRAWN}"
    return float(tab.run(f"(async () => {{ {timing}; return performance.now() - began; }})()"))


def median(count: int, measure: Callable[[], float]) -> float:
    """Return the median of some measurements."""
    return statistics.median(measure() for _ in range(count))


def main() -> int:
    """Print the table; return 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    if CHROMIUM is None:
        print("page: NO CHROMIUM: the page was NOT measured; apt-get install chromium")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return measured(Path(folder), asked.findings, asked.runs)


def measured(folder: Path, findings: int, runs: int) -> int:
    """Write both pages, measure them in turns, and print."""
    page, bare = folder / "page.html", folder / "bare.html"
    store = many(findings)
    began = time.perf_counter()
    write(f"html://{page}", store, Context.of(store))
    written = time.perf_counter() - began
    bare_table(store, bare)
    with browser(folder / "profile") as tab:
        tab.size(1440, 900)
        ours, theirs = [], []
        for _ in range(runs):
            theirs.append(opened(tab, bare, "document.readyState === 'complete'"))
            ours.append(opened(tab, page, "document.documentElement?.dataset.ready === 'true'"))
        first_search = timed(tab, _SEARCH)
        search = median(runs, lambda: timed(tab, _SEARCH))
        tab.run("document.getElementById('clear').click()")
        choose = median(runs * 2, lambda: timed(tab, _CHOOSE))
    return told(findings, page, bare, written, ours, theirs, choose, first_search, search)


def told(
    findings: int, page: Path, bare: Path, written: float, ours: list[Opened],
    theirs: list[Opened], choose: float, first_search: float, search: float,
) -> int:  # fmt: skip
    """Print what was measured and what was promised."""
    painted, bare_painted = (statistics.median(o.painted for o in some) for some in (ours, theirs))
    ready, bare_ready = (statistics.median(o.ready for o in some) for some in (ours, theirs))
    size, bare_size = page.stat().st_size, bare.stat().st_size
    print(f"{findings:,} findings, {len(ours)} runs (medians)      page   bare table   ratio")
    for name, value, other, unit in (
        ("size", size / 1e6, bare_size / 1e6, "MB"),
        ("first paint", painted, bare_painted, "ms"),
        ("ready", ready, bare_ready, "ms"),
    ):
        print(f"{name:34} {value:9.1f} {unit} {other:9.1f} {unit} {value / other:7.2f}")
    for name, value in (("filter", choose), ("first search", first_search), ("search", search)):
        print(f"{name:34} {value:9.1f} ms {value / ready:21.2f} of ready")
    print(f"{'written in':34} {written:9.1f} s")
    each = size / findings
    promises = {
        f"at most {MOST_BYTES_PER_FINDING} bytes a finding": each <= MOST_BYTES_PER_FINDING,
        f"ready within {MOST_OF_BARE} of the bare table": ready <= MOST_OF_BARE * bare_ready,
        f"a filter within {MOST_FILTER_OF_READY} of ready": choose <= MOST_FILTER_OF_READY * ready,
    }
    for promise, kept in promises.items():
        print(f"{'kept' if kept else 'BROKEN'}: {promise}")
    return 0 if all(promises.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
