"""Identity: IAM roles, users and policies, KMS keys, secrets and parameters."""

import json
from typing import Any

from scanner.demo.world import Attributes, Site

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SECURITY_AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"


def policy_text(action: str, resource: str = "*") -> str:
    """A policy document with one statement."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(site: Site, name: str, principal: str, path: str = "/") -> Attributes:
    """A role that `principal` (a service, or an account's ARN) may assume."""
    kind = "AWS" if principal.startswith("arn:") else "Service"
    statement = {"Effect": "Allow", "Principal": {kind: principal}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = site.client("iam").create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    return {
        "arn": made["Role"]["Arn"],
        "id": name,
        "name": name,
        "path": path,
        "unique_id": made["Role"]["RoleId"],
        "assume_role_policy": trust,
        "create_date": _day(made["Role"]["CreateDate"]),
        "max_session_duration": 3600,
    }


def role_policy(site: Site, role_name: str, name: str, document: str) -> Attributes:
    """An inline policy of a role."""
    site.client("iam").put_role_policy(RoleName=role_name, PolicyName=name, PolicyDocument=document)
    return {"id": f"{role_name}:{name}", "name": name, "role": role_name, "policy": document}


def role_attachment(site: Site, role_name: str, policy_arn: str) -> Attributes:
    """A managed policy's attachment to a role, with the id of the 5.x provider."""
    site.client("iam").attach_role_policy(RoleName=role_name, PolicyArn=policy_arn)
    return {
        "id": f"{role_name}-20260114093012345600000001",
        "role": role_name,
        "policy_arn": policy_arn,
    }


def policy(site: Site, name: str, document: str) -> Attributes:
    """A customer-managed policy."""
    made = site.client("iam").create_policy(PolicyName=name, PolicyDocument=document)["Policy"]
    return {
        "arn": made["Arn"],
        "id": made["Arn"],
        "name": name,
        "path": "/",
        "policy": document,
        "policy_id": made["PolicyId"],
    }


def instance_profile(site: Site, name: str, role_name: str) -> Attributes:
    """An instance profile that holds a role."""
    iam = site.client("iam")
    made = iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role_name)
    return {
        "arn": made["Arn"],
        "id": name,
        "name": name,
        "path": "/",
        "role": role_name,
        "unique_id": made["InstanceProfileId"],
        "create_date": _day(made["CreateDate"]),
    }


def user(site: Site, name: str) -> Attributes:
    """An IAM user without any rights."""
    made = site.client("iam").create_user(UserName=name)["User"]
    return {
        "arn": made["Arn"],
        "id": name,
        "name": name,
        "path": "/",
        "unique_id": made["UserId"],
    }


def kms_key(site: Site, description: str) -> Attributes:
    """A symmetric customer key."""
    kms = site.client("kms")
    made = kms.create_key(Description=description)["KeyMetadata"]
    return {
        "arn": made["Arn"],
        "id": made["KeyId"],
        "key_id": made["KeyId"],
        "description": description,
        "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "key_usage": "ENCRYPT_DECRYPT",
        "policy": kms.get_key_policy(KeyId=made["KeyId"], PolicyName="default")["Policy"],
    }


def kms_alias(site: Site, name: str, key: Attributes) -> Attributes:
    """A name (`alias/...`) for a key."""
    site.client("kms").create_alias(AliasName=name, TargetKeyId=key["id"])
    return {
        "arn": site.arn("kms", name),
        "id": name,
        "name": name,
        "target_key_arn": key["arn"],
        "target_key_id": key["id"],
    }


def secret(site: Site, name: str, value: str) -> tuple[Attributes, Attributes]:
    """A secret, and its first version."""
    made = site.client("secretsmanager").create_secret(Name=name, SecretString=value)
    attributes = {
        "arn": made["ARN"],
        "id": made["ARN"],
        "name": name,
        "recovery_window_in_days": 30,
    }
    version = {
        "arn": made["ARN"],
        "id": f"{made['ARN']}|{made['VersionId']}",
        "secret_id": made["ARN"],
        "secret_string": value,
        "version_id": made["VersionId"],
        "version_stages": ["AWSCURRENT"],
    }
    return attributes, version


def parameter(site: Site, name: str, value: str, kind: str = "String") -> Attributes:
    """A Systems Manager parameter; its name starts with a slash."""
    site.client("ssm").put_parameter(Name=name, Value=value, Type=kind)
    return {
        "arn": site.arn("ssm", f"parameter{name}"),
        "id": name,
        "name": name,
        "type": kind,
        "value": value,
        "data_type": "text",
        "tier": "Standard",
        "version": 1,
    }


def _day(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
