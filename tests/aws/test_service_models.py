"""Clients hold of a service's model what is called, and all of it can be had."""

from __future__ import annotations

import gc
import weakref
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.credentials import Credentials
from botocore.model import OperationNotFoundError, ServiceModel

from scanner import catalog
from scanner.aws import Aws
from scanner.clients import Clients
from scanner.config import ScanConfig
from scanner.grants import scan_grant
from scanner.places import Grant, Place, calling

SERVICES = ("s3", "rds", "dynamodb", "timestream-query", "sqs", "ec2", "apigateway")


@cache
def own(service: str) -> dict[str, Any]:
    """The model as botocore itself has it."""
    found = botocore.session.Session().get_component("data_loader")
    model: dict[str, Any] = found.load_service_model(service, "service-2")
    return model


def held(clients: Clients, service: str) -> dict[str, Any]:
    """The model of a client."""
    model: dict[str, Any] = clients.get(service).meta.service_model._service_description
    return model


def plain(value: Any) -> Any:
    """A part of a model without its documentation."""
    if isinstance(value, dict):
        return {
            key: plain(each)
            for key, each in value.items()
            if not (key == "documentation" and isinstance(each, str))
        }
    return list(map(plain, value)) if isinstance(value, list) else value


@pytest.fixture(scope="module")
def grant() -> Grant:
    return scan_grant(ScanConfig(), list(catalog.load().entries.values()))


@pytest.fixture
def here(grant: Grant) -> Place:
    return Place("123456789012", "us-east-1", Credentials("key", "secret"), grant)


@pytest.mark.parametrize("service", ["s3", "rds", "sqs", "ec2"])
def test_model_holds_what_the_grant_allows_and_nothing_else(service: str, here: Place) -> None:
    operations = held(Clients(None, "us-east-1", 1), service)["operations"]
    assert list(operations) == []
    with calling(here):
        assert operations[min(here.grant.operations[service])]
    assert set(operations) == here.grant.operations[service]


@pytest.mark.parametrize("service", ["dynamodb", "timestream-query"])
def test_model_tells_from_the_first_on_that_endpoints_are_to_be_asked_for(service: str) -> None:
    client = Clients(None, "us-east-1", 1).get(service)
    assert client.meta.service_model.endpoint_discovery_operation.name == "DescribeEndpoints"


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_and_shape_is_as_in_botocores_own_model(service: str) -> None:
    model, wanted = held(Clients(None, "us-east-1", 1), service), own(service)
    everything = Grant("all", frozenset((service, name) for name in wanted["operations"]))
    with calling(Place("", "us-east-1", Credentials("key", "secret"), everything)):
        found = {name: model["operations"][name] for name in wanted["operations"]}
    assert found == plain(wanted["operations"])
    shapes = {name: plain(model["shapes"][name]) for name in wanted["shapes"]}
    assert shapes == {name: plain(shape) for name, shape in wanted["shapes"].items()}
    rest = wanted.keys() - {"operations", "shapes", "documentation", "examples"}
    assert {name: model[name] for name in rest} == {name: wanted[name] for name in rest}


def test_operation_that_no_grant_named_is_read_when_it_is_asked_for() -> None:
    client = Clients(None, "us-east-1", 1).get("rds")
    shape = client.meta.service_model.operation_model("CopyDBSnapshot").input_shape
    assert "SourceRegion" in shape.members  # botocore adds it to what the file says
    with pytest.raises(OperationNotFoundError):
        client.meta.service_model.operation_model("ListUnicorns")


def test_methods_that_botocore_calls_itself_are_there() -> None:
    client = Clients(None, "us-east-1", 1).get("s3")
    assert callable(client.head_bucket)
    assert callable(client.create_session)
    with pytest.raises(AttributeError):
        _ = client.ride_unicorn


def test_shapes_are_those_of_a_model_that_was_read_at_once(here: Place) -> None:
    client = Clients(None, "us-east-1", 1).get("ec2")
    whole = ServiceModel(own("ec2"), "ec2")
    with calling(here):
        for name in sorted(here.grant.operations["ec2"]):
            ours = client.meta.service_model.operation_model(name).output_shape
            assert list(ours.members) == list(whole.operation_model(name).output_shape.members)


def test_dropped_clients_leave_nothing_behind() -> None:
    left = []
    for _ in range(10):
        aws = Aws(None)
        left += [weakref.ref(aws.client(service)) for service in ("sqs", "sts", "dynamodb")]
        del aws
    gc.collect()
    assert [client for client in left if client() is not None] == []
