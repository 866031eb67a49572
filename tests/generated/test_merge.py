"""Generated entries beside reviewed ones: which are left out, and how children move over."""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.catalog.language import Entry
from scanner.catalog.merge import merged


def entry(name: str, op: str, **more: Any) -> Entry:
    """An entry of a service `x` that lists things with id, arn and name."""
    service, noun = name.split("::")[1:]
    data = {
        "type": name, "table": f"aws_{service}_{noun}".lower(), "service": "x", "why": "test",
        "key": {"id": "Id", "arn": "Arn", "name": "Name"}, "state": "generated",
        "list": {"op": op, "items": "Items[]", "bind": more.pop("bind", {})}, **more,
    }  # fmt: skip
    return msgspec.convert(data, Entry)


def reviewed(name: str, op: str, **more: Any) -> dict[str, Entry]:
    return {name: entry(name, op, state="reviewed", **more)}


CHILD = entry(
    "Ext::X::Part", "ListParts", parent="AWS::X::Thing", bind={"ThingId": "Id"},
    arn="{_parent._arn}/part/{_id}",
)  # fmt: skip


def test_entry_of_the_same_type_operation_table_or_terraform_type_is_replaced() -> None:
    kept = reviewed("AWS::X::Thing", "ListThings", terraform=["aws_thing"], table="aws_thing")
    made = [
        entry("AWS::X::Thing", "DescribeThings"),
        entry("Ext::X::Same", "ListThings"),
        entry("Ext::X::Table", "ListOne", table="aws_thing"),
        entry("Ext::X::Terraform", "ListTwo", terraform=["aws_thing"]),
        entry("Ext::X::Other", "ListOthers"),
    ]
    assert set(merged(kept, made, ())) == {"AWS::X::Thing", "Ext::X::Other"}


def test_what_is_no_inventory_is_left_out_with_its_children() -> None:
    assert merged({}, [entry("AWS::X::Thing", "ListThings"), CHILD], {"AWS::X::Thing"}) == {}


def test_child_of_a_replaced_entry_is_listed_under_the_reviewed_one() -> None:
    kept = reviewed("AWS::X::Whole", "ListThings", scope="global", home="us-west-2")
    found = merged(kept, [entry("AWS::X::Thing", "ListThings"), CHILD], ())["Ext::X::Part"]
    assert (found.parent, found.list.bind) == ("AWS::X::Whole", {"ThingId": "Id"})
    assert (found.scope, found.home) == ("global", "us-west-2")


def test_child_takes_the_id_where_the_reviewed_entry_lists_in_another_way() -> None:
    kept = reviewed("AWS::X::Thing", "DescribeThings")
    found = merged(kept, [entry("AWS::X::Thing", "ListThings"), CHILD], ())["Ext::X::Part"]
    assert found.list.bind == {"ThingId": "_id"}


def test_child_that_needs_a_member_nobody_tells_any_more_is_left_out() -> None:
    child = entry("Ext::X::Part", "ListParts", parent="AWS::X::Thing", bind={"A": "Other"})
    kept = reviewed("AWS::X::Thing", "DescribeThings")
    assert set(merged(kept, [entry("AWS::X::Thing", "ListThings"), child], ())) == set(kept)


def test_grandchild_follows_its_replaced_grandparent() -> None:
    grandchild = entry(
        "Ext::X::Piece", "ListPieces", parent="Ext::X::Part",
        bind={"ThingId": "_parent.Id", "PartId": "Id"},
    )  # fmt: skip
    kept = reviewed("AWS::X::Thing", "DescribeThings")
    made = [entry("AWS::X::Thing", "ListThings"), CHILD, grandchild]
    found = merged(kept, made, ())["Ext::X::Piece"]
    assert found.list.bind == {"ThingId": "_parent._id", "PartId": "Id"}
