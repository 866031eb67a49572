"""XML is read as botocore reads it: every output shape of every service that speaks XML.

Each operation's answer is written whole, empty, in part, with what the model does not know, with
members said twice and with numbers and times that are none. Compared is the whole result, types and
time zones too, or the error. `STRAYS_EQUIVALENCE=full` writes each in twenty times as many ways
(two minutes; run it when botocore moves).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import botocore
import pytest
from botocore.model import OperationModel, ServiceModel

from tests.aws.xml_bodies import Manner
from tests.aws.xml_outcomes import OURS, TURNS, XML, outcome, plain, typed
from tests.catalog.models import service

MANNERS: list[dict[str, float]] = [
    {"items": 0, "missing": 1},
    {"items": 0, "missing": 0.3},
    {"missing": 0.5, "strange": 0.1},
    {"items": 1, "missing": 0.2, "repeated": 0.05},
    {"items": 1, "missing": 0.2, "strange": 0.02, "wrong": 0.02},
]


@cache
def services() -> list[ServiceModel]:
    """The services that speak XML; of the others only the beginning of their model is read."""
    spoken = re.compile(f'"({"|".join(XML)})"')
    names = set()
    for path in (Path(botocore.__file__).parent / "data").glob("*/*/service-2.json.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            if spoken.search(file.read(3000)):
                names.add(path.parts[-3])
    found = [service(name) for name in sorted(names)]
    return [model for model in found if model and model.resolved_protocol in XML]


def operations(protocol: str) -> Iterator[OperationModel]:
    for model in services():
        for name in model.operation_names if model.resolved_protocol == protocol else ():
            operation = model.operation_model(name)
            if not operation.has_event_stream_output:
                yield operation


def responses(operation: OperationModel, manners: list[Any]) -> Iterator[dict[str, Any]]:
    for turn in range(TURNS):
        random = Random(f"{operation.service_model.service_name} {operation.name} {turn}")
        for manner in manners:
            yield Manner(random, **manner).response(operation)


@pytest.mark.parametrize("protocol", XML)
def test_every_operation_is_read_as_botocore_reads_it(protocol: str) -> None:
    ours, theirs = OURS.create_parser(protocol), plain(protocol)
    for operation in operations(protocol):
        for response in responses(operation, MANNERS):
            shape = operation.output_shape
            assert outcome(ours, response, shape) == outcome(theirs, response, shape)


@pytest.mark.parametrize("protocol", XML)
def test_whole_answers_are_read_whole(protocol: str) -> None:
    ours, theirs = OURS.create_parser(protocol), plain(protocol)
    for operation in operations(protocol):
        shape = operation.output_shape
        [response, *_] = responses(operation, [{}])
        found = ours.parse(response, shape)
        assert typed(found) == typed(theirs.parse(response, shape))
        assert set(found) == {"ResponseMetadata", *(shape.members if shape else ())}
