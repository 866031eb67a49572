"""What `pulumi stack export` writes, or a self-managed backend keeps -> the objects of a state.

Pulumi's AWS provider is made from Terraform's: its types and properties are the same in camel
case, so an object becomes a row of the Terraform type
(https://github.com/pulumi/pulumi-aws). `aws-native` is Cloud Control, as `awscc` is.
https://www.pulumi.com/docs/iac/concepts/state-and-backends/
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import Any

import msgspec

from scanner.claims.json_stream import JsonStream, decoded
from scanner.claims.state_file import Header, Limits
from scanner.claims.state_objects import StateObject
from scanner.errors import SourceError

KIND = "pulumi"

_MODULES = {
    "apigateway": "api_gateway",
    "cfg": "config",
    "directoryservice": "directory_service",
    "ec2clientvpn": "ec2_client_vpn",
    "ec2transitgateway": "ec2_transit_gateway",
    "rds": "db",
    "servicediscovery": "service_discovery",
}
"""Modules whose name is not the word in the Terraform type; the module's own name is tried too."""
_NOUNS = {
    "aws:alb/loadBalancer:LoadBalancer": "aws_alb",
    "aws:cfg/rule:Rule": "aws_config_config_rule",
    "aws:cloudtrail/trail:Trail": "aws_cloudtrail",
    "aws:ec2transitgateway/transitGateway:TransitGateway": "aws_ec2_transit_gateway",
    "aws:elb/loadBalancer:LoadBalancer": "aws_elb",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
}
"""Types whose noun differs as well."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PROVIDERS = {"aws": "hashicorp/aws", "aws-native": "hashicorp/awscc"}
_GENERATION = re.compile(r"_?v\d$")


class _Resource(msgspec.Struct):
    urn: str
    type: str
    custom: bool = False
    delete: bool = False
    external: bool = False
    id: str = ""
    provider: str = ""
    outputs: dict[str, Any] | None = None


class _Manifest(msgspec.Struct):
    version: str | None = None


class _Deployment(msgspec.Struct):
    resources: list[msgspec.Raw] | None = None
    manifest: _Manifest | None = None


class _Checkpoint(msgspec.Struct):
    latest: _Deployment | None = None


class PulumiFile:
    """One export or checkpoint: iterate `objects()`, then read `header`."""

    def __init__(self, chunks: Iterable[bytes], limits: Limits, known: Container[str]) -> None:
        self._stream = JsonStream(chunks, limits.max_bytes, limits.max_depth)
        self._limits = limits
        self._known = known
        self.header = Header()

    def objects(self) -> Iterator[StateObject]:
        """Yield every managed object; raises `SourceError` for what is no readable export."""
        found = False
        if not self._stream.head(512).strip():
            raise SourceError("it is empty")
        for name, value in self._stream.members():
            if name == "deployment":
                found = True
                yield from self._deployed(decoded(value, _Deployment, "`deployment`"))
            elif name == "checkpoint":
                found = True
                kept = decoded(value, _Checkpoint, "`checkpoint`")
                yield from self._deployed(kept.latest or _Deployment())
        if not found:
            raise SourceError("it is no Pulumi state: give what `pulumi stack export` writes")

    def _deployed(self, deployment: _Deployment) -> Iterator[StateObject]:
        if deployment.manifest:
            self.header.terraform_version = deployment.manifest.version
        raws = deployment.resources or []
        if len(raws) > self._limits.max_objects:
            raise SourceError(f"it holds more than {self._limits.max_objects:,} objects")
        for raw in raws:
            resource = decoded(raw, _Resource, "a resource")
            managed = resource.custom and resource.id and not resource.external
            if managed and not resource.type.startswith("pulumi:"):
                yield self._object(resource)

    def _object(self, resource: _Resource) -> StateObject:
        attributes = _snake(resource.outputs or {})
        attributes["id"] = resource.id
        package = resource.type.partition(":")[0]
        note = "pending deletion" if resource.delete else None
        alias = resource.provider.split("::")[-2:-1]
        provider = f'provider["pulumi.com/{_PROVIDERS.get(package, f"pulumi/{package}")}"]'
        return StateObject(
            resource.urn, terraform_type(resource.type, self._known), ".".join([provider, *alias]),
            attributes, {}, note,
        )  # fmt: skip


def terraform_type(token: str, known: Container[str]) -> str:
    """Return the Terraform type of a Pulumi type, or its own token where none of the known fits.

    `aws:ec2/securityGroup:SecurityGroup` is `aws_security_group`, `aws:sqs/queue:Queue`
    `aws_sqs_queue`; `aws-native:sqs:Queue` is `awscc_sqs_queue`.
    """
    package, _, rest = token.partition(":")
    module, _, name = rest.partition(":")
    noun = _GENERATION.sub("", _words(name))
    if package == "aws-native":
        return f"awscc_{module}_{noun}"
    if token in _NOUNS:
        return _NOUNS[token]
    module = module.partition("/")[0]
    prefixes = [f"{_MODULES[module]}_"] if module in _MODULES else []
    prefixes += [f"{_words(module)}_", *([""] if module == "ec2" else [])]
    for prefix in prefixes:
        candidate = f"aws_{prefix}{noun}"
        if candidate in known:
            return candidate
    return token


def _words(text: str) -> str:
    return _HUMP.sub("_", text).lower()


def _snake(value: Any) -> Any:
    """Return outputs with Terraform's names; a list is known by its singular too (`routes`)."""
    if isinstance(value, list):
        return [_snake(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {_words(name): _snake(item) for name, item in value.items() if name[:2] != "__"}
    for name in [name for name, item in named.items() if isinstance(item, list)]:
        named.setdefault(_singular(name), named[name])
    return named


def _singular(name: str) -> str:
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")
