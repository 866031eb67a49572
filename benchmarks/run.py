"""Runs every benchmark of this folder and writes what they tell to one page.

    python benchmarks/run.py [NAME ...]          all of them where none is named

A benchmark is a file here with a `main` that measures something: it needs no argument, prints its
tables and exits with 0, or with another code where a promise is broken. They run one after the
other, each alone on the machine as far as we can help it. The page (`results.md`) names the machine
and how busy it was, since numbers of a busy machine are worth less.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "results.md"
HELPERS = frozenset({"run", "simulator"})
"""What has a `main` and measures nothing."""
PACKAGES = ("botocore", "duckdb", "pyarrow", "msgspec", "networkx")


@dataclass(frozen=True)
class Result:
    """What a benchmark told."""

    name: str
    kept: bool
    seconds: float
    busy: float
    text: str


def found() -> list[str]:
    """Return the names of the benchmarks, the short ones' prices told in README.md."""
    measuring = (path for path in HERE.glob("*.py") if "\ndef main(" in path.read_text("utf-8"))
    return sorted(path.stem for path in measuring if path.stem not in HELPERS)


def run(name: str) -> Result:
    """Run a benchmark, show what it prints as it comes, and return it."""
    print(f"\n== {name}", flush=True)
    busy, began, lines = os.getloadavg()[0], time.monotonic(), []
    command = [sys.executable, str(HERE / f"{name}.py")]
    with subprocess.Popen(
        command, cwd=HERE.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    kept = process.returncode == 0
    return Result(name, kept, time.monotonic() - began, busy, "".join(lines).strip())


def machine() -> str:
    """Return what the numbers were measured on, a line each."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = (
        f"processor: {processor()}, {os.cpu_count()} cores",
        f"memory: {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        f"system: {platform.platform()}",
        f"Python {platform.python_version()}; {packages}",
        f"Strays {version('strays')}",
        f"measured: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    )
    return "\n".join(f"- {line}" for line in lines)


def processor() -> str:
    """Return the processor's name; Python knows it on some systems only."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]} ({platform.machine()})" if names else platform.machine()


def page(results: list[Result]) -> str:
    """Return the results as Markdown."""
    rows = "\n".join(
        f"| [{one.name}](#{one.name}) | {'kept' if one.kept else 'BROKEN'} | {one.seconds:.0f} s |"
        f" {one.busy:.1f} |"
        for one in results
    )
    parts = "\n\n".join(f"## {one.name}\n```\n{one.text}\n```" for one in results)
    return (
        "# Results\n\nWritten by `make bench`; [README.md](README.md) says what each measures and"
        f" what is promised.\n\n{machine()}\n\n| benchmark | promise | took | load before |\n"
        f"|---|---|---|---|\n{rows}\n\n{parts}\n"
    )


def main() -> int:
    """Run what is named, or all; 1 where a promise is broken."""
    names = sys.argv[1:] or found()
    if unknown := set(names) - set(found()):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(found())}")
        return 2
    results = [run(name) for name in names]
    PAGE.write_text(page(results), "utf-8")
    broken = [one.name for one in results if not one.kept]
    print(f"\n{PAGE.relative_to(HERE.parent)} is written; broken: {', '.join(broken) or 'nothing'}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
