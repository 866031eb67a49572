"""What reading a full page of XML costs: botocore's parser, ours, and the XML parser's own part.

    python benchmarks/parsing.py [ROUNDS]

CPU of the parser alone, on pages of the simulator, in turns. "quick times" is botocore's parser
with our reading of timestamps, "text" ours with timestamps left as they stand, "tree" what all wait
for: bytes to elements. Exits with 1 where ours costs more than ALLOWED of "quick times".
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import botocore.session
from botocore.parsers import PROTOCOL_PARSERS
from canned import Canned, Size
from moto.core.model import OperationModel, ServiceModel

from scanner.transport import as_moment
from scanner.xml_answers import Parsers

ALLOWED = 0.6
PAGES = {
    "ec2:DescribeInstances": 200,
    "ec2:DescribeSecurityGroups": 200,
    "iam:ListRoles": 200,
    "rds:DescribeDBInstances": 50,
    "cloudformation:DescribeStacks": 50,
    "s3:ListBuckets": 500,
    "s3:ListObjectsV2": 500,
}
COLUMNS = ("botocore", "quick times", "ours", "text", "tree")


def operation(name: str) -> OperationModel:
    """The model of `service:Operation`, with which an answer can be written."""
    service, called = name.split(":")
    loader = botocore.session.get_session().get_component("data_loader")
    return ServiceModel(loader.load_service_model(service, "service-2"), service).operation_model(
        called
    )


def readers(model: OperationModel, body: bytes) -> list[Callable[[], Any]]:
    """What reads a page, in the order of COLUMNS."""
    protocol = model.service_model.resolved_protocol
    parsers: list[Any] = [
        PROTOCOL_PARSERS[protocol](),
        PROTOCOL_PARSERS[protocol](timestamp_parser=as_moment),
        Parsers(as_moment).create_parser(protocol),
        Parsers(str).create_parser(protocol),
    ]
    response = {"status_code": 200, "headers": {}, "body": body}
    shape: Any = model.output_shape
    whole: list[Callable[[], Any]] = [lambda p=p: p.parse(response, shape) for p in parsers]
    return [*whole, lambda: ElementTree.fromstring(body)]


def cpu(work: Callable[[], Any]) -> float:
    """Milliseconds of CPU."""
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)


def main(rounds: int = 15) -> int:
    """Print the table; 1 where ours costs too much."""
    print(
        f"{f'full pages, {rounds} rounds':36}{''.join(f'{name:>13}' for name in COLUMNS)}   ratio"
    )
    worst = 0.0
    for name, items in PAGES.items():
        model = operation(name)
        works = readers(model, Canned(Size(items)).answer(model, 0).body)
        gc.freeze()  # as workers do: collections need not walk the models
        turns = [[cpu(work) for work in works] for _ in range(rounds)]
        least = [min(column) for column in zip(*turns, strict=True)]
        figures = "".join(f"{figure:13.2f}" for figure in least)
        print(f"{f'{name} ({items})':36}{figures}{least[2] / least[1]:8.2f}", flush=True)
        worst = max(worst, least[2] / least[1])
    if worst > ALLOWED:
        print(f"ours may cost {ALLOWED} of botocore's")
    return int(worst > ALLOWED)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
