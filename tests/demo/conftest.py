from functools import cache
from types import SimpleNamespace

import boto3
import pytest

from scanner.demo import EmbeddedAWS, build


def client_factory(endpoint):
    """Plain boto3 clients for any account, as the tool's own factory gives them."""

    shared = boto3.Session()  # one for all: each session reads the service models anew

    def connect(service, region, *keys):
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        given = dict(zip(names, keys, strict=False))
        return shared.client(service, region_name=region, endpoint_url=endpoint, **given)

    @cache
    def keys(account_id):
        role = f"arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole"
        sts = connect("sts", "us-east-1", "demo", "demo")
        given = sts.assume_role(RoleArn=role, RoleSessionName="demo")["Credentials"]
        return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    @cache
    def client(account_id, service, region):
        return connect(service, region, *keys(account_id))

    return client


@pytest.fixture(scope="session")
def demos(tmp_path_factory):
    """The demo organization, built twice, in two servers that run side by side."""
    with EmbeddedAWS() as first, EmbeddedAWS() as second:
        made = []
        for aws in (first, second):
            folder = tmp_path_factory.mktemp("demo")
            clients = client_factory(aws.endpoint)
            organization = build(clients, aws.endpoint, folder)
            made.append(SimpleNamespace(organization=organization, clients=clients, folder=folder))
        yield made


@pytest.fixture(scope="session")
def demo(demos):
    return demos[0]
