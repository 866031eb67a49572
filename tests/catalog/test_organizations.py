"""Organizations and Identity Center, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.catalog.look import look
from tests.catalog.places import tags
from tests.catalog.replay import replay
from tests.world import World

ORGANIZATION = {
    "Id": "o-exampleorgid",
    "Arn": "arn:aws:organizations::111122223333:organization/o-exampleorgid",
    "MasterAccountId": "111122223333",
}


@pytest.fixture
def organization(world: World) -> dict[str, Any]:
    """An organization whose management account is the world's."""
    made: dict[str, Any] = world.client("organizations").create_organization(FeatureSet="ALL")
    return made["Organization"]  # type: ignore[no-any-return]


def test_organization_and_its_root(world: World, organization: dict[str, Any]) -> None:
    row = look(world, "AWS::Organizations::Organization").row
    assert row["keys"] == [organization["Arn"], organization["Id"]]
    assert row["region"] == "global"
    root = look(world, "Ext::Organizations::Root").row
    assert (root["name"], root["default_rule"]) == ("Root", "I16")


@pytest.mark.usefixtures("organization")
def test_units_of_every_level(world: World) -> None:
    client = world.client("organizations")
    at = client.list_roots()["Roots"][0]["Id"]
    made = []
    for name in ("one", "two", "three"):
        at = client.create_organizational_unit(ParentId=at, Name=name)["OrganizationalUnit"]["Id"]
        made.append(at)
    client.tag_resource(ResourceId=made[0], Tags=tags(team="shop"))
    found = look(world, "AWS::Organizations::OrganizationalUnit")
    assert {row["resource_id"] for row in found.rows} == set(made)
    assert found.named("one")["tags"] == {"team": "shop"}
    contained = {(kind, key) for kind, _, key, owns in found.links if owns == "self"}
    assert contained == {("contains", found.named(name)["arn"]) for name in ("one", "two")}


@pytest.mark.usefixtures("organization")
def test_accounts(world: World) -> None:
    client = world.client("organizations")
    member = client.create_account(AccountName="dev", Email="d@example.com", Tags=tags(team="x"))
    found = look(world, "AWS::Organizations::Account")
    row = found.named("dev")
    assert row["resource_id"] == member["CreateAccountStatus"]["AccountId"]
    assert (row["tags"], row["default_rule"]) == ({"team": "x"}, None)
    assert row["created_at"] is not None
    (management,) = (row for row in found.rows if row["resource_id"] == world.account_id)
    assert management["default_rule"] == "I16"


@pytest.mark.usefixtures("organization")
def test_account_that_administers_a_service(world: World) -> None:
    client = world.client("organizations")
    account = client.create_account(AccountName="security", Email="s@example.com")
    account_id = account["CreateAccountStatus"]["AccountId"]
    service = "ssm.amazonaws.com"
    client.register_delegated_administrator(AccountId=account_id, ServicePrincipal=service)
    found = look(world, "Ext::Organizations::DelegatedAdministrator")
    assert found.row["resource_id"] == f"{account_id}/{service}"
    assert [kind for kind, *_ in found.links] == ["grants"]


@pytest.mark.usefixtures("organization")
def test_policies_of_every_kind_that_there_is(world: World) -> None:
    """The emulator lacks the younger kinds and says so, as a partition that lacks them does."""
    client = world.client("organizations")
    made = [
        client.create_policy(Name=kind, Type=kind, Description="x", Content="{}")["Policy"]
        for kind in ("SERVICE_CONTROL_POLICY", "TAG_POLICY")
    ]
    rows = look(world, "AWS::Organizations::Policy").rows
    own = {row["resource_id"] for row in rows if row["default_rule"] is None}
    assert own == {policy["PolicySummary"]["Id"] for policy in made}


def test_policies_but_aws_own() -> None:
    """botocore's own example of organizations.ListPolicies."""
    arn = "arn:aws:organizations::111111111111:policy/service_control_policy/p-examplepolicyid111"
    own = {
        "Arn": arn,
        "AwsManaged": False,
        "Description": "Enables account admins to delegate permissions for any EC2 actions",
        "Id": "p-examplepolicyid111",
        "Name": "AllowAllEC2Actions",
        "Type": "SERVICE_CONTROL_POLICY",
    }
    aws_own = {
        "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        "AwsManaged": True,
        "Description": "Allows access to every operation",
        "Id": "p-FullAWSAccess",
        "Name": "FullAWSAccess",
        "Type": "SERVICE_CONTROL_POLICY",
    }
    seen = replay(
        "AWS::Organizations::Policy", "111122223333", "us-east-1",
        {
            "DescribeOrganization": {"Organization": ORGANIZATION},
            "ListPolicies": {"Policies": [own, aws_own]},
            "ListTagsForResource": {"Tags": tags(team="x")},
        },
    )  # fmt: skip
    assert seen.rows[0]["keys"] == [arn, "p-examplepolicyid111"]
    assert seen.rows[0]["tags"] == {"team": "x"}
    assert {row["name"]: row["default_rule"] for row in seen.rows} == {
        "AllowAllEC2Actions": None, "FullAWSAccess": "I15",
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        {"Organization": {**ORGANIZATION, "MasterAccountId": "999999999999"}},
        ClientError({"Error": {"Code": "AWSOrganizationsNotInUseException"}}, "x"),
    ],
)
def test_a_member_and_an_account_of_its_own_are_asked_no_further(answer: Any) -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListAccounts")
    answers = {"DescribeOrganization": answer, "ListAccounts": denied}
    assert replay("AWS::Organizations::Account", "111122223333", "us-east-1", answers).rows == []
