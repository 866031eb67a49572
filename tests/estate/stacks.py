"""CloudFormation stacks made with boto3: one with a nested stack in both accounts."""

import json
from typing import Any

from .clients import HOME, PRODUCTION, SECURITY, STAGING, STATE_BUCKET, Clients
from .expectation import Expectation


def bootstrap(clients: Clients) -> list[Expectation]:
    """The stack of the security account that holds the bucket of the states."""
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": STATE_BUCKET}}
    body = json.dumps({"Resources": {"States": bucket}})
    clients(SECURITY, "cloudformation").create_stack(StackName="bootstrap", TemplateBody=body)
    return stack_members(clients, SECURITY, "bootstrap")


def make_all(clients: Clients) -> list[Expectation]:
    """Stack billing and the stack nested in it, in both accounts; then one deleted stack."""
    made = []
    for account in (PRODUCTION, STAGING):
        bucket = f"billing-templates-{account}"
        s3 = clients(account, "s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="nested.json", Body=json.dumps(nested()).encode())
        made.append(
            Expectation("AWS::S3::Bucket", account, HOME, bucket, "unmanaged",
                        "a template bucket by hand", arn=f"arn:aws:s3:::{bucket}")
        )  # fmt: skip
        body = json.dumps(template(account, f"https://s3.amazonaws.com/{bucket}/nested.json"))
        stacks = clients(account, "cloudformation")
        stacks.create_stack(
            StackName="billing", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        made += stack_members(clients, account, "billing")
        made += stack_members(clients, account, "legacy-jobs")  # made by Terraform
    return [*made, retained(clients)]


def retained(clients: Clients) -> Expectation:
    """A group that outlives its deleted stack: its tags name a past owner."""
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "DeletionPolicy": "Retain",
        "Properties": {"GroupDescription": "kept"},
    }
    body = json.dumps({"Resources": {**nested()["Resources"], "Kept": group}})
    stacks = clients(STAGING, "cloudformation")
    stacks.create_stack(StackName="gone", TemplateBody=body)
    rows = stacks.describe_stack_resources(StackName="gone")["StackResources"]
    kept = next(row for row in rows if row["LogicalResourceId"] == "Kept")["PhysicalResourceId"]
    stacks.delete_stack(StackName="gone")
    return Expectation(
        "AWS::EC2::SecurityGroup", STAGING, HOME, kept, "unmanaged",
        "retained by a deleted stack that its tags still name: X5",
        arn=f"arn:aws:ec2:{HOME}:{STAGING}:security-group/{kept}",
    )  # fmt: skip


def nested() -> dict[str, Any]:
    return {
        "Resources": {
            "Events": {"Type": "AWS::SNS::Topic"},
            "Retries": {"Type": "AWS::SQS::Queue"},
        }
    }


def template(account: str, nested_url: str) -> dict[str, Any]:
    read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"},
    }
    ingress = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
    inline = {"PolicyName": "read", "PolicyDocument": statements(read)}
    members = {
        "Queue": ("AWS::SQS::Queue", {"QueueName": "billing"}),
        "Topic": ("AWS::SNS::Topic", {"TopicName": "billing"}),
        "Bucket": ("AWS::S3::Bucket", {"BucketName": f"billing-{account}"}),
        "Role": (
            "AWS::IAM::Role",
            {
                "RoleName": "billing",
                "AssumeRolePolicyDocument": statements(trust),
                "Policies": [inline],
            },
        ),
        "Group": (
            "AWS::EC2::SecurityGroup",
            {"GroupDescription": "billing", "SecurityGroupIngress": [ingress]},
        ),
        "Nested": ("AWS::CloudFormation::Stack", {"TemplateURL": nested_url}),
    }
    return {
        "Resources": {
            name: {"Type": kind, "Properties": properties}
            for name, (kind, properties) in members.items()
        }
    }


def statements(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(rows)}


def stack_members(clients: Clients, account: str, name: str) -> list[Expectation]:
    """What a stack and the stacks nested in it list, each managed under its logical id."""
    stacks = clients(account, "cloudformation")
    stack = stack_id(clients, account, name)
    found = []
    for row in stacks.list_stack_resources(StackName=name)["StackResourceSummaries"]:
        kind, physical = row["ResourceType"], row["PhysicalResourceId"]
        nested = kind == "AWS::CloudFormation::Stack"
        # moto gives the nested stack's name where AWS gives its ARN.
        arn = (
            stack_id(clients, account, physical) if nested else member_arn(kind, physical, account)
        )
        found.append(
            Expectation(
                kind, account, "global" if "::IAM::" in kind else HOME, physical, "managed",
                f"a member of stack {name}", arn=arn,
                owner_address=row["LogicalResourceId"], source=stack,
            )
        )  # fmt: skip
        if nested:
            found += stack_members(clients, account, physical)
    return found + inline_children(clients, found, stack)


def stack_id(clients: Clients, account: str, name: str) -> str:
    stacks = clients(account, "cloudformation").describe_stacks(StackName=name)["Stacks"]
    return str(stacks[0]["StackId"])


def inline_children(clients: Clients, members: list[Expectation], stack: str) -> list[Expectation]:
    """Policies and rules written inside a member; only the template lists them."""
    why = "written inline in the template (managed where templates are read, else derived)"
    found = []
    for one in members:
        if one.resource_type == "AWS::IAM::Role":
            found.append(
                Expectation("AWS::IAM::RolePolicy", one.account_id, "global",
                            f"{one.resource_id}:read", "managed", why, source=stack, also="derived")
            )  # fmt: skip
        if one.resource_type == "AWS::EC2::SecurityGroup":
            rules = clients(one.account_id, "ec2").describe_security_group_rules(
                Filters=[{"Name": "group-id", "Values": [one.resource_id]}]
            )["SecurityGroupRules"]
            found += [
                Expectation(
                    "Ext::EC2::SecurityGroupRule", one.account_id, HOME,
                    rule["SecurityGroupRuleId"], "managed", why, also="derived", source=stack,
                    arn=f"arn:aws:ec2:{HOME}:{one.account_id}:security-group-rule/"
                    f"{rule['SecurityGroupRuleId']}",
                )
                for rule in rules
                if not rule["IsEgress"]
            ]  # fmt: skip
    return found


def member_arn(kind: str, physical: str, account: str) -> str:
    """The ARN behind a physical id (`Ref`), which is an ARN, a URL, a name or an id."""
    if physical.startswith("arn:"):
        return physical
    name = physical.rpartition("/")[2]
    return {
        "AWS::SQS::Queue": f"arn:aws:sqs:{HOME}:{account}:{name}",
        "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
        "AWS::IAM::Role": f"arn:aws:iam::{account}:role/{name}",
        "AWS::EC2::SecurityGroup": f"arn:aws:ec2:{HOME}:{account}:security-group/{name}",
    }[kind]
