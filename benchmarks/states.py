"""What reading a large state costs beside `json.load` of the same file: time and peak memory.

    python benchmarks/states.py [INSTANCES ...]      (10k, 100k and 300k where none is named)

The state: a tenth queues, topics, log groups, roles, policies, instances with volumes, security
groups with inline rules, records and parameters each, 40 to a resource, as Terraform indents it.
Measured are json.load, reading the state's objects one by one, and reading them into claims as a
scan does; each in a process of its own, so its peak memory is its own. CPU time is told, which on
an idle machine is the wall-clock time. Exits with 1 where one takes more than ALLOWED times
json.load.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ALLOWED = {"objects": 3.0, "claims": 7.0}
SIZES = (10_000, 100_000, 300_000)
INSTANCES_EACH = 40
PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
PLACE = "us-east-1:111111111111"
POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'


def attributes(kind: str, n: int) -> dict[str, Any]:
    """Return what the provider keeps of one object, with its many empty attributes."""
    name, tags = f"thing-{n:07}", {"Name": f"thing-{n:07}", "team": "core", "stage": "production"}
    common = {"id": name, "name": name, "tags": tags, "tags_all": tags, "timeouts": None}
    own = {
        "aws_sqs_queue": {"arn": f"arn:aws:sqs:{PLACE}:{name}", "policy": POLICY},
        "aws_sns_topic": {"arn": f"arn:aws:sns:{PLACE}:{name}", "policy": POLICY},
        "aws_cloudwatch_log_group": {"arn": f"arn:aws:logs:{PLACE}:log-group:{name}"},
        "aws_iam_role": {
            "arn": f"arn:aws:iam::111111111111:role/{name}", "assume_role_policy": POLICY,
            "inline_policy": [{"name": "own", "policy": POLICY}],
        },
        "aws_iam_policy": {"arn": f"arn:aws:iam::111111111111:policy/{name}", "policy": POLICY},
        "aws_instance": {
            "arn": f"arn:aws:ec2:{PLACE}:instance/i-{n:017x}", "id": f"i-{n:017x}",
            "root_block_device": [{"volume_id": f"vol-{n:017x}", "tags": tags}],
        },
        "aws_security_group": {
            "arn": f"arn:aws:ec2:{PLACE}:security-group/sg-{n:017x}", "id": f"sg-{n:017x}",
            "ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443,
                         "cidr_blocks": ["10.0.0.0/8"], "self": False}],
        },
        "aws_route53_record": {
            "zone_id": "Z0123456789ABCDEFGHIJ", "type": "A", "fqdn": f"{name}.example.org",
        },
        "aws_ssm_parameter": {"arn": f"arn:aws:ssm:{PLACE}:parameter/{name}", "value": "x" * 60},
        "aws_dynamodb_table": {"arn": f"arn:aws:dynamodb:{PLACE}:table/{name}"},
    }  # fmt: skip
    return {**common, **dict.fromkeys((f"unset_{at}" for at in range(12)), None), **own[kind]}


KINDS = (
    "aws_sqs_queue", "aws_sns_topic", "aws_cloudwatch_log_group", "aws_iam_role", "aws_iam_policy",
    "aws_instance", "aws_security_group", "aws_route53_record", "aws_ssm_parameter",
    "aws_dynamodb_table",
)  # fmt: skip


def rows(instances: int) -> Iterator[dict[str, Any]]:
    """Yield the resources of a state with so many instances."""
    for first in range(0, instances, INSTANCES_EACH):
        kind = KINDS[first // INSTANCES_EACH % len(KINDS)]
        held = [
            {"index_key": n, "schema_version": 0, "attributes": attributes(kind, n),
             "sensitive_attributes": [], "private": "bnVsbA=="}
            for n in range(first, min(first + INSTANCES_EACH, instances))
        ]  # fmt: skip
        yield {
            "module": f"module.part[{first % 7}]", "mode": "managed", "type": kind,
            "name": f"all_{first}", "provider": PROVIDER, "instances": held,
        }  # fmt: skip


def write(path: Path, instances: int) -> None:
    """Write a state as Terraform does, two blanks a level."""
    with path.open("w") as file:
        file.write('{\n  "version": 4,\n  "terraform_version": "1.13.4",\n  "serial": 7,\n')
        file.write('  "lineage": "l",\n  "outputs": {},\n  "resources": [\n')
        for at, row in enumerate(rows(instances)):
            text = json.dumps(row, indent=2)
            file.write((",\n" if at else "") + "\n".join(f"    {x}" for x in text.splitlines()))
        file.write('\n  ],\n  "check_results": null\n}\n')


def plain(path: Path) -> int:
    """Read with the standard library: what any other reader of states does."""
    with path.open("rb") as file:
        return len(json.load(file)["resources"])


def objects(path: Path) -> int:
    """Read the objects one by one, and keep none."""
    from scanner.claims.file_source import file_states
    from scanner.claims.state_file import Limits, StateFile

    _clock.restart()
    with next(file_states(str(path))).chunks() as chunks:
        return sum(1 for _ in StateFile(chunks, Limits()).objects())


def claims(path: Path) -> int:
    """Read as a scan does, and count the claims."""
    from scanner import catalog
    from scanner.claims.file_source import file_states
    from scanner.claims.terraform import read_states

    entries = catalog.load()
    _clock.restart()
    return len(read_states(file_states(str(path)), entries).claims)


class _Clock:
    """Time since the start, or since what is not measured was done."""

    def restart(self) -> None:
        self.began, self.before = time.process_time(), peak()

    def told(self, count: int) -> dict[str, float]:
        seconds = time.process_time() - self.began
        return {"seconds": seconds, "before": self.before, "peak": peak(), "count": count}


_clock = _Clock()


def peak() -> float:
    """Return the most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def one(reader: str, path: Path) -> dict[str, float]:
    """Run one reading in a fresh process."""
    command = [sys.executable, __file__, "--one", reader, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def expected(instances: int) -> int:
    """Return how many claims there are: three kinds in ten imply another each."""
    groups = [KINDS[at // INSTANCES_EACH % len(KINDS)] for at in range(instances)]
    implying = {"aws_iam_role", "aws_instance", "aws_security_group"}
    return instances + sum(kind in implying for kind in groups)


READERS = {"json.load": plain, "objects": objects, "claims": claims}


def main() -> None:
    """Measure each size and print a line for each reading."""
    if sys.argv[1:2] == ["--one"]:
        _clock.restart()
        count = READERS[sys.argv[2]](Path(sys.argv[3]))
        print(json.dumps(_clock.told(count)))
        return
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print("instances  file, MB  reading    CPU, s  times json.load  peak, MB  share of json.load's")
    slow = False
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / "a.tfstate"
            write(path, size)
            told = {name: one(name, path) for name in READERS}
            assert told["claims"]["count"] == expected(size), told["claims"]["count"]
            for name, cost in told.items():
                times = cost["seconds"] / told["json.load"]["seconds"]
                memory = cost["peak"] / told["json.load"]["peak"]
                slow = slow or times > ALLOWED.get(name, times)
                print(
                    f"{size:9,} {path.stat().st_size / 1e6:9.0f}  {name:9} {cost['seconds']:7.2f}"
                    f" {times:16.2f} {cost['peak']:9.0f} {memory:10.2f}",
                    flush=True,
                )
    sys.exit(slow)


if __name__ == "__main__":
    main()
