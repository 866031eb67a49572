"""What code owns and would miss a stray, were it deleted."""

from __future__ import annotations

import pytest

from scanner.blast import blast_radius
from scanner.model import Resource
from tests.graph.webstack import link, stack, thing
from tests.resolve.build import claim, resolved


def hit_by(stray: Resource, managed: Resource, *links: object) -> list[str]:
    """Why a managed thing would miss a stray."""
    claims = [claim("x.y", managed.arn, resource_type=managed.resource_type)]
    store = resolved([stray, managed], claims, list(links))  # type: ignore[arg-type]
    return [hit.why for hit in blast_radius(store, [stray.arn])]


def test_managed_instance_would_miss_the_group_it_is_in() -> None:
    (hit,) = blast_radius(stack(), [thing("sg-hand").arn])
    assert (hit.name, hit.status, hit.why) == ("i-code", "managed", "names it (attached_to)")


def test_snapshot_outlives_its_volume() -> None:
    assert blast_radius(stack(), [thing("vol-hand").arn]) == []


def test_strays_that_break_with_it_are_not_counted() -> None:
    assert blast_radius(stack(), [thing("vpc-hand").arn]) == []


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("vol-1", "attached_to", ["which it serves"]),
        ("i-1", "attached_to", []),
        ("sg-1", "contains", ["which it is part of"]),
        ("i-1", "in_vpc", []),
    ],
)
def test_managed_thing_that_a_stray_names(name: str, kind: str, why: list[str]) -> None:
    stray, managed = thing(name), thing("vpc-code" if kind == "in_vpc" else "i-code")
    owns = "self" if kind == "contains" else None
    assert hit_by(stray, managed, link(stray, kind, managed, owns)) == why


def test_what_hangs_on_a_stray_goes_with_it() -> None:
    user, key, code = thing("role-1"), thing("key-1"), thing("queue-code")
    claims = [claim("x.y", code.arn)]
    links = [link(key, "contains", user, "self"), link(code, "encrypted_by", key)]
    store = resolved([user, key, code], claims, links)
    (hit,) = blast_radius(store, [user.arn])
    assert (hit.arn, hit.through) == (code.arn, key.arn)
