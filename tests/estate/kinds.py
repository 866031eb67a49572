"""Which Terraform types are resources of their own, and their CloudFormation names.

A value is the CloudFormation type; after ``=`` the `resource_id` where it is not the state's
`id`; after a space a template of the ARN where the state's `arn` is absent or wrong (that of DHCP
options has no account there, because moto does not tell their owner).
Types that are not here are attachments, settings, versions or resource policies.
"""

from dataclasses import dataclass
from typing import Any

TABLE = """
aws_acm_certificate AWS::CertificateManager::Certificate
aws_ami_from_instance AWS::EC2::Image
aws_api_gateway_api_key AWS::ApiGateway::ApiKey
aws_api_gateway_deployment AWS::ApiGateway::Deployment={rest_api_id}|{id}
aws_api_gateway_method AWS::ApiGateway::Method={rest_api_id}|{resource_id}|{http_method}
aws_api_gateway_resource AWS::ApiGateway::Resource={rest_api_id}|{id}
aws_api_gateway_rest_api AWS::ApiGateway::RestApi
aws_api_gateway_stage AWS::ApiGateway::Stage={rest_api_id}|{stage_name}
aws_apigatewayv2_api AWS::ApiGatewayV2::Api
aws_apigatewayv2_integration AWS::ApiGatewayV2::Integration={api_id}|{id}
aws_apigatewayv2_route AWS::ApiGatewayV2::Route={api_id}|{id}
aws_apigatewayv2_stage AWS::ApiGatewayV2::Stage={api_id}|{name}
aws_autoscaling_group AWS::AutoScaling::AutoScalingGroup
aws_autoscaling_policy AWS::AutoScaling::ScalingPolicy
aws_backup_plan AWS::Backup::BackupPlan
aws_backup_vault AWS::Backup::BackupVault
aws_cloudformation_stack AWS::CloudFormation::Stack {id}
aws_cloudfront_distribution AWS::CloudFront::Distribution
aws_cloudfront_origin_access_control AWS::CloudFront::OriginAccessControl
aws_cloudwatch_dashboard AWS::CloudWatch::Dashboard {dashboard_arn}
aws_cloudwatch_event_bus AWS::Events::EventBus
aws_cloudwatch_event_rule AWS::Events::Rule
aws_cloudwatch_log_group AWS::Logs::LogGroup
aws_cloudwatch_metric_alarm AWS::CloudWatch::Alarm
aws_codebuild_project AWS::CodeBuild::Project={name}
aws_cognito_identity_pool AWS::Cognito::IdentityPool
aws_cognito_user_pool AWS::Cognito::UserPool
aws_cognito_user_pool_client AWS::Cognito::UserPoolClient={user_pool_id}|{id}
aws_customer_gateway AWS::EC2::CustomerGateway
aws_db_instance AWS::RDS::DBInstance={identifier}
aws_db_parameter_group AWS::RDS::DBParameterGroup
aws_db_subnet_group AWS::RDS::DBSubnetGroup
aws_default_security_group AWS::EC2::SecurityGroup
aws_default_vpc AWS::EC2::VPC
aws_dynamodb_table AWS::DynamoDB::Table
aws_ebs_snapshot AWS::EC2::Snapshot
aws_ebs_volume AWS::EC2::Volume
aws_ec2_managed_prefix_list AWS::EC2::PrefixList
aws_ec2_transit_gateway AWS::EC2::TransitGateway
aws_ec2_transit_gateway_vpc_attachment AWS::EC2::TransitGatewayAttachment arn:aws:ec2:{region}:{account}:transit-gateway-attachment/{id}
aws_ecr_repository AWS::ECR::Repository
aws_ecs_cluster AWS::ECS::Cluster={name}
aws_ecs_task_definition AWS::ECS::TaskDefinition
aws_efs_access_point AWS::EFS::AccessPoint
aws_efs_file_system AWS::EFS::FileSystem
aws_efs_mount_target AWS::EFS::MountTarget
aws_eip AWS::EC2::EIP
aws_eks_cluster AWS::EKS::Cluster
aws_eks_node_group AWS::EKS::Nodegroup
aws_elasticache_subnet_group AWS::ElastiCache::SubnetGroup
aws_glue_catalog_database AWS::Glue::Database={name}
aws_glue_catalog_table AWS::Glue::Table={database_name}|{name}
aws_iam_access_key AWS::IAM::AccessKey
aws_iam_group AWS::IAM::Group
aws_iam_group_policy AWS::IAM::GroupPolicy={group}:{name}
aws_iam_instance_profile AWS::IAM::InstanceProfile
aws_iam_openid_connect_provider AWS::IAM::OIDCProvider
aws_iam_policy AWS::IAM::ManagedPolicy
aws_iam_role AWS::IAM::Role
aws_iam_role_policy AWS::IAM::RolePolicy={role}:{name}
aws_iam_user AWS::IAM::User
aws_iam_user_policy AWS::IAM::UserPolicy={user}:{name}
aws_instance AWS::EC2::Instance
aws_internet_gateway AWS::EC2::InternetGateway
aws_key_pair AWS::EC2::KeyPair
aws_kinesis_firehose_delivery_stream AWS::KinesisFirehose::DeliveryStream={name}
aws_kinesis_stream AWS::Kinesis::Stream={name}
aws_kms_alias AWS::KMS::Alias
aws_kms_key AWS::KMS::Key
aws_lambda_alias AWS::Lambda::Alias
aws_lambda_event_source_mapping AWS::Lambda::EventSourceMapping
aws_lambda_function AWS::Lambda::Function
aws_lambda_layer_version AWS::Lambda::LayerVersion
aws_launch_template AWS::EC2::LaunchTemplate
aws_lb AWS::ElasticLoadBalancingV2::LoadBalancer
aws_lb_listener AWS::ElasticLoadBalancingV2::Listener
aws_lb_listener_rule AWS::ElasticLoadBalancingV2::ListenerRule
aws_lb_target_group AWS::ElasticLoadBalancingV2::TargetGroup
aws_nat_gateway AWS::EC2::NatGateway arn:aws:ec2:{region}:{account}:natgateway/{id}
aws_network_acl AWS::EC2::NetworkAcl
aws_network_acl_rule AWS::EC2::NetworkAclEntry={network_acl_id}|ingress|{rule_number}
aws_network_interface AWS::EC2::NetworkInterface
aws_rds_cluster AWS::RDS::DBCluster
aws_route AWS::EC2::Route={route_table_id}|{destination_cidr_block}
aws_route53_health_check AWS::Route53::HealthCheck
aws_route53_record AWS::Route53::RecordSet={zone_id}|{fqdn}.|{type}|{set_identifier}
aws_route53_zone AWS::Route53::HostedZone={zone_id}
aws_route_table AWS::EC2::RouteTable
aws_s3_bucket AWS::S3::Bucket
aws_scheduler_schedule_group AWS::Scheduler::ScheduleGroup
aws_secretsmanager_secret AWS::SecretsManager::Secret
aws_security_group AWS::EC2::SecurityGroup
aws_service_discovery_http_namespace AWS::ServiceDiscovery::HttpNamespace
aws_sns_topic AWS::SNS::Topic
aws_sns_topic_subscription AWS::SNS::Subscription
aws_sqs_queue AWS::SQS::Queue
aws_ssm_document AWS::SSM::Document
aws_ssm_parameter AWS::SSM::Parameter
aws_subnet AWS::EC2::Subnet
aws_vpc AWS::EC2::VPC
aws_vpc_dhcp_options AWS::EC2::DHCPOptions arn:aws:ec2:{region}:{account}:dhcp-options/{id}
aws_vpc_endpoint AWS::EC2::VPCEndpoint
aws_vpc_peering_connection AWS::EC2::VPCPeeringConnection arn:aws:ec2:{region}:{account}:vpc-peering-connection/{id}
aws_vpc_security_group_egress_rule Ext::EC2::SecurityGroupRule
aws_vpc_security_group_ingress_rule Ext::EC2::SecurityGroupRule
aws_wafv2_ip_set AWS::WAFv2::IPSet
aws_wafv2_web_acl AWS::WAFv2::WebACL
"""  # noqa: E501
GLOBAL = ("AWS::IAM::", "AWS::Route53::", "AWS::CloudFront::")


@dataclass(frozen=True)
class Kind:
    """One line of the table."""

    resource_type: str
    resource_id: str
    arn: str

    @property
    def is_global(self) -> bool:
        return self.resource_type.startswith(GLOBAL)

    def name(self, attributes: dict[str, Any], account: str, region: str) -> tuple[str, str | None]:
        """The resource id and the ARN of one instance in a state."""
        values = {**attributes, "account": account, "region": region}
        arn = self.arn.format(**values) or attributes.get("arn") or None
        return self.resource_id.format(**values), arn


def _kind(text: str) -> tuple[str, Kind]:
    terraform_type, _, rest = text.partition(" ")
    named, _, arn = rest.partition(" ")
    resource_type, _, resource_id = named.partition("=")
    return terraform_type, Kind(resource_type, resource_id or "{id}", arn)


KINDS = dict(_kind(line) for line in TABLE.strip().splitlines())
