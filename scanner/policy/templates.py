"""Policies as JSON, as a CloudFormation template for a StackSet, and as Terraform."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scanner.config import Config
from scanner.errors import UsageError
from scanner.policy import Policy

DEFAULT_ROLE = "StraysAudit"


def as_json(policies: list[Policy], _config: Config) -> str:
    """Return the policies as a list of objects with name, grant and document."""
    rows = [{"name": p.name, "grant": p.grant, "document": p.document} for p in policies]
    return json.dumps(rows, indent=2)


def as_cloudformation(policies: list[Policy], config: Config) -> str:
    """Return a template with a role that a named principal may assume with an external id."""
    documents = {
        f"Policy{at}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "Description": f"Strays, grant {policy.grant}: what it calls and nothing else",
                "PolicyDocument": policy.document,
            },
        }
        for at, policy in enumerate(policies, 1)
    }
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Ref": "RoleName"},
            "MaxSessionDuration": 3600,
            "ManagedPolicyArns": [{"Ref": name} for name in documents],
            "AssumeRolePolicyDocument": _trust({"Ref": "Auditor"}, {"Ref": "ExternalId"}),
        },
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The role that Strays assumes to list this account's resources",
        "Parameters": _parameters(config),
        "Resources": {**documents, "Role": role},
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return json.dumps(template, indent=1)


def _parameters(config: Config) -> dict[str, Any]:
    external_id = {"Default": config.scan.external_id} if config.scan.external_id else {}
    return {
        "Auditor": {"Type": "String", "Description": "ARN of the role or user that runs Strays"},
        "ExternalId": {
            "Type": "String", "MinLength": 2, **external_id,
            "Description": "What Strays says with --external-id",
        },
        "RoleName": {"Type": "String", "Default": config.scan.role_name or DEFAULT_ROLE},
    }  # fmt: skip


def _trust(principal: Any, external_id: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
            }
        ],
    }


def as_terraform(policies: list[Policy], config: Config) -> str:
    """Return a module: variables, the policies, and the role that has them."""
    default = json.dumps(config.scan.external_id) if config.scan.external_id else None
    blocks = [
        _variable("auditor_arn", "ARN of the role or user that runs Strays", None),
        _variable("external_id", "What Strays says with --external-id", default),
        _variable("role_name", "Name of the role", f'"{config.scan.role_name or DEFAULT_ROLE}"'),
        *(_terraform_policy(policy) for policy in policies),
        _terraform_role(),
        *(_attachment(policy) for policy in policies),
    ]
    return "\n".join(blocks).rstrip("\n")


def _variable(name: str, description: str, default: str | None) -> str:
    told = f"  default     = {default}\n" if default else ""
    head = f'variable "{name}" {{\n  type        = string\n'
    return f'{head}  description = "{description}"\n{told}}}\n'


def _terraform_policy(policy: Policy) -> str:
    text = _indented(policy.document)
    return (
        f'resource "aws_iam_policy" "{_label(policy)}" {{\n'
        f'  name = "{policy.name}"\n'
        f"  policy = jsonencode({text})\n}}\n"
    )


def _terraform_role() -> str:
    marks = {"AUDITOR": "var.auditor_arn", "EXTERNAL": "var.external_id"}
    trust = _indented(_trust("AUDITOR", "EXTERNAL"))
    for mark, variable in marks.items():
        trust = trust.replace(f'"{mark}"', variable)
    return (
        'resource "aws_iam_role" "strays" {\n  name = var.role_name\n'
        f"  assume_role_policy = jsonencode({trust})\n}}\n"
    )


def _attachment(policy: Policy) -> str:
    label = _label(policy)
    return (
        f'resource "aws_iam_role_policy_attachment" "{label}" {{\n'
        "  role       = aws_iam_role.strays.name\n"
        f"  policy_arn = aws_iam_policy.{label}.arn\n}}\n"
    )


def _label(policy: Policy) -> str:
    return policy.name.replace("-", "_")


def _indented(document: dict[str, Any]) -> str:
    """Return JSON that is HCL as well: it takes a colon for an equals sign, and `$${` for `${`."""
    text = json.dumps(document, indent=2, separators=(",", " : "))
    text = text.replace("${", "$${").replace("%{", "%%{")
    return text.replace("\n", "\n  ")


FORMATS: dict[str, Callable[[list[Policy], Config], str]] = {
    "json": as_json,
    "cloudformation": as_cloudformation,
    "terraform": as_terraform,
}


def written(policies: list[Policy], config: Config, format_: str) -> str:
    """Return policies in a format; raises `UsageError` for an unknown one."""
    if format_ not in FORMATS:
        raise UsageError(f"--format {format_!r} is none of {', '.join(FORMATS)}")
    return FORMATS[format_](policies, config)
