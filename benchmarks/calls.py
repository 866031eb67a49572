"""What a call costs through Strays beside a bare botocore loop that makes the same call.

    python benchmarks/calls.py [ROUNDS]

Against the simulator (a process of its own): the loop calls one ready client of one account and
region; Strays makes the same calls through its shared clients, the grant, the pace and the pager,
each for another account and region. In turns, so that what else the machine does meets both. CPU
decides; the last table is wall time at 30 ms latency, each side at its best number of threads.
Exits with 1 where a call costs, or takes, more than ALLOWED times the bare one.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from simulator import REGIONS, Settings, simulated

from scanner.aws import Aws, Grant, Place
from scanner.pace import Key
from scanner.turns import Turns

ALLOWED = 1.15
ACCOUNTS = 200
FULL = {
    "ec2:DescribeInstances": [200, 1],
    "iam:ListRoles": [200, 1],
    "s3:ListBuckets": [500, 1],
    "lambda:ListFunctions": [50, 1],
    "sqs:ListQueues": [1000, 1],
    "dynamodb:ListTables": [100, 1],
}
CALLS = {
    "ec2:DescribeInstances": "describe_instances",
    "iam:ListRoles": "list_roles",
    "s3:ListBuckets": "list_buckets",
    "lambda:ListFunctions": "list_functions",
    "sqs:ListQueues": "list_queues",
    "dynamodb:ListTables": "list_tables",
}
GRANT = Grant("scan", frozenset(tuple(name.split(":")) for name in CALLS))  # type: ignore[arg-type]


def bare(service: str, threads: int = 10) -> Any:
    """A client as the documentation makes one."""
    return boto3.client(service, config=Config(max_pool_connections=threads))


def places() -> list[Place]:
    """Accounts and regions, no two neighbours alike."""

    def place(number: int) -> Place:
        credentials = Credentials(f"ASIA{number:012d}", "secret")
        return Place(f"{number:012d}", REGIONS[number % len(REGIONS)], credentials, GRANT)

    return [place(number) for number in range(1, ACCOUNTS + 1)]


def cpu(work: Callable[[], None]) -> float:
    """CPU seconds of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def compare(aws: Aws, name: str, calls: int, rounds: int) -> tuple[float, float, float]:
    """Milliseconds of CPU a call, bare and ours, and the median of the rounds' ratios."""
    service, operation = name.split(":")
    method = getattr(bare(service), CALLS[name])
    everywhere = places()

    def loop() -> None:
        for _ in range(calls):
            method()

    def ours() -> None:
        for number in range(calls):
            for _ in aws.pages(everywhere[number % ACCOUNTS], service, operation):
                pass

    loop()
    ours()
    pairs = [(cpu(loop), cpu(ours)) for _ in range(rounds)]
    ratio = statistics.median(mine / theirs for theirs, mine in pairs)
    least = [1000 * min(column) / calls for column in zip(*pairs, strict=True)]
    return least[0], least[1], ratio


def report(title: str, settings: Settings, calls: int, rounds: int) -> list[float]:
    """Print a table and return its ratios."""
    print(f"\n{title}, {rounds} rounds    bare ms   strays ms   ratio")
    found = []
    with environment(settings):
        aws = Aws(lasting=True)  # as workers have it
        for name in CALLS:
            theirs, mine, ratio = compare(aws, name, calls, rounds)
            print(f"{name:28} {theirs:10.3f} {mine:11.3f} {ratio:7.2f}", flush=True)
            found.append(ratio)
    return found


@contextmanager
def environment(settings: Settings) -> Iterator[None]:
    """A simulator, and the environment that points at it."""
    with simulated(settings) as url:
        os.environ.update(
            AWS_ENDPOINT_URL=url, AWS_DEFAULT_REGION="us-east-1", AWS_ACCESS_KEY_ID="simulated",
            AWS_SECRET_ACCESS_KEY="simulated", AWS_EC2_METADATA_DISABLED="true",
        )  # fmt: skip
        yield


def wall(work: Callable[[], None]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def threads_of_loop(calls: int, threads: int) -> float:
    """Calls a second of a bare client and so many threads."""
    method = bare("sqs", threads).list_queues
    method()
    with ThreadPoolExecutor(threads) as pool:
        return calls / wall(lambda: [*pool.map(lambda _: method(), range(calls))] and None)


def threads_of_ours(calls: int, threads: int) -> float:
    """Calls a second of Strays and so many threads, a job a call."""
    aws, everywhere = Aws(threads=threads, lasting=True), places()
    aws.call(everywhere[0], "sqs", "ListQueues")
    turns = Turns(threads, aws.pace)

    def job(place: Place) -> Any:
        key = Key(place.account_id, place.region, "sqs")
        return turns.submit(key, lambda: aws.call(place, "sqs", "ListQueues"))

    try:
        jobs = range(calls)
        return calls / wall(lambda: [*wait([job(everywhere[n % ACCOUNTS]) for n in jobs])] and None)
    finally:
        turns.close()


def at_latency(calls: int, latency: float) -> float:
    """Print calls a second by threads, and return how many times as long ours take at best."""
    print(f"\n{1000 * latency:.0f} ms latency, {calls} calls    threads   bare /s   strays /s")
    best = [0.0, 0.0]
    with environment(Settings(latency=latency)):
        for threads in (16, 32, 48, 64):
            found = [threads_of_loop(calls, threads), threads_of_ours(calls, threads)]
            print(f"{threads:38} {found[0]:9.0f} {found[1]:11.0f}", flush=True)
            best = [max(pair) for pair in zip(best, found, strict=True)]
    print(f"best against best: strays takes {best[0] / best[1]:.2f} times as long")
    return best[0] / best[1]


def main(rounds: int = 7) -> int:
    """Print the tables; 1 where a call costs too much."""
    ratios = report("empty pages", Settings(), 300, rounds)
    ratios += report("full pages", Settings(sizes=FULL), 12, rounds)
    longer = at_latency(3000, 0.03)
    kept = max(ratios) <= ALLOWED and longer <= ALLOWED
    print(f"{'kept' if kept else 'BROKEN'}: a call takes at most {ALLOWED} times a bare one")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
