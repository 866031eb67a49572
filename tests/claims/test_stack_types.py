"""One of each type that the emulator's CloudFormation makes is recognised by what the stack says."""

from __future__ import annotations

from pathlib import Path

from tests.claims.scanned_stacks import scanned
from tests.world import World

TEMPLATE = Path(__file__).parent / "stack_types.yaml"


def test_every_resource_of_a_stack_is_managed(world: World) -> None:
    store = scanned(world, TEMPLATE.read_text("utf-8"))
    claims = store.rows("SELECT address, claimed_type, state, keys, reason, candidates FROM claims ORDER BY state")
    print()
    for c in claims:
        if c["state"]!="matched": print(list(c.values()))
    wrong = [claim for claim in claims if claim["state"] not in ("matched", "out_of_scope")]
    assert not wrong
