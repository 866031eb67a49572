"""One of each type that the emulator's CloudFormation makes is recognised by what the stack says.

Left out: what it makes without an id (event buses and archives, Redshift, DB parameter groups,
scheduled actions, rules of groups, access points), what it cannot list (SageMaker's lifecycle
configurations, EMR's security configurations), EMR clusters, which it ends at once, and rules on a
bus of their own, whose id it gives without the bus.
"""

from __future__ import annotations

from pathlib import Path

from scanner import catalog
from scanner.claims.template_text import parse
from tests.claims.scanned_stacks import scanned
from tests.world import World

TEMPLATE = (Path(__file__).parent / "stack_types.yaml").read_text("utf-8")


def test_every_resource_of_a_stack_is_managed_and_none_missing(world: World) -> None:
    store = scanned(world, TEMPLATE)
    claims = store.rows("SELECT address, claimed_type, resource_type, state, keys FROM claims")
    wrong = [row for row in claims if row["resource_type"] and row["state"] != "matched"]
    assert not wrong
    listed = parse(TEMPLATE)["Resources"]
    assert {row["address"] for row in claims} == set(listed)
    known = catalog.load().cloudformation
    matched = {row["address"] for row in claims if row["state"] == "matched"}
    assert matched >= {name for name, one in listed.items() if one["Type"] in known}
    assert len(matched) > 60


def test_records_of_one_name_are_told_apart(world: World) -> None:
    store = scanned(world, TEMPLATE)
    found = store.rows(
        "SELECT address, arn FROM claims WHERE claimed_type = 'AWS::Route53::RecordSet'"
    )
    ends = {row["address"]: row["arn"].rpartition("/")[2] for row in found}
    assert ends == {"RecordA": "A", "RecordAaaa": "AAAA"}
