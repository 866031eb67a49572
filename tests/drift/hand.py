"""What somebody changed by hand in the estate: one attribute of each of many managed types."""

from __future__ import annotations

import json
from typing import Any

from tests.estate.clients import PRODUCTION, Clients

OPEN = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
CHANGED = {
    "aws_autoscaling_group": "max_size",
    "aws_cloudwatch_log_group": "retention_in_days",
    "aws_cloudwatch_metric_alarm": "threshold",
    "aws_db_instance": "publicly_accessible",
    "aws_dynamodb_table": "deletion_protection_enabled",
    "aws_iam_group_policy": "policy",
    "aws_iam_role": "max_session_duration",
    "aws_iam_user": "tags",
    "aws_iam_user_policy": "policy",
    "aws_instance": "source_dest_check",
    "aws_kms_key": "description",
    "aws_lambda_function": "memory_size",
    "aws_lb": "security_groups",
    "aws_s3_bucket_versioning": "versioning_configuration",
    "aws_secretsmanager_secret": "description",
    "aws_sns_topic": "display_name",
    "aws_sqs_queue": "visibility_timeout_seconds",
    "aws_subnet": "map_public_ip_on_launch",
    "aws_vpc": "tags",
    "aws_vpc_security_group_ingress_rule": "description",
}
"""Terraform type -> the attribute that is changed."""


SCANNED = ("aws_s3_bucket", *(kind for kind in CHANGED if kind != "aws_s3_bucket_versioning"))
"""What a scan must list to judge these: a bucket's versioning hangs on the bucket."""


def _is_own(answer: dict[str, Any]) -> bool:
    return bool(answer["KeyMetadata"]["KeyManager"] == "CUSTOMER")


def change_by_hand(endpoint: str) -> None:
    """Change one thing of each type in production."""
    clients = Clients(endpoint)

    def call(service: str, operation: str, **params: Any) -> Any:
        return getattr(clients(PRODUCTION, service), operation)(**params)

    ec2 = call("ec2", "describe_vpcs", Filters=[{"Name": "tag:Name", "Values": ["main"]}])["Vpcs"]
    vpc = ec2[0]["VpcId"]
    near = {"Filters": [{"Name": "vpc-id", "Values": [vpc]}]}
    subnet = next(
        one["SubnetId"] for one in call("ec2", "describe_subnets", **near)["Subnets"]
        if {"Key": "Name", "Value": "main-a"} in one.get("Tags", [])
    )  # fmt: skip
    group = next(
        one["GroupId"] for one in call("ec2", "describe_security_groups", **near)["SecurityGroups"]
        if one["GroupName"] == "legacy"
    )  # fmt: skip
    machine = next(
        one["InstanceId"]
        for found in call("ec2", "describe_instances")["Reservations"]
        for one in found["Instances"]
        if {"Key": "Name", "Value": "web"} in one.get("Tags", [])
        and not any(tag["Key"].startswith("aws:") for tag in one["Tags"])
    )
    [balancer] = call("elbv2", "describe_load_balancers", Names=["web"])["LoadBalancers"]
    key = next(
        one["KeyId"] for one in call("kms", "list_keys")["Keys"]
        if _is_own(call("kms", "describe_key", KeyId=one["KeyId"]))
    )  # fmt: skip
    call("ec2", "create_tags", Resources=[vpc], Tags=[{"Key": "Owner", "Value": "nobody"}])
    call("ec2", "modify_subnet_attribute", SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    call("ec2", "modify_instance_attribute", InstanceId=machine, SourceDestCheck={"Value": False})
    call(
        "elbv2",
        "set_security_groups",
        LoadBalancerArn=balancer["LoadBalancerArn"],
        SecurityGroups=[group],
    )
    call("kms", "update_key_description", KeyId=key, Description="by hand")
    call("lambda", "update_function_configuration", FunctionName="api", MemorySize=1024)
    call("dynamodb", "update_table", TableName="carts", DeletionProtectionEnabled=True)
    call("rds", "modify_db_instance", DBInstanceIdentifier="shop", PubliclyAccessible=True)
    call("logs", "put_retention_policy", logGroupName="/jobs/runner", retentionInDays=3653)
    call("autoscaling", "update_auto_scaling_group", AutoScalingGroupName="web", MaxSize=9)
    call("iam", "update_role", RoleName="app-lambda", MaxSessionDuration=43200)
    call("iam", "tag_user", UserName="robot", Tags=[{"Key": "Owner", "Value": "nobody"}])
    call("iam", "put_user_policy", UserName="robot", PolicyName="read", PolicyDocument=OPEN)
    call("iam", "put_group_policy", GroupName="ops", PolicyName="read", PolicyDocument=OPEN)
    call("secretsmanager", "update_secret", SecretId="shop/database", Description="by hand")
    call("sns", "set_topic_attributes", TopicArn=f"arn:aws:sns:us-east-1:{PRODUCTION}:jobs",
         AttributeName="DisplayName", AttributeValue="by hand")  # fmt: skip
    url = call("sqs", "get_queue_url", QueueName="orders")["QueueUrl"]
    call("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"VisibilityTimeout": "777"})
    [alarm] = call("cloudwatch", "describe_alarms", AlarmNames=["worker-errors"])["MetricAlarms"]
    kept = ("AlarmName", "ComparisonOperator", "EvaluationPeriods", "MetricName", "Namespace",
            "Period", "Statistic", "AlarmActions", "Dimensions", "TreatMissingData")  # fmt: skip
    call(
        "cloudwatch",
        "put_metric_alarm",
        Threshold=999.0,
        **{k: alarm[k] for k in kept if k in alarm},
    )
    rules = call("ec2", "describe_security_group_rules")["SecurityGroupRules"]
    office = next(one for one in rules if one.get("CidrIpv4") == "198.51.100.0/24")
    changed = {key: office[key] for key in ("IpProtocol", "FromPort", "ToPort", "CidrIpv4")}
    call("ec2", "modify_security_group_rules", GroupId=office["GroupId"], SecurityGroupRules=[{
        "SecurityGroupRuleId": office["SecurityGroupRuleId"],
        "SecurityGroupRule": {**changed, "Description": "by hand"},
    }])  # fmt: skip
    call("s3", "put_bucket_versioning", Bucket="shop-assets-333333333333",
         VersioningConfiguration={"Status": "Suspended"})  # fmt: skip
