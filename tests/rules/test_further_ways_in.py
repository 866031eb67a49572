"""Further ways in and out that no code made: keys, peerings, schedules, borrowed roles."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model import Resource
from tests.resolve.build import ACCOUNT, resolved
from tests.rules.things import found, iam, managed, thing


def test_ssh_key_outside_code() -> None:
    pair = thing("AWS::EC2::KeyPair", "laptop")
    assert found(resolved([pair]), "ssh_key_outside_code") == [
        ("medium", "key pair laptop was made outside code")
    ]
    assert found(resolved([pair], managed(pair)), "ssh_key_outside_code") == []


def test_peering_outside_code_is_graver_to_another_account() -> None:
    def peering(other: str, status: str = "active") -> Resource:
        ends = {
            "RequesterVpcInfo": {"OwnerId": ACCOUNT, "VpcId": "vpc-1"},
            "AccepterVpcInfo": {"OwnerId": other, "VpcId": "vpc-2"},
        }
        return thing("AWS::EC2::VPCPeeringConnection", "pcx", {**ends, "Status": {"Code": status}})

    foreign = found(resolved([peering("999999999999")]), "peering_outside_code")
    assert foreign == [
        ("high", "peering with VPC vpc-2 of account 999999999999 was made outside code")
    ]
    assert [
        severity for severity, _ in found(resolved([peering(ACCOUNT)]), "peering_outside_code")
    ] == ["medium"]
    assert found(resolved([peering("999999999999", "deleted")]), "peering_outside_code") == []


def test_schedule_outside_code() -> None:
    rule = thing(
        "AWS::Events::Rule", "tick", {"ScheduleExpression": "rate(1 hour)", "State": "ENABLED"}
    )
    off = thing("AWS::Scheduler::Schedule", "off", {"State": "DISABLED"})
    rows = found(resolved([rule, off]), "schedule_outside_code")
    assert rows == [("medium", "tick runs rate(1 hour) and was made outside code")]
    assert found(resolved([rule], managed(rule)), "schedule_outside_code") == []


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::Lambda::Function", {"Role": f"arn:aws:iam::{ACCOUNT}:role/app"}),
        ("AWS::EC2::Instance", {"IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:role/app"}}),
    ],
)
def test_code_role_used_by_stray(kind: str, properties: dict[str, Any]) -> None:
    role, user = iam("Role", "app"), thing(kind, "odd", properties)
    rows = found(resolved([role, user], managed(role)), "code_role_used_by_stray")
    assert rows == [
        ("high", f"odd ({kind}) was made outside code and acts as app, which tfstate://a owns")
    ]
    assert found(resolved([role, user]), "code_role_used_by_stray") == []
    assert found(resolved([role, user], managed(role, user)), "code_role_used_by_stray") == []
