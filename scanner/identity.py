"""What names a resource: canonical ARNs and the keys by which a claim finds it.

Two records name the same thing only after both are brought to one form: the same module serves
the collector (what AWS says) and the claims (what states and stacks say).
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import NamedTuple

_PARTITION_OF_PREFIX = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}
_IMAGE_BUILD = re.compile(r"^((?:component|image|workflow)/[^/]+/\d+\.\d+\.\d+)/\d+$")
"""https://docs.aws.amazon.com/imagebuilder/latest/userguide/ibhow-semantic-versioning.html"""
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


class Arn(NamedTuple):
    """The parts of an ARN; `account` and `region` are empty where the service leaves them out."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """Return the parts of an ARN, or None where `text` is none."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[1] or not parts[2]:
        return None
    return Arn(*parts[1:])


def canonical_arn(text: str) -> str:
    """Return the one form of an ARN that both sides compare.

    Log groups lose the `:*` that some APIs append, Image Builder's builds (`image/x/1.0.0/1`) the
    number of the build, since AWS lists versions; partition, service and region are lower case. A
    function's version or alias stays: an alias is a resource of its own. Text that is no ARN comes
    back as it is.
    """
    arn = parse_arn(text)
    if arn is None:
        return text
    resource = arn.resource
    if arn.service == "logs" and resource.endswith(":*"):
        resource = resource[:-2]
    if arn.service == "imagebuilder":
        resource = _IMAGE_BUILD.sub(r"\1", resource)
    place = (arn.partition.lower(), arn.service.lower(), arn.region.lower(), arn.account)
    return ":".join(("arn", *place, resource))


def partition_of(region: str) -> str:
    """Return the partition that a region's name belongs to."""
    for prefix, partition in _PARTITION_OF_PREFIX.items():
        if region.startswith(prefix):
            return partition
    return "aws"


def protocol(value: object) -> str:
    """Return a protocol as its name, `-1` for all: AWS and Terraform write `6` as well as `tcp`."""
    text = "-1" if value in (None, "") else str(value).lower()
    return _PROTOCOLS.get(text, text)


def cidr(value: str) -> str:
    """Return a network in its shortest form (`10.0.0.1/8` is `10.0.0.0/8`), or the text itself."""
    try:
        return str(ip_network(value, strict=False))
    except ValueError:
        return value


def group_rule_key(
    group: str, egress: bool, proto: object, ports: tuple[object, object], peer: str
) -> str:
    """Return the content of one security-group rule as a key.

    `peer` is one CIDR, prefix list or group: AWS keeps one rule per peer, where Terraform's
    `aws_security_group_rule` has an id of its own making for several
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html).
    Ports mean nothing where the protocol is all (-1).
    """
    name = protocol(proto)
    low, high = ("-1", "-1") if name == "-1" else (_port(ports[0]), _port(ports[1]))
    peer_text = cidr(peer) if "/" in peer and not peer.startswith(("sg-", "pl-")) else peer
    peer_text = peer_text.rsplit("/", 1)[-1] if "/sg-" in peer_text else peer_text
    way = "egress" if egress else "ingress"
    return f"rule|{group}|{way}|{name}|{low}|{high}|{peer_text}"


def _port(value: object) -> str:
    return "-1" if value is None or value == "" else str(value)


def route_key(table: str, destination: str) -> str:
    """Return a route's key: its table and its destination."""
    return f"{table}|{cidr(destination)}"


def record_name(name: str, zone: str | None = None) -> str:
    r"""Return a DNS name as one form: lower case, octal escapes read, no final dot, full.

    Route 53 writes `*` as `\052`
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html); a state
    may hold the name without its zone.
    """
    plain = re.sub(r"\\(\d{3})", lambda match: chr(int(match.group(1), 8)), name)
    plain = plain.rstrip(".").lower()
    suffix = (zone or "").rstrip(".").lower()
    if suffix and plain != suffix and not plain.endswith("." + suffix):
        plain = f"{plain}.{suffix}" if plain else suffix
    return plain
