"""IAM principals, their policies and providers, verified on the emulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.catalog.look import look
from tests.world import World

TAGS = [{"Key": "team", "Value": "core"}]


def statement(**parts: Any) -> str:
    """A policy document of one statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]})


READ = statement(Action="s3:GetObject", Resource="*")
TRUST = statement(Action="sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})


@pytest.fixture
def policy(world: World) -> str:
    """The ARN of a managed policy of the account."""
    made = world.client("iam").create_policy(PolicyName="read", PolicyDocument=READ, Tags=TAGS)
    return str(made["Policy"]["Arn"])


def test_role_is_listed_with_its_path_and_tags(world: World) -> None:
    world.client("iam").create_role(
        RoleName="deploy", Path="/ci/", AssumeRolePolicyDocument=TRUST, Tags=TAGS
    )
    row = look(world, "AWS::IAM::Role").row
    arn = f"arn:aws:iam::{world.account_id}:role/ci/deploy"
    assert (row["arn"], row["resource_id"], row["name"]) == (arn, "deploy", "deploy")
    assert row["keys"] == [arn, "deploy"]
    assert row["tags"] == {"team": "core"}
    assert row["region"] == "global"
    assert row["created_at"] is not None
    assert row["default_rule"] is None


def test_role_names_whom_it_trusts_and_what_bounds_it(world: World, policy: str) -> None:
    provider = f"arn:aws:iam::{world.account_id}:oidc-provider/ci.example.com"
    trust = statement(Action="sts:AssumeRoleWithWebIdentity", Principal={"Federated": provider})
    world.client("iam").create_role(
        RoleName="ci", AssumeRolePolicyDocument=trust, PermissionsBoundary=policy
    )
    assert look(world, "AWS::IAM::Role").links == {
        ("bounded_by", "AWS::IAM::ManagedPolicy", policy, None),
        ("trusts", "AWS::IAM::OIDCProvider", provider, None),
    }


def test_service_linked_role_is_default_and_so_is_what_it_owns(world: World, policy: str) -> None:
    iam = world.client("iam")
    name = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]
    iam.attach_role_policy(RoleName=name["RoleName"], PolicyArn=policy)
    role = look(world, "AWS::IAM::Role").row
    assert role["default_rule"] == "I1"
    owned = ("owns", "AWS::IAM::Role", role["arn"], "self")
    assert owned in look(world, "Ext::IAM::RolePolicyAttachment").links


def test_role_that_a_console_wizard_made_is_not_default(world: World) -> None:
    world.client("iam").create_role(
        RoleName="wizard", Path="/service-role/", AssumeRolePolicyDocument=TRUST
    )
    role = look(world, "AWS::IAM::Role").row
    assert role["default_rule"] is None


def test_identity_center_role_is_default_and_owns_the_provider_it_trusts(world: World) -> None:
    provider = f"arn:aws:iam::{world.account_id}:saml-provider/AWSSSO_1_DO_NOT_DELETE"
    world.client("iam").create_role(
        RoleName="AWSReservedSSO_Admin_0123456789abcdef",
        Path="/aws-reserved/sso.amazonaws.com/",
        AssumeRolePolicyDocument=statement(
            Action="sts:AssumeRoleWithSAML", Principal={"Federated": provider}
        ),
    )
    role = look(world, "AWS::IAM::Role").row
    assert role["default_rule"] == "I2"
    assert ("owns", "AWS::IAM::SAMLProvider", provider, "target") in look(
        world, "AWS::IAM::Role"
    ).links


def test_user_is_a_member_of_its_groups(world: World) -> None:
    iam = world.client("iam")
    iam.create_group(GroupName="ops")
    iam.create_user(UserName="robot", Tags=TAGS)
    iam.add_user_to_group(GroupName="ops", UserName="robot")
    row = look(world, "AWS::IAM::User").row
    arn = f"arn:aws:iam::{world.account_id}:user/robot"
    assert (row["arn"], row["keys"], row["tags"]) == (arn, [arn, "robot"], {"team": "core"})
    assert look(world, "AWS::IAM::User").links == {("member_of", "AWS::IAM::Group", "ops", None)}
    group = look(world, "AWS::IAM::Group").row
    assert group["keys"] == [f"arn:aws:iam::{world.account_id}:group/ops", "ops"]


def test_managed_policy_has_its_tags_and_the_version_in_force_only(
    world: World, policy: str
) -> None:
    write = statement(Action="s3:PutObject", Resource="*")
    world.client("iam").create_policy_version(
        PolicyArn=policy, PolicyDocument=write, SetAsDefault=True
    )
    row = look(world, "AWS::IAM::ManagedPolicy").row
    assert (row["arn"], row["resource_id"], row["name"]) == (policy, policy, "read")
    assert row["tags"] == {"team": "core"}
    (version,) = row["properties"]["PolicyVersionList"]
    assert version["VersionId"] == "v2"


def test_instance_profile_uses_its_role(world: World) -> None:
    iam = world.client("iam")
    role = iam.create_role(RoleName="web", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="web", Tags=TAGS)
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    row = look(world, "AWS::IAM::InstanceProfile").row
    assert row["keys"] == [f"arn:aws:iam::{world.account_id}:instance-profile/web", "web"]
    assert row["tags"] == {"team": "core"}
    assert look(world, "AWS::IAM::InstanceProfile").links == {
        ("uses", "AWS::IAM::Role", role, None)
    }


@pytest.mark.parametrize("kind", ["role", "user", "group"])
def test_inline_policy_is_named_by_principal_and_name(world: World, kind: str) -> None:
    arn = principal(world, kind)
    put = getattr(world.client("iam"), f"put_{kind}_policy")
    put(**{f"{kind.title()}Name": "main"}, PolicyName="inline", PolicyDocument=READ)
    row = look(world, f"AWS::IAM::{kind.title()}Policy").row
    assert row["arn"] == f"{arn}|policy|inline"
    assert row["keys"] == [f"{arn}|policy|inline", "main:inline", "inline|main"]
    assert row["parent_arn"] == arn
    assert row["properties"]["PolicyDocument"] == json.loads(READ)


@pytest.mark.parametrize("kind", ["role", "user", "group"])
def test_attachment_is_named_by_principal_and_policy(world: World, kind: str, policy: str) -> None:
    arn = principal(world, kind)
    attach = getattr(world.client("iam"), f"attach_{kind}_policy")
    attach(**{f"{kind.title()}Name": "main"}, PolicyArn=policy)
    resource_type = f"Ext::IAM::{kind.title()}PolicyAttachment"
    row = look(world, resource_type).row
    assert row["arn"] == f"{arn}|attachment|{policy}"
    assert row["terraform_id"] == f"main/{policy}"
    assert f"main|{policy}" in row["keys"]
    assert look(world, resource_type).links == {
        ("contains", f"AWS::IAM::{kind.title()}", arn, "self"),
        ("attaches", "AWS::IAM::ManagedPolicy", policy, None),
    }


def principal(world: World, kind: str) -> str:
    """The ARN of a new role, user or group called main, under a path."""
    make = getattr(world.client("iam"), f"create_{kind}")
    more = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
    made = make(**{f"{kind.title()}Name": "main"}, Path="/team/", **more)
    return str(made[kind.title()]["Arn"])


def test_keys_and_password_hang_on_their_user(world: World) -> None:
    iam = world.client("iam")
    iam.create_user(UserName="robot")
    iam.create_user(UserName="plain")
    key = iam.create_access_key(UserName="robot")["AccessKey"]
    iam.create_login_profile(UserName="robot", Password="Planted-Secret-1")
    user = f"arn:aws:iam::{world.account_id}:user/robot"
    row = look(world, "AWS::IAM::AccessKey").row
    assert row["keys"] == [f"{user}|access-key|{key['AccessKeyId']}", key["AccessKeyId"]]
    assert row["created_at"] is not None
    assert key["SecretAccessKey"] not in str(row["properties"])
    login = look(world, "Ext::IAM::LoginProfile").row
    assert login["keys"] == [f"{user}|login-profile", "robot"]
    assert look(world, "Ext::IAM::LoginProfile").links == {
        ("contains", "AWS::IAM::User", user, "self")
    }


def test_oidc_provider_is_listed_with_its_url_and_tags(world: World) -> None:
    made = world.client("iam").create_open_id_connect_provider(
        Url="https://ci.example.com/x", ThumbprintList=["a" * 40], Tags=TAGS
    )
    row = look(world, "AWS::IAM::OIDCProvider").row
    assert (row["arn"], row["name"]) == (made["OpenIDConnectProviderArn"], "ci.example.com/x")
    assert row["tags"] == {"team": "core"}
    assert row["created_at"] is not None


def test_saml_provider_is_listed_without_its_metadata(world: World) -> None:
    made = world.client("iam").create_saml_provider(
        Name="okta", SAMLMetadataDocument="planted" * 200
    )
    row = look(world, "AWS::IAM::SAMLProvider").row
    assert (row["arn"], row["name"]) == (made["SAMLProviderArn"], "okta")
    assert "planted" not in str(row["properties"])


def test_server_certificate_is_found_by_its_name(world: World) -> None:
    world.client("iam").upload_server_certificate(
        ServerCertificateName="old", CertificateBody="body", PrivateKey="key", Path="/cloudfront/"
    )
    row = look(world, "AWS::IAM::ServerCertificate").row
    assert row["arn"] == f"arn:aws:iam::{world.account_id}:server-certificate/cloudfront/old"
    assert {"old", row["terraform_id"]} <= set(row["keys"])
    assert row["terraform_id"].startswith("ASCA")


def test_mfa_device_is_listed_without_its_seed(world: World) -> None:
    iam = world.client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    iam.create_virtual_mfa_device(VirtualMFADeviceName="root-account-mfa-device")
    phone, root = look(world, "AWS::IAM::VirtualMFADevice").rows
    assert (phone["arn"], phone["name"]) == (made["SerialNumber"], "phone")
    assert phone["properties"] == {"SerialNumber": made["SerialNumber"]}
    assert (phone["default_rule"], root["default_rule"]) == (None, "I13")


def test_mfa_device_in_use_is_owned_by_its_user(world: World) -> None:
    iam = world.client("iam")
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    iam.enable_mfa_device(
        UserName="ann",
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    assert ("owns", "AWS::IAM::User", user, "self") in look(
        world, "AWS::IAM::VirtualMFADevice"
    ).links


def test_ssh_key_hangs_on_its_user(world: World) -> None:
    iam = world.client("iam")
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    made = iam.upload_ssh_public_key(UserName="ann", SSHPublicKeyBody="ssh-rsa AAAA")
    known = made["SSHPublicKey"]["SSHPublicKeyId"]
    seen = look(world, "Ext::IAM::SSHPublicKey")
    assert seen.row["keys"] == [f"{user}|ssh-public-key|{known}", known]
    assert seen.row["created_at"] is not None
    assert seen.links == {("contains", "AWS::IAM::User", user, "self")}
