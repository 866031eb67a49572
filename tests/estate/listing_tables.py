"""How boto3 lists each type of the estate: operation, JMESPath to ids, ARN template."""

# CloudFormation type: service, operation, parameters, JMESPath to ids, ARN template or "".
EC2 = {
    "VPC": ("describe_vpcs", "Vpcs[].VpcId", "vpc"),
    "Subnet": ("describe_subnets", "Subnets[].SubnetId", "subnet"),
    "RouteTable": ("describe_route_tables", "RouteTables[].RouteTableId", "route-table"),
    "NetworkAcl": ("describe_network_acls", "NetworkAcls[].NetworkAclId", "network-acl"),
    "SecurityGroup": ("describe_security_groups", "SecurityGroups[].GroupId", "security-group"),
    "InternetGateway": (
        "describe_internet_gateways", "InternetGateways[].InternetGatewayId", "internet-gateway",
    ),
    "NatGateway": ("describe_nat_gateways", "NatGateways[].NatGatewayId", "natgateway"),
    "DHCPOptions": ("describe_dhcp_options", "DhcpOptions[].DhcpOptionsId", "dhcp-options"),
    "EIP": ("describe_addresses", "Addresses[].AllocationId", "elastic-ip"),
    "Instance": ("describe_instances", "Reservations[].Instances[].InstanceId", "instance"),
    "Volume": ("describe_volumes", "Volumes[].VolumeId", "volume"),
    "NetworkInterface": (
        "describe_network_interfaces", "NetworkInterfaces[].NetworkInterfaceId",
        "network-interface",
    ),
    "LaunchTemplate": (
        "describe_launch_templates", "LaunchTemplates[].LaunchTemplateId", "launch-template",
    ),
    "KeyPair": ("describe_key_pairs", "KeyPairs[].KeyName", "key-pair"),
    "VPCEndpoint": ("describe_vpc_endpoints", "VpcEndpoints[].VpcEndpointId", "vpc-endpoint"),
    "SecurityGroupRule": (
        "describe_security_group_rules",
        "SecurityGroupRules[].SecurityGroupRuleId",
        "security-group-rule",
    ),
    "TransitGatewayRouteTable": (
        "describe_transit_gateway_route_tables",
        "TransitGatewayRouteTables[].TransitGatewayRouteTableId",
        "transit-gateway-route-table",
    ),
    "TransitGateway": (
        "describe_transit_gateways", "TransitGateways[].TransitGatewayId", "transit-gateway",
    ),
    "CustomerGateway": (
        "describe_customer_gateways", "CustomerGateways[].CustomerGatewayId", "customer-gateway",
    ),
}  # fmt: skip
REGIONAL = {
    "AWS::Athena::WorkGroup": ("athena", "list_work_groups", "WorkGroups[].Name", "workgroup/{}"),
    "AWS::KMS::Alias": ("kms", "list_aliases", "Aliases[].AliasArn"),
    "AWS::RDS::DBClusterSnapshot": (
        "rds",
        "describe_db_cluster_snapshots",
        "DBClusterSnapshots[].DBClusterSnapshotArn",
    ),
    "AWS::Redshift::ClusterSnapshot": (
        "redshift",
        "describe_cluster_snapshots",
        "Snapshots[].SnapshotArn",
    ),
    "AWS::ApiGateway::ApiKey": ("apigateway", "get_api_keys", "items[].id", "/apikeys/{}"),
    "AWS::Backup::BackupPlan": ("backup", "list_backup_plans", "BackupPlansList[].BackupPlanArn"),
    "AWS::Backup::BackupVault": (
        "backup", "list_backup_vaults", "BackupVaultList[].BackupVaultArn",
    ),
    "AWS::CodeBuild::Project": ("codebuild", "list_projects", "projects", "project/{}"),
    "AWS::EFS::AccessPoint": ("efs", "describe_access_points", "AccessPoints[].AccessPointArn"),
    "AWS::ElastiCache::SubnetGroup": (
        "elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups[].ARN",
    ),
    "AWS::Glue::Database": ("glue", "get_databases", "DatabaseList[].Name", "database/{}"),
    "AWS::KMS::Key": ("kms", "list_keys", "Keys[].KeyArn"),
    "AWS::KinesisFirehose::DeliveryStream": (
        "firehose", "list_delivery_streams", "DeliveryStreamNames", "deliverystream/{}",
    ),
    "AWS::Lambda::LayerVersion": (
        "lambda", "list_layers", "Layers[].LatestMatchingVersion.LayerVersionArn",
    ),
    "AWS::RDS::DBParameterGroup": (
        "rds", "describe_db_parameter_groups", "DBParameterGroups[].DBParameterGroupArn",
    ),
    "AWS::RDS::DBSubnetGroup": (
        "rds", "describe_db_subnet_groups", "DBSubnetGroups[].DBSubnetGroupArn",
    ),
    "AWS::Scheduler::ScheduleGroup": (
        "scheduler", "list_schedule_groups", "ScheduleGroups[].Arn",
    ),
    "AWS::ServiceDiscovery::HttpNamespace": (
        "servicediscovery", "list_namespaces", "Namespaces[?Type=='HTTP'].Arn",
    ),
    "AWS::ApiGateway::RestApi": ("apigateway", "get_rest_apis", "items[].id", "/restapis/{}"),
    "AWS::ApiGatewayV2::Api": ("apigatewayv2", "get_apis", "Items[].ApiId", "/apis/{}"),
    "AWS::AutoScaling::AutoScalingGroup": (
        "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups[].AutoScalingGroupARN",
    ),
    "AWS::CertificateManager::Certificate": (
        "acm", "list_certificates", "CertificateSummaryList[].CertificateArn",
    ),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmArn"),
    "AWS::DynamoDB::Table": ("dynamodb", "list_tables", "TableNames", "table/{}"),
    "AWS::ECR::Repository": ("ecr", "describe_repositories", "repositories[].repositoryArn"),
    "AWS::ECS::Cluster": ("ecs", "list_clusters", "clusterArns"),
    "AWS::ECS::TaskDefinition": ("ecs", "list_task_definitions", "taskDefinitionArns"),
    "AWS::EFS::FileSystem": ("efs", "describe_file_systems", "FileSystems[].FileSystemArn"),
    "AWS::EKS::Cluster": ("eks", "list_clusters", "clusters", "cluster/{}"),
    "AWS::ElastiCache::CacheCluster": (
        "elasticache", "describe_cache_clusters", "CacheClusters[].ARN",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        "elbv2", "describe_load_balancers", "LoadBalancers[].LoadBalancerArn",
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        "elbv2", "describe_target_groups", "TargetGroups[].TargetGroupArn",
    ),
    "AWS::Events::EventBus": ("events", "list_event_buses", "EventBuses[].Arn"),
    "AWS::Kinesis::Stream": ("kinesis", "list_streams", "StreamNames", "stream/{}"),
    "AWS::Lambda::EventSourceMapping": (
        "lambda", "list_event_source_mappings", "EventSourceMappings[].UUID",
        "event-source-mapping:{}",
    ),
    "AWS::Lambda::Function": ("lambda", "list_functions", "Functions[].FunctionArn"),
    "AWS::Logs::LogGroup": ("logs", "describe_log_groups", "logGroups[].arn"),
    "AWS::RDS::DBCluster": ("rds", "describe_db_clusters", "DBClusters[].DBClusterArn"),
    "AWS::RDS::DBInstance": ("rds", "describe_db_instances", "DBInstances[].DBInstanceArn"),
    "AWS::RDS::DBSnapshot": ("rds", "describe_db_snapshots", "DBSnapshots[].DBSnapshotArn"),
    "AWS::Redshift::Cluster": (
        "redshift", "describe_clusters", "Clusters[].ClusterIdentifier", "cluster:{}",
    ),
    "AWS::SNS::Subscription": ("sns", "list_subscriptions", "Subscriptions[].SubscriptionArn"),
    "AWS::SNS::Topic": ("sns", "list_topics", "Topics[].TopicArn"),
    "AWS::SQS::Queue": ("sqs", "list_queues", "QueueUrls", ":{}"),
    "AWS::SSM::Parameter": ("ssm", "describe_parameters", "Parameters[].Name", "parameter{}"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "list_secrets", "SecretList[].ARN"),
    "AWS::StepFunctions::StateMachine": (
        "stepfunctions", "list_state_machines", "stateMachines[].stateMachineArn",
    ),
}  # fmt: skip
GLOBAL = {
    "AWS::CloudFront::Distribution": (
        "cloudfront", "list_distributions", "DistributionList.Items[].ARN",
    ),
    "AWS::IAM::Group": ("iam", "list_groups", "Groups[].Arn"),
    "AWS::IAM::InstanceProfile": ("iam", "list_instance_profiles", "InstanceProfiles[].Arn"),
    "AWS::IAM::OIDCProvider": (
        "iam", "list_open_id_connect_providers", "OpenIDConnectProviderList[].Arn",
    ),
    "AWS::IAM::Role": ("iam", "list_roles", "Roles[].Arn"),
    "AWS::IAM::User": ("iam", "list_users", "Users[].Arn"),
    "AWS::Route53::HostedZone": ("route53", "list_hosted_zones", "HostedZones[].Id"),
}  # fmt: skip
