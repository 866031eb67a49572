"""What nobody needs any more: what each rule finds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scanner.model import Outcome
from tests.resolve.build import ACCOUNT, NOW, cell, claim, resolved
from tests.rules.things import found, iam, thing

OLD = NOW - timedelta(days=200)


def managed(item: Any) -> list[Any]:
    return [claim("c", item.arn, resource_type=item.resource_type)]


def test_volume_unattached_for_a_week() -> None:
    free = thing("AWS::EC2::Volume", "free", {"State": "available", "Size": 8}, created_at=OLD)
    new = thing("AWS::EC2::Volume", "new", {"State": "available", "Size": 8}, created_at=NOW)
    used = thing("AWS::EC2::Volume", "used", {"State": "in-use", "Size": 8}, created_at=OLD)
    rows = found(resolved([free, new, used]), "volume_unattached")
    assert rows == [("low", "free (8 GiB) is attached to nothing")]
    assert found(resolved([free]), "volume_unattached", days=400) == []
    assert found(resolved([free], managed(free)), "volume_unattached") == []


def test_address_unused() -> None:
    free = thing("AWS::EC2::EIP", "e1", {"PublicIp": "198.51.100.1"})
    used = thing("AWS::EC2::EIP", "e2", {"PublicIp": "198.51.100.2", "AssociationId": "eipassoc-1"})
    assert found(resolved([free, used]), "address_unused") == [
        ("low", "198.51.100.1 is associated with nothing")
    ]


def test_interface_unused() -> None:
    free = thing("AWS::EC2::NetworkInterface", "eni-1", {"Status": "available", "Description": "x"})
    free = replace(free, name=None)
    used = thing("AWS::EC2::NetworkInterface", "eni-2", {"Status": "in-use"})
    assert found(resolved([free, used]), "interface_unused") == [
        ("low", "x is attached to nothing")
    ]


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        ("stopped", "User initiated (2025-06-01 10:11:12 GMT)", True),
        ("stopped", "User initiated (2025-12-31 10:11:12 GMT)", False),
        ("stopped", "", False),
        ("running", "User initiated (2025-06-01 10:11:12 GMT)", False),
    ],
)
def test_instance_stopped_long(state: str, reason: str, told: bool) -> None:
    properties = {"State": {"Name": state}, "StateTransitionReason": reason}
    rows = found(resolved([thing("AWS::EC2::Instance", "i", properties)]), "instance_stopped_long")
    assert rows == ([("low", "i has been stopped since 2025-06-01")] if told else [])


def key(name: str, status: str = "Active", **more: Any) -> Any:
    created = more.pop("created_at", OLD)
    return iam("AccessKey", name, {"UserName": "ci", "Status": status, **more}, created_at=created)


def test_access_key_old_even_where_code_owns_it() -> None:
    old, new, off = key("AKIAOLD"), key("AKIANEW", created_at=NOW), key("AKIAOFF", "Inactive")
    rows = found(resolved([old, new, off], managed(old)), "access_key_old")
    assert rows == [("medium", "AKIAOLD of ci is 200 days old")]


def test_access_key_unused_since_long_or_ever() -> None:
    never = key("AKIANEVER", AccessKeyLastUsed={"ServiceName": "N/A"})
    long = key("AKIALONG", AccessKeyLastUsed={"LastUsedDate": "2025-07-01T00:00:00+00:00"})
    lately = key("AKIALATELY", AccessKeyLastUsed={"LastUsedDate": "2025-12-30T00:00:00+00:00"})
    fresh = key("AKIAFRESH", AccessKeyLastUsed={}, created_at=NOW)
    unknown = key("AKIAUNKNOWN")
    rows = found(resolved([never, long, lately, fresh, unknown]), "access_key_unused")
    assert rows == [
        ("low", "AKIALONG of ci was last used on 2025-07-01"),
        ("low", "AKIANEVER of ci was last used never"),
    ]


def test_security_group_unused_only_where_interfaces_were_seen() -> None:
    free, worn, named = (
        thing("AWS::EC2::SecurityGroup", name) for name in ("sg-free", "sg-worn", "sg-named")
    )
    interface = thing("AWS::EC2::NetworkInterface", "eni", {"Groups": [{"GroupId": "sg-worn"}]})
    rule = thing(
        "Ext::EC2::SecurityGroupRule", "sgr",
        {"GroupId": "sg-worn", "ReferencedGroupInfo": {"GroupId": "sg-named"}},
    )  # fmt: skip
    things = [free, worn, named, interface, rule]
    rows = found(resolved(things), "security_group_unused")
    assert rows == [("info", "sg-free is used by no interface and no other group")]
    blind = cell(Outcome.DENIED, resource_type="AWS::EC2::NetworkInterface", service="ec2")
    assert found(resolved(things, cells=[blind]), "security_group_unused") == []


def test_iam_group_empty_only_where_users_were_seen() -> None:
    empty, full = iam("Group", "empty"), iam("Group", "full")
    user = iam("User", "ann", {"GroupList": ["full"]})
    assert found(resolved([empty, full, user]), "iam_group_empty") == [
        ("info", "empty has no member")
    ]
    blind = cell(
        Outcome.DENIED, resource_type="AWS::IAM::User", region="global", account_id=ACCOUNT
    )
    assert found(resolved([empty, full], cells=[blind]), "iam_group_empty") == []
