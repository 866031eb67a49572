"""Makes the world once: Terraform, then stacks, then hands. Only `record.py` uses it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import claimed, implied, stacks, strays, tamper
from .clients import ACCOUNTS, REGIONS, SECURITY, STATE_BUCKET, Clients
from .expectation import Expectation
from .states import STATES
from .terraform_run import Root, apply_all, refresh


def build(endpoint: str, work: Path) -> tuple[dict[str, bytes], list[Expectation]]:
    """Make everything at `endpoint`; the states by name, and what a scan must say."""
    clients = Clients(endpoint)
    touch_networks(clients)
    known = stacks.bootstrap(clients)
    apply_all(endpoint, work)
    claims = from_states(read_states(clients, work))
    known += [*claims, *claimed.inline_in_network(clients, claims)]
    known += tamper.seen_by_refresh(clients)
    for root in (Root("network"), Root("iam")):
        refresh(endpoint, work, root)
    states = read_states(clients, work)
    known += tamper.unseen(clients) + strays.make_all(clients) + stacks.make_all(clients)
    missing = tamper.delete_managed(clients)
    known = [gone(one) if one.arn in missing else one for one in unique(known)]
    return states, [*known, *implied.find_all(clients, known)]


def touch_networks(clients: Clients) -> None:
    """The first look makes an account's default VPC; here, so that its ids are on the tape."""
    for account in ACCOUNTS:
        for region in REGIONS:
            clients(account, "ec2", region).describe_vpcs()


def read_states(clients: Clients, work: Path) -> dict[str, bytes]:
    s3 = clients(SECURITY, "s3")
    return {
        one.name: s3.get_object(Bucket=STATE_BUCKET, Key=one.key)["Body"].read()
        if one.key
        else (work / one.name / "terraform.tfstate").read_bytes()
        for one in STATES
    }


def from_states(states: dict[str, Any]) -> list[Expectation]:
    return [
        found
        for stored in STATES
        for found in claimed.from_state(stored, json.loads(states[stored.name]))
    ]


def unique(rows: list[Expectation]) -> list[Expectation]:
    """Earlier rows win: a resource's own row before a copy in its parent's."""
    return [*{one.key: one for one in reversed(rows)}.values()][::-1]


def gone(one: Expectation) -> Expectation:
    return replace(one, status="missing", why="in the state, deleted by hand")
