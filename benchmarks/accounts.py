"""Memory and calls a second over many accounts: what is kept of an account that is done.

    python benchmarks/accounts.py [ACCOUNTS [REGIONS]]        300 accounts of 17 regions
    python benchmarks/accounts.py 2 4 --all-types             what the clients of all types take

One process collects simulated accounts (benchmarks/simulator.py, in a process of its own) in five
types and the stacks; its memory is read as accounts end. The growth from the first quarter to the
end is what an account leaves behind, and with it the memory after 10,000 accounts is told; with
`--all-types`, where the clients are what grows, the peak. Exits with 1 where that is more than
ALLOWED.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from simulator import Settings, simulated

from scanner import catalog
from scanner.aws import Aws
from scanner.config import ScanConfig
from scanner.crew import Tally, Task, collect
from scanner.crew.threads import Threads
from scanner.jobs import Errand
from scanner.model import Account
from scanner.shards import WorkFolder

ALLOWED = 600
"""MiB in a process after 10,000 accounts."""
ALL_TYPES = "--all-types"
TYPES = (
    "AWS::EC2::VPC",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
)


class Memory(Tally):
    """A progress that reads this process's memory as accounts end."""

    def __init__(self) -> None:
        super().__init__()
        self.began = time.monotonic()
        self.read: list[tuple[int, float, float, int]] = []
        self.accounts = 0

    def account_done(self, _account: Account) -> None:
        """Read it, and tell every hundredth account."""
        self.accounts += 1
        told = (self.accounts, time.monotonic() - self.began, resident(), self.calls)
        self.read.append(told)
        if self.accounts % 100 == 0:
            print("{:8d} accounts {:8.0f} s {:8.0f} MiB {:9d} calls".format(*told), flush=True)


def resident() -> float:
    """Return this process's resident memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    """Collect, and tell what each account left behind."""
    numbers = [int(each) for each in sys.argv[1:] if each != ALL_TYPES]
    accounts, regions = (*numbers, *(300, 17)[len(numbers) :])
    everything = ALL_TYPES in sys.argv
    logging.getLogger("scanner").setLevel(logging.CRITICAL)  # a few protocols are not simulated
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    settings = Settings(accounts=accounts, regions=regions)
    memory = Memory()
    with simulated(settings) as endpoint, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "simulated", "AWS_SECRET_ACCESS_KEY": "simulated",
        }  # fmt: skip
        aws, work = Aws(), WorkFolder.create(Path(folder), {}, None)
        config = ScanConfig(role_name="Auditor", all_types=everything)
        known = catalog.load(all_types=everything).entries
        entries = [known[name] for name in (known if everything else TYPES)]
        chosen = [Errand(Account(each, "aws")) for each in settings.account_ids()]
        collect(Task.of(config, entries, work), chosen, work, Threads(aws), memory, aws)
        assert len(work.names()) == accounts
    return peak(memory) if everything else verdict(memory)


def peak(memory: Memory) -> int:
    """Tell the most memory that was read."""
    most = max(row[2] for row in memory.read)
    print(f"{len(memory.read)} accounts, {memory.calls} calls, all types: {most:.0f} MiB")
    return int(most > ALLOWED)


def verdict(memory: Memory) -> int:
    """Tell the growth and what 10,000 accounts come to."""
    early, late = memory.read[len(memory.read) // 4], memory.read[-1]
    each = (late[2] - early[2]) / (late[0] - early[0])
    then = late[2] + each * (10_000 - late[0])
    peak, kib = max(row[2] for row in memory.read), 1024 * each
    print(f"{late[3] / late[1]:.0f} calls a second; peak {peak:.0f} MiB")
    print(f"from account {early[0]} to {late[0]}: {early[2]:.0f} to {late[2]:.0f} MiB")
    print(f"after 10,000: {late[2]:.0f} MiB + {10_000 - late[0]} x {kib:.1f} KiB = {then:.0f} MiB")
    print(f"{'kept' if then <= ALLOWED else 'BROKEN'}: at most {ALLOWED} MiB after 10,000 accounts")
    return int(then > ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
