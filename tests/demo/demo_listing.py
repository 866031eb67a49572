"""Every ARN that plain boto3 calls find in one account: the test's own eyes, not the tool's."""

EC2 = (
    ("describe_volumes", "Volumes", "VolumeId", "volume", {}),
    ("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId",
     "network-interface", {}),
    ("describe_security_groups", "SecurityGroups", "GroupId", "security-group", {}),
    ("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId",
     "security-group-rule", {}),
    ("describe_vpcs", "Vpcs", "VpcId", "vpc", {}),
    ("describe_subnets", "Subnets", "SubnetId", "subnet", {}),
    ("describe_route_tables", "RouteTables", "RouteTableId", "route-table", {}),
    ("describe_network_acls", "NetworkAcls", "NetworkAclId", "network-acl", {}),
    ("describe_addresses", "Addresses", "AllocationId", "elastic-ip", {}),
    ("describe_nat_gateways", "NatGateways", "NatGatewayId", "natgateway", {}),
    ("describe_internet_gateways", "InternetGateways", "InternetGatewayId",
     "internet-gateway", {}),
    ("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId", "launch-template", {}),
    ("describe_key_pairs", "KeyPairs", "KeyName", "key-pair", {}),
)  # fmt: skip

BY_ARN = (
    ("lambda", "list_functions", "Functions", "FunctionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("kms", "list_keys", "Keys", "KeyArn"),
    ("kms", "list_aliases", "Aliases", "AliasArn"),
    ("rds", "describe_db_instances", "DBInstances", "DBInstanceArn"),
    ("rds", "describe_db_snapshots", "DBSnapshots", "DBSnapshotArn"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupArn"),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmArn"),
    ("secretsmanager", "list_secrets", "SecretList", "ARN"),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupARN"),
    ("acm", "list_certificates", "CertificateSummaryList", "CertificateArn"),
    ("backup", "list_backup_vaults", "BackupVaultList", "BackupVaultArn"),
    ("ecr", "describe_repositories", "repositories", "repositoryArn"),
    ("efs", "describe_file_systems", "FileSystems", "FileSystemArn"),
    ("events", "list_rules", "Rules", "Arn"),
)

IAM = (
    ("list_roles", "Roles", {}),
    ("list_users", "Users", {}),
    ("list_policies", "Policies", {"Scope": "Local"}),
    ("list_instance_profiles", "InstanceProfiles", {}),
)


def global_arns(client):
    iam, s3, route53 = client("iam"), client("s3"), client("route53")
    for operation, key, options in IAM:
        yield from (each["Arn"] for each in getattr(iam, operation)(**options)[key])
    yield from (f"arn:aws:s3:::{each['Name']}" for each in s3.list_buckets()["Buckets"])
    for zone in route53.list_hosted_zones()["HostedZones"]:
        yield f"arn:aws:route53:::{zone['Id'].lstrip('/')}"


def regional_arns(client, account, region):
    def arn(service, rest):
        return f"arn:aws:{service}:{region}:{account}:{rest}"

    for service, operation, key, field in BY_ARN:
        yield from (each[field] for each in getattr(client(service), operation)()[key])
    yield from ec2_arns(client("ec2"), arn)
    for snapshot in client("ec2").describe_snapshots()["Snapshots"]:
        if snapshot["OwnerId"] == account:  # the emulator lists public ones whatever is asked
            yield f"arn:aws:ec2:{region}::snapshot/{snapshot['SnapshotId']}"
    for group in client("logs").describe_log_groups()["logGroups"]:
        yield group["arn"].removesuffix(":*")
    for name in client("dynamodb").list_tables()["TableNames"]:
        yield arn("dynamodb", f"table/{name}")
    for name in client("kinesis").list_streams()["StreamNames"]:
        yield arn("kinesis", f"stream/{name}")
    for url in client("sqs").list_queues().get("QueueUrls", []):
        yield arn("sqs", url.rpartition("/")[2])
    for parameter in client("ssm").describe_parameters()["Parameters"]:
        yield arn("ssm", f"parameter{parameter['Name']}")
    yield from client("ecs").list_clusters()["clusterArns"]
    yield from client("ecs").list_task_definitions()["taskDefinitionArns"]
    yield from listener_arns(client("elbv2"))


def ec2_arns(ec2, arn):
    for reservation in ec2.describe_instances()["Reservations"]:
        for each in reservation["Instances"]:
            yield arn("ec2", f"instance/{each['InstanceId']}")
    for operation, key, field, noun, options in EC2:
        for each in getattr(ec2, operation)(**options)[key]:
            yield arn("ec2", f"{noun}/{each[field]}")


def listener_arns(elbv2):
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        answer = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])
        for listener in answer["Listeners"]:
            yield listener["ListenerArn"]
            rules = elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            yield from (rule["RuleArn"] for rule in rules)


def organization_arns(client):
    yield client.describe_organization()["Organization"]["Arn"]
    yield from (each["Arn"] for each in client.list_accounts()["Accounts"])
    root = client.list_roots()["Roots"][0]["Id"]
    units = client.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    yield from (each["Arn"] for each in units)
