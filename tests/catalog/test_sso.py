"""Identity Center, verified on the emulator, which lacks its tags: their cells are `failed`."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from tests.catalog.places import tags
from tests.catalog.reading import links, owned, row, rows
from tests.catalog.replay import Answers, replay
from tests.world import World

INSTANCE = {
    "InstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
    "OwnerAccountId": "111122223333",
    "IdentityStoreId": "d-1234567890",
}


def permission_set(world: World) -> tuple[str, str]:
    """Make a permission set; returns its instance's ARN and its own."""
    client = world.client("sso-admin")
    instance = client.list_instances()["Instances"][0]["InstanceArn"]
    made = client.create_permission_set(
        Name="Admins", InstanceArn=instance, Description="all", Tags=tags(team="x")
    )
    return instance, made["PermissionSet"]["PermissionSetArn"]


def test_permission_set(world: World) -> None:
    instance, arn = permission_set(world)
    found = row(world.collect("AWS::SSO::PermissionSet"), "AWS::SSO::PermissionSet", arn)
    assert found["keys"] == [arn, f"{arn},{instance}", f"{instance}|{arn}"]
    assert found["terraform_id"] == f"{arn},{instance}"
    assert (found["name"], found["created_at"] is not None) == ("Admins", True)


def test_the_organizations_instance_is_nobodys_stray(world: World) -> None:
    (found,) = rows(world.collect("AWS::SSO::Instance"), "AWS::SSO::Instance")
    assert found["default_rule"] == "I41"


def test_assignment_to_an_account(world: World) -> None:
    instance, arn = permission_set(world)
    client = world.client("sso-admin")
    client.create_account_assignment(
        InstanceArn=instance, TargetId=world.account_id, TargetType="AWS_ACCOUNT",
        PermissionSetArn=arn, PrincipalType="GROUP", PrincipalId="b-1",
    )  # fmt: skip
    client.provision_permission_set(
        InstanceArn=instance, PermissionSetArn=arn, TargetType="ALL_PROVISIONED_ACCOUNTS"
    )
    store = world.collect("AWS::SSO::*", "Ext::SSO::*")
    known = f"b-1,GROUP,{world.account_id},AWS_ACCOUNT,{arn},{instance}"
    found = row(store, "AWS::SSO::Assignment", known)
    assert found["terraform_id"] == known
    assert links(store, found["arn"]) == {
        ("contains", "AWS::SSO::PermissionSet", arn),
        ("grants", "AWS::Organizations::Account", world.account_id),
    }
    (provisioned,) = rows(store, "Ext::SSO::ProvisionedPermissionSet")
    assert owned(store, provisioned["arn"]) == {("I20", "self", "AWS::SSO::PermissionSet", arn)}


def listed(**answers: Any) -> list[dict[str, Any]]:
    found: Answers = {"ListInstances": {"Instances": [INSTANCE]}, **answers}
    return replay("AWS::SSO::PermissionSet", "111122223333", "us-east-1", found).rows


def test_instance_without_permission_sets_has_none() -> None:
    """The message is that of an account instance, as Terraform's provider looks for it."""
    message = "The operation is not supported for this Identity Center instance"
    error = {"Error": {"Code": "ValidationException", "Message": message}}
    assert listed(ListPermissionSets=ClientError(error, "ListPermissionSets")) == []


def test_instance_of_another_account_is_not_asked() -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListPermissionSets")
    theirs = {"Instances": [{**INSTANCE, "OwnerAccountId": "999999999999"}]}
    assert listed(ListInstances=theirs, ListPermissionSets=denied) == []
