"""What `strays --help` costs over `python -c pass`, measured in turns on the same machine.

Exits with 1 where the median of the wall-clock times is more than ALLOWED_MS over the bare one.
CPU time is told beside it: other work on the machine hardly moves it.
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


def median(costs: list[Cost]) -> Cost:
    """Return the median wall-clock time and the median CPU time."""
    return Cost(statistics.median(c.wall for c in costs), statistics.median(c.cpu for c in costs))


def measure(runs: int = RUNS) -> tuple[Cost, Cost]:
    """Return the medians of the bare interpreter and of the help, taken in turns."""
    pairs = [(cost("pass"), cost(HELP)) for _ in range(runs + 1)][1:]  # the first warms caches
    bare, helped = zip(*pairs, strict=True)
    return median(list(bare)), median(list(helped))


def main() -> None:
    """Print the table and exit."""
    bare, helped = measure()
    over = Cost(helped.wall - bare.wall, helped.cpu - bare.cpu)
    print(f"median of {RUNS} runs    wall     cpu")
    for what, told in (("python -c pass", bare), ("strays --help", helped), ("difference", over)):
        print(f"{what:17} {told.wall:6.0f} ms {told.cpu:4.0f} ms")
    print(f"allowed           {ALLOWED_MS:6.0f} ms")
    sys.exit(over.wall > ALLOWED_MS)


if __name__ == "__main__":
    main()
