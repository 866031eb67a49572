"""Terraform states in format 4, as Terraform 1.11 with the AWS provider 5.100 writes them.

`shapes.json` holds, for each type, what the real provider wrote when it was applied to the
emulator: all attribute names, with every value that says nothing about the world (null, numbers,
flags, empty collections), the schema version, the paths held to be sensitive and the provider's
private data. The builders add what identifies the thing.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from scanner.demo.world import Attributes, ExpectedMissing, Ledger, Site

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
TERRAFORM_VERSION = "1.11.4"

NOT_THEIR_OWN_ARN = frozenset(
    {"aws_cloudwatch_event_target", "aws_secretsmanager_secret_version", "aws_lambda_permission"}
)
"""Types whose `arn` attribute names another thing."""

ARN_TEMPLATES = {
    "aws_nat_gateway": "natgateway/{id}",
    "aws_security_group_rule": "security-group-rule/{security_group_rule_id}",
}
"""EC2 types whose state has no `arn` although AWS gives the thing one: its end."""


class State:
    """One state being written; what is added to it is expected to be managed."""

    def __init__(self, key: str, ledger: Ledger) -> None:
        """`key` is the state's path; its lineage is made from it, so it is the same each time."""
        self.key = key
        self._ledger = ledger
        self._resources: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        self._outputs: dict[str, Any] = {}

    def add(
        self,
        site: Site,
        kind: str,
        name: str,
        attributes: Attributes,
        *,
        module: str = "",
        index: int | str | None = None,
        alias: str = "",
        depends: Iterable[str] = (),
        gone: bool = False,
    ) -> Attributes:
        """Claim a thing under `module.kind.name[index]`; returns the attributes given.

        `alias` names the provider configuration; `gone` says that no such thing exists any more.
        """
        shape = _shapes()[kind]
        entry = self._resources.setdefault(
            (module, kind, name, alias),
            ({"module": module} if module else {})
            | {
                "mode": "managed",
                "type": kind,
                "name": name,
                "provider": PROVIDER + (f".{alias}" if alias else ""),
                "instances": [],
            },
        )
        entry["instances"].append(_instance(shape, attributes, index, depends))
        address = _address(module, kind, name, index)
        expected = _Claim(kind, shape["resource_type"], address, gone)
        self._expect(site, expected, attributes)
        return attributes

    def data(self, kind: str, name: str, attributes: Attributes, alias: str = "") -> None:
        """Add what a data source read: it is in the state, and claims nothing."""
        instance = {"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}
        self._resources["data", kind, name, alias] = {
            "mode": "data",
            "type": kind,
            "name": name,
            "provider": PROVIDER + (f".{alias}" if alias else ""),
            "instances": [instance],
        }

    def output(self, name: str, value: str) -> None:
        """Add a root output."""
        self._outputs[name] = {"value": value, "type": "string"}

    def text(self, serial: int) -> str:
        """The state as Terraform would write it."""
        document = {
            "version": 4,
            "terraform_version": TERRAFORM_VERSION,
            "serial": serial,
            "lineage": str(uuid.uuid5(uuid.NAMESPACE_URL, self.key)),
            "outputs": self._outputs,
            "resources": [self._resources[key] for key in sorted(self._resources)],
            "check_results": None,
        }
        return json.dumps(document, indent=2) + "\n"

    def _expect(self, site: Site, claim: "_Claim", attributes: Attributes) -> None:
        arn = "" if claim.kind in NOT_THEIR_OWN_ARN else attributes.get("arn", "")
        if claim.kind in ARN_TEMPLATES:
            arn = site.arn("ec2", ARN_TEMPLATES[claim.kind].format_map(attributes))
        kind, address = claim.resource_type, claim.address
        if claim.gone:
            self._ledger.missing.append(
                ExpectedMissing(address, kind, arn, site.account_id, site.region)
            )
        elif arn:
            self._ledger.add(site, kind, arn, "managed", story=f"{self.key}: {address}")
        else:
            self._ledger.child(site, kind, None, str(attributes["id"]), status="managed")


@dataclass(frozen=True, slots=True)
class _Claim:
    kind: str
    resource_type: str
    address: str
    gone: bool


@cache
def _shapes() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("shapes.json").read_text(encoding="utf-8")
    shapes: dict[str, Any] = json.loads(text)
    return shapes


def _instance(
    shape: dict[str, Any], attributes: Attributes, index: int | str | None, depends: Iterable[str]
) -> dict[str, Any]:
    known = shape["attributes"]
    unknown = set(attributes) - set(known)
    if unknown:
        raise ValueError(f"the provider has no attributes {sorted(unknown)}")
    values = known | attributes
    if values.get("tags"):
        values["tags_all"] = values["tags"]
    instance: dict[str, Any] = {} if index is None else {"index_key": index}
    instance |= {
        "schema_version": shape["schema_version"],
        "attributes": dict(sorted(values.items())),
        "sensitive_attributes": [
            [{"type": "get_attr", "value": name}] for name in shape.get("sensitive", ())
        ],
    }
    if "private" in shape:
        instance["private"] = shape["private"]
    if depends:
        instance["dependencies"] = sorted(depends)
    return instance


def _address(module: str, kind: str, name: str, index: int | str | None) -> str:
    path = f"{module}.{kind}.{name}" if module else f"{kind}.{name}"
    return path if index is None else f"{path}[{json.dumps(index)}]"
