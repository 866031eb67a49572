"""What loading the catalog costs: time and memory, each in a fresh interpreter.

Exits with 1 where the median CPU time of the default catalog is over ALLOWED_MS. On an idle machine
it equals the wall-clock time, since nothing waits; on a busy one only it tells of the program.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

ALLOWED_MS = 200.0
RUNS = 11
CODE = """
import json, resource, time
from scanner import catalog
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, wall, cpu = peak(), time.perf_counter(), time.process_time()
entries = catalog.load(all_types={}).entries
print(json.dumps([
    len(entries), (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000,
    peak() - before,
]))
"""


def measure(all_types: bool) -> list[float]:
    """Return the number of types, and the medians of wall-clock ms, CPU ms and MiB more."""
    runs = []
    for _ in range(RUNS + 1):
        code = CODE.format(all_types)
        ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        runs.append(json.loads(ran.stdout))
    return [statistics.median(column) for column in zip(*runs[1:], strict=True)]


def main() -> None:
    """Print the table and exit."""
    print(f"{RUNS} runs          types  wall ms  CPU ms  MiB more")
    found = {what: measure(what == "all types") for what in ("reviewed", "all types")}
    for what, (types, wall, cpu, memory) in found.items():
        print(f"{what:15} {types:6.0f} {wall:8.0f} {cpu:7.0f} {memory:9.0f}")
    print(f"allowed {ALLOWED_MS:.0f} for the reviewed ones")
    sys.exit(found["reviewed"][2] > ALLOWED_MS)


if __name__ == "__main__":
    main()
