"""What `strays --help` costs over `python -c pass`, measured in turns on the same machine.

Exits with 1 where the median CPU time is more than ALLOWED_MS over the bare one. On an idle machine
it equals the wall-clock time, since nothing waits; on a busy one only it tells of the program.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

ALLOWED_MS = 150.0
RUNS = 31
HELP = "import sys; sys.argv = ['strays', '--help']; from scanner.cli import main; main()"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one run."""

    wall: float
    cpu: float


def cost(code: str) -> Cost:
    """Run Python code in a fresh interpreter; raises where it fails."""
    before, began = _children_cpu(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return Cost((time.perf_counter() - began) * 1000, (_children_cpu() - before) * 1000)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(runs: int = RUNS) -> tuple[list[Cost], list[Cost]]:
    """Return the costs of the bare interpreter and of the help, taken in turns."""
    pairs = [(cost("pass"), cost(HELP)) for _ in range(runs + 1)][1:]  # the first warms caches
    return [bare for bare, _ in pairs], [helped for _, helped in pairs]


def summary(costs: list[Cost]) -> tuple[float, float, float]:
    """Return the fastest and the median wall-clock time, and the median CPU time."""
    walls = [cost.wall for cost in costs]
    return min(walls), statistics.median(walls), statistics.median(cost.cpu for cost in costs)


def main() -> None:
    """Print the table and exit."""
    bare, helped = map(summary, measure())
    over = tuple(more - less for more, less in zip(helped, bare, strict=True))
    print(f"{RUNS} runs, ms      fastest  median  CPU")
    for what, told in (("python -c pass", bare), ("strays --help", helped), ("difference", over)):
        print(f"{what:15} {told[0]:9.0f} {told[1]:7.0f} {told[2]:4.0f}")
    print(f"allowed {ALLOWED_MS:.0f}")
    sys.exit(over[2] > ALLOWED_MS)


if __name__ == "__main__":
    main()
