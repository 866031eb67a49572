"""What an intruder leaves: what each rule finds, and what it leaves alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from scanner.model import Link, Resource, Source, Trust
from tests.resolve.build import ACCOUNT, NOW, owns, resolved, resource
from tests.rules.things import found, iam, managed, thing

WALL = thing("AWS::EC2::SecurityGroup", "sg-1", {"GroupId": "sg-1"})
WORLD = {
    "GroupId": "sg-1",
    "IsEgress": False,
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "CidrIpv4": "0.0.0.0/0",
}
PUBLIC_ENDPOINT = {"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}
SIGNED_IN_BY_NONE = "its URL asks for no sign-in"
OFFICE = {**WORLD, "CidrIpv4": "203.0.113.0/24"}
PUBLIC = {
    "InstanceType": "t3.micro",
    "PublicIpAddress": "198.51.100.1",
    "SecurityGroups": [{"GroupId": "sg-1"}],
}


def policy(effect: str, principal: Any, **more: Any) -> dict[str, str]:
    """A queue's or topic's policy, which AWS gives as text."""
    statement = {"Effect": effect, "Principal": principal, "Action": "*", **more}
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statement})}


def door(properties: dict[str, Any], name: str = "sgr-1") -> Resource:
    return thing("Ext::EC2::SecurityGroupRule", name, properties)


def part_of(whole: Resource, part: Resource) -> Link:
    return owns(whole, part, kind="contains", trust=Trust.PARENT_LIST)


def trust_of(principal: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}
    return {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def test_burst_of_alike_resources_is_one_finding_by_size_and_time() -> None:
    gpus = [
        thing("AWS::EC2::Instance", f"i{n}", {"InstanceType": "g5.xlarge"}, created_at=NOW)
        for n in range(10)
    ]
    late = thing(
        "AWS::EC2::Instance",
        "late",
        {"InstanceType": "g5.xlarge"},
        created_at=NOW + timedelta(days=1),
    )
    other = thing("AWS::EC2::Instance", "other", {"InstanceType": "t3.micro"}, created_at=NOW)
    [(severity, message)] = found(resolved([*gpus, late, other]), "burst_of_alike_resources")
    assert severity == "critical"
    assert (
        message
        == "10 alike strays (AWS::EC2::Instance g5.xlarge) were made in us-east-1 within 15 minutes"
    )
    assert found(resolved(gpus[:9]), "burst_of_alike_resources") == []
    assert found(resolved(gpus, managed(*gpus)), "burst_of_alike_resources") == []


@pytest.mark.parametrize(
    ("item", "how", "severity"),
    [
        (thing("AWS::EC2::Image", "ami", {"Public": True}), "everyone may start it", "high"),
        (thing("AWS::Lambda::Url", "u", {"AuthType": "NONE"}), SIGNED_IN_BY_NONE, "high"),
        (
            thing("AWS::SQS::Queue", "q", policy("Allow", "*")),
            "everyone may use the policy's principal *",
            "critical",
        ),
        (
            thing("AWS::SNS::Topic", "t", policy("Allow", {"AWS": ["*"]})),
            "everyone may use the policy's principal *",
            "critical",
        ),
        (
            thing(
                "AWS::EKS::Cluster", "k",
                {"resourcesVpcConfig": PUBLIC_ENDPOINT},
            ),
            "everyone may reach its API",
            "high",
        ),
    ],
)  # fmt: skip
def test_stray_open_to_world_by_its_own_document(item: Resource, how: str, severity: str) -> None:
    [(graded, message)] = found(resolved([item]), "stray_open_to_world")
    assert (graded, message.rpartition("open to the world: ")[2]) == (severity, how)
    assert found(resolved([item], managed(item)), "stray_open_to_world") == []


@pytest.mark.parametrize(
    "item",
    [
        thing("AWS::EC2::Image", "ami", {"Public": False}),
        thing("AWS::Lambda::Url", "u", {"AuthType": "AWS_IAM"}),
        thing("AWS::SQS::Queue", "q", {"Policy": "no JSON"}),
        thing("AWS::SQS::Queue", "q", policy("Deny", "*")),
        thing("AWS::SNS::Topic", "t", policy("Allow", {"AWS": "*"}, Condition={"Bool": {}})),
    ],
)  # fmt: skip
def test_stray_open_to_world_leaves_closed_ones_alone(item: Resource) -> None:
    assert found(resolved([item]), "stray_open_to_world") == []


def test_stray_open_to_world_through_its_group() -> None:
    machine = thing("AWS::EC2::Instance", "i-1", PUBLIC)
    inside = thing("AWS::EC2::Instance", "i-2", {**PUBLIC, "PublicIpAddress": None})
    things = [WALL, door(WORLD), machine, inside]
    rows = found(resolved(things, managed(WALL, door(WORLD))), "stray_open_to_world")
    assert rows == [
        (
            "critical",
            "i-1 (AWS::EC2::Instance) is owned by no code and open to the world:"
            " reachable from everywhere on port 22",
        )
    ]
    assert found(resolved([WALL, door(OFFICE), machine]), "stray_open_to_world") == []


def test_group_rule_outside_code_is_graver_the_more_it_opens() -> None:
    egress = {**OFFICE, "IsEgress": True}
    grades = []
    for properties in (WORLD, OFFICE, egress):
        store = resolved([WALL, door(properties)], managed(WALL), [part_of(WALL, door(properties))])
        grades += found(store, "group_rule_outside_code")
    assert [severity for severity, _ in grades] == ["critical", "medium", "low"]
    assert grades[0][1] == (
        "ingress from 0.0.0.0/0 was added by hand to sg-1, which tfstate://a owns:"
        " it lets everyone in on port 22"
    )


def test_group_rule_outside_code_leaves_rules_of_strays_and_of_code_alone() -> None:
    link = [part_of(WALL, door(WORLD))]
    assert found(resolved([WALL, door(WORLD)], [], link), "group_rule_outside_code") == []
    assert (
        found(
            resolved([WALL, door(WORLD)], managed(WALL, door(WORLD)), link),
            "group_rule_outside_code",
        )
        == []
    )


def test_changed_managed_parent_names_the_whole_and_its_owner() -> None:
    function = thing("AWS::Lambda::Function", "fn")
    alias = thing("AWS::Lambda::Alias", "live", parent_arn=function.arn)
    link = [part_of(function, alias)]
    rows = found(resolved([function, alias], managed(function), link), "changed_managed_parent")
    assert rows == [
        ("medium", "live (AWS::Lambda::Alias) was added by hand to fn, which tfstate://a owns")
    ]
    assert found(resolved([function, alias], [], link), "changed_managed_parent") == []
    assert (
        found(resolved([function, alias], managed(function, alias), link), "changed_managed_parent")
        == []
    )


@pytest.mark.parametrize(
    ("kind", "member", "size", "dear"),
    [
        ("AWS::EC2::Instance", "InstanceType", "p4d.24xlarge", True),
        ("AWS::EC2::Instance", "InstanceType", "g5.xlarge", True),
        ("AWS::EC2::Instance", "InstanceType", "trn1.2xlarge", True),
        ("AWS::EC2::Instance", "InstanceType", "u-6tb1.112xlarge", True),
        ("AWS::EC2::Instance", "InstanceType", "c5.metal", True),
        ("AWS::EC2::Instance", "InstanceType", "m5.24xlarge", True),
        ("AWS::SageMaker::NotebookInstance", "InstanceType", "ml.p3.2xlarge", True),
        ("AWS::RDS::DBInstance", "DBInstanceClass", "db.r5.24xlarge", True),
        ("AWS::EC2::Instance", "InstanceType", "t3.micro", False),
        ("AWS::EC2::Instance", "InstanceType", "m5.2xlarge", False),
        ("AWS::EC2::Instance", "InstanceType", "im4gn.large", False),
        ("AWS::RDS::DBInstance", "DBInstanceClass", "db.t3.medium", False),
    ],
)
def test_expensive_compute_by_size(kind: str, member: str, size: str, dear: bool) -> None:
    machine = thing(kind, "m", {member: size})
    assert len(found(resolved([machine]), "expensive_compute")) == dear
    assert found(resolved([machine], managed(machine)), "expensive_compute") == []


def test_expensive_compute_leaves_stopped_machines_alone() -> None:
    machine = thing(
        "AWS::EC2::Instance", "m", {"InstanceType": "p4d.24xlarge", "State": {"Name": "stopped"}}
    )
    assert found(resolved([machine]), "expensive_compute") == []


def test_region_nobody_uses_is_one_finding_per_region() -> None:
    used, far, near = resource("used"), resource("far", region="ap-south-1"), resource("near")
    farther = resource("farther", region="ap-south-1")
    rows = found(resolved([used, far, farther, near], managed(used)), "region_nobody_uses")
    assert rows == [
        ("high", f"2 strays in ap-south-1 of account {ACCOUNT}, where code owns nothing")
    ]


def test_region_nobody_uses_needs_code_that_was_read() -> None:
    used, far = resource("used"), resource("far", region="ap-south-1")
    assert found(resolved([used, far]), "region_nobody_uses") == []
    unread = Source("tfstate://b", "terraform", "denied")
    assert found(resolved([used, far], managed(used), sources=[unread]), "region_nobody_uses") == []


@pytest.mark.parametrize(
    "properties",
    [
        {"DeletionProtection": True},
        {"DeletionProtectionEnabled": True},
        {"DeletionProtection": "ACTIVE"},
        {"deletionProtection": True},
        {"DeregistrationProtection": "enabled-with-cooldown"},
    ],
)
def test_protected_stray_in_each_spelling(properties: dict[str, Any]) -> None:
    item = thing("AWS::RDS::DBInstance", "db", properties)
    assert len(found(resolved([item]), "protected_stray")) == 1
    assert found(resolved([item], managed(item)), "protected_stray") == []


def test_protected_stray_leaves_unprotected_ones_alone() -> None:
    for value in (False, "INACTIVE", None):
        item = thing("AWS::Cognito::UserPool", "p", {"DeletionProtection": value})
        assert found(resolved([item]), "protected_stray") == []


def test_iam_principal_outside_code_is_critical_for_an_administrator() -> None:
    admin = iam(
        "User", "root2", {"AttachedManagedPolicies": [{"PolicyName": "AdministratorAccess"}]}
    )
    rows = found(resolved([iam("User", "eve"), admin]), "iam_principal_outside_code")
    assert [severity for severity, _ in rows] == ["critical", "high"]
    assert found(resolved([admin], managed(admin)), "iam_principal_outside_code") == []


def test_iam_key_outside_code_on_a_user_of_code() -> None:
    user = iam("User", "ci")
    key = iam(
        "AccessKey",
        "AKIA1",
        {"Status": "Active"},
        arn=f"{user.arn}|access-key|AKIA1",
        parent_arn=user.arn,
    )
    off = iam("AccessKey", "AKIA2", {"Status": "Inactive"}, arn=f"{user.arn}|access-key|AKIA2")
    door_ = iam("Ext::IAM::LoginProfile", "ci", arn=f"{user.arn}|login-profile")
    links = [part_of(user, item) for item in (key, off, door_)]
    rows = found(resolved([user, key, off, door_], managed(user), links), "iam_key_outside_code")
    assert rows == [
        ("high", "a console password was added by hand to the user ci"),
        ("high", "access key AKIA1 was added by hand to the user ci"),
    ]
    assert found(resolved([user, key], [], links[:1]), "iam_key_outside_code") == []
    assert found(resolved([user, key], managed(user, key), links[:1]), "iam_key_outside_code") == []


@pytest.mark.parametrize(
    ("document", "severity"),
    [
        ({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "critical"),
        (
            {"Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "*"], "Resource": "*"}]},
            "critical",
        ),
        ({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}, "high"),
        ({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}, "high"),
    ],
)
def test_iam_grant_outside_code_by_what_it_gives(document: dict[str, Any], severity: str) -> None:
    role = iam("Role", "app")
    more = iam("RolePolicy", "extra", {"PolicyDocument": document}, arn=f"{role.arn}|policy|extra")
    links = [part_of(role, more)]
    rows = found(resolved([role, more], managed(role), links), "iam_grant_outside_code")
    assert rows == [(severity, "extra was added by hand to app, which tfstate://a owns")]
    assert found(resolved([role, more], [], links), "iam_grant_outside_code") == []


def test_iam_admin_outside_code_for_roles_and_groups() -> None:
    rights = {
        "AttachedManagedPolicies": [
            {
                "PolicyName": "AdministratorAccess",
                "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
            }
        ]
    }
    role, crowd, plain = (
        iam("Role", "r", rights),
        iam("Group", "g", rights),
        iam("Role", "plain", {"AttachedManagedPolicies": []}),
    )
    rows = found(resolved([role, crowd, plain]), "iam_admin_outside_code")
    assert [severity for severity, _ in rows] == ["critical", "critical"]
    assert found(resolved([role], managed(role)), "iam_admin_outside_code") == []


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        ({"AWS": "*"}, "critical"),
        ({"AWS": "arn:aws:iam::999999999999:root"}, "high"),
        ({"AWS": ["999999999999"]}, "high"),
        ({"AWS": "arn:aws:iam::222222222222:role/ci"}, "medium"),
    ],
)
def test_iam_role_trust_outside_code_by_whom_it_trusts(principal: Any, severity: str) -> None:
    role = iam("Role", "r", trust_of(principal))
    known = resource("known", account_id="222222222222")
    rows = found(resolved([role, known]), "iam_role_trust_outside_code")
    assert [graded for graded, _ in rows] == [severity]
    assert found(resolved([role], managed(role)), "iam_role_trust_outside_code") == []


@pytest.mark.parametrize(
    "principal", [{"Service": "ec2.amazonaws.com"}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}]
)
def test_iam_role_trust_outside_code_leaves_its_own_account_alone(principal: Any) -> None:
    assert (
        found(resolved([iam("Role", "r", trust_of(principal))]), "iam_role_trust_outside_code")
        == []
    )


@pytest.mark.parametrize("kind", ["OIDCProvider", "SAMLProvider"])
def test_iam_federation_outside_code(kind: str) -> None:
    provider = iam(kind, "idp.example.com")
    assert found(resolved([provider]), "iam_federation_outside_code") == [
        ("high", f"idp.example.com (AWS::IAM::{kind}) was made outside code")
    ]
    assert found(resolved([provider], managed(provider)), "iam_federation_outside_code") == []
