"""Production's application in us-east-1 with its copy in us-west-2, owned by one state."""

from scanner.demo.make import (
    application,
    balancing,
    compute,
    firewall,
    identity,
    messaging,
    storage,
)
from scanner.demo.production_network import Network
from scanner.demo.terraform_state import State
from scanner.demo.world import Ledger, Site

KEY = "production/app/terraform.tfstate"
DOMAIN = "shop.example.com"


def build(site: Site, ledger: Ledger, network: Network) -> State:
    """Make the application and the state that owns it."""
    state = State(KEY, ledger)
    state.data("aws_region", "current", {"id": site.region, "name": site.region})
    _servers(site, ledger, state, network)
    _bastion(site, ledger, state, network)
    _entrance(site, ledger, state, network)
    _workers(site, ledger, state)
    _data(site, ledger, state, network)
    _messages(site, state)
    _containers(site, state)
    _secrets(site, state)
    _second_region(site.at("us-west-2"), state)
    return state


def _servers(site: Site, ledger: Ledger, state: State, network: Network) -> None:
    """The Auto Scaling group: its instances, volumes and interfaces are in no state."""
    template = compute.launch_template(site, "web")
    state.add(site, "aws_launch_template", "web", template)
    group, ids = compute.auto_scaling_group(site, "web", template, network.public_subnets, 3)
    state.add(site, "aws_autoscaling_group", "web", group, depends=("aws_launch_template.web",))
    for instance in compute.described(site, ids):
        arn = compute.instance_arn(site, instance)
        ledger.add(site, "AWS::EC2::Instance", arn, "derived", story="started by the group web")
        for resource_type, part in compute.instance_parts(site, instance):
            ledger.add(site, resource_type, part, "derived", story="of an instance of the group")


def _bastion(site: Site, ledger: Ledger, state: State, network: Network) -> None:
    """One instance with a data volume and a group whose rule is of the old type."""
    group = firewall.security_group(site, network.vpc_id, "bastion", "Managed by Terraform")
    state.add(site, "aws_security_group", "bastion", group)
    rule = firewall.old_style_rule(site, group["id"], ("tcp", 22, 22, "203.0.113.0/24", ""))
    state.add(site, "aws_security_group_rule", "office", rule)
    subnet = network.public_subnets[0]
    made = compute.instances(site, 1, "bastion", SubnetId=subnet, SecurityGroupIds=[group["id"]])[0]
    attributes = compute.instance_attributes(site, made, "bastion")
    state.add(site, "aws_instance", "bastion", attributes)
    for resource_type, arn in compute.instance_parts(site, made):
        ledger.add(site, resource_type, arn, "managed", story="named in aws_instance.bastion")
    volume = compute.volume(site, made["Placement"]["AvailabilityZone"], 20, "bastion-data")
    state.add(site, "aws_ebs_volume", "data", volume)
    joined = compute.attachment(site, volume["id"], made["InstanceId"], "/dev/sdf")
    state.add(site, "aws_volume_attachment", "data", joined)


def _entrance(site: Site, ledger: Ledger, state: State, network: Network) -> None:
    """A load balancer, its names and its certificate."""
    balancer = balancing.load_balancer(site, "web", network.public_subnets, [network.web_group])
    state.add(site, "aws_lb", "web", balancer)
    group = balancing.target_group(site, "web", network.vpc_id)
    state.add(site, "aws_lb_target_group", "web", group)
    listener = balancing.listener(site, balancer["arn"], group["arn"])
    state.add(site, "aws_lb_listener", "http", listener)
    rule = balancing.listener_rule(site, listener["arn"], group["arn"], 10, "/api/*")
    state.add(site, "aws_lb_listener_rule", "api", rule)
    default = balancing.default_rule_arn(site, listener["arn"])
    kind = "AWS::ElasticLoadBalancingV2::ListenerRule"
    ledger.add(site, kind, default, "derived", story="AWS made it with the listener")
    everywhere = Site(site.account_id, "global", site.clients)
    zone = state.add(everywhere, "aws_route53_zone", "main", balancing.zone(site, DOMAIN))
    for name in ("NS", "SOA"):
        record = f"{DOMAIN}. {name}"
        kind = "AWS::Route53::RecordSet"
        ledger.child(everywhere, kind, zone["arn"], record, status="derived")
    text = balancing.record(site, zone["id"], f"status.{DOMAIN}", "CNAME", ["status.example.net"])
    state.add(everywhere, "aws_route53_record", "status", text)
    alias = balancing.alias_record(site, zone["id"], "www", DOMAIN, balancer)
    state.add(everywhere, "aws_route53_record", "www", alias)
    state.add(site, "aws_acm_certificate", "www", balancing.certificate(site, f"www.{DOMAIN}"))


def _workers(site: Site, ledger: Ledger, state: State) -> None:
    """Functions with their role, log groups and schedule."""
    everywhere = Site(site.account_id, "global", site.clients)
    role = identity.role(site, "shop-worker", "lambda.amazonaws.com")
    state.add(everywhere, "aws_iam_role", "worker", role)
    inline = identity.role_policy(
        site, "shop-worker", "read-orders", identity.policy_text("dynamodb:GetItem")
    )
    state.add(everywhere, "aws_iam_role_policy", "orders", inline)
    policy = identity.policy(site, "shop-logs", identity.policy_text("logs:PutLogEvents"))
    state.add(everywhere, "aws_iam_policy", "logs", policy)
    attached = identity.role_attachment(site, "shop-worker", policy["arn"])
    state.add(everywhere, "aws_iam_role_policy_attachment", "logs", attached)
    profile = identity.instance_profile(site, "shop-server", "shop-worker")
    state.add(everywhere, "aws_iam_instance_profile", "server", profile)
    for name in ("invoices", "thumbnails"):
        made = application.function(site, f"shop-{name}", role["arn"])
        state.add(site, "aws_lambda_function", "worker", made, index=name)
    claimed = messaging.log_group(site, "/aws/lambda/shop-invoices")
    state.add(site, "aws_cloudwatch_log_group", "invoices", claimed)
    left = messaging.log_group(site, "/aws/lambda/shop-thumbnails")
    story = "Lambda made it for a managed function"
    ledger.add(site, "AWS::Logs::LogGroup", left["arn"], "derived", story=story)
    rule = messaging.schedule(site, "shop-nightly")
    state.add(site, "aws_cloudwatch_event_rule", "nightly", rule)
    target = messaging.schedule_target(
        site, "shop-nightly", site.arn("lambda", "function:shop-invoices")
    )
    state.add(site, "aws_cloudwatch_event_target", "nightly", target)


def _data(site: Site, ledger: Ledger, state: State, network: Network) -> None:
    """A database, tables, buckets and a file system."""
    group = storage.subnet_group(site, "shop", network.vpc_id, network.private_subnets)
    state.add(site, "aws_db_subnet_group", "shop", group)
    database = storage.database(site, "shop", "shop", [network.database_group])
    state.add(site, "aws_db_instance", "shop", database, depends=("aws_db_subnet_group.shop",))
    for arn in storage.database_snapshots(site, "shop"):
        ledger.add(site, "AWS::RDS::DBSnapshot", arn, "derived", story="an automatic snapshot")
    for index, name in enumerate(("orders", "carts")):
        state.add(site, "aws_dynamodb_table", "shop", storage.table(site, name), index=index)
    bucket = storage.bucket(site, "acme-shop-assets", Team="shop")
    state.add(site, "aws_s3_bucket", "assets", bucket)
    versioning = storage.bucket_versioning(site, "acme-shop-assets")
    state.add(site, "aws_s3_bucket_versioning", "assets", versioning)
    state.add(
        site, "aws_s3_bucket_policy", "assets", storage.bucket_policy(site, "acme-shop-assets")
    )
    state.add(site, "aws_efs_file_system", "shared", storage.file_system(site, "shop-shared"))
    state.add(site, "aws_backup_vault", "main", storage.backup_vault(site, "shop"))
    state.add(site, "aws_kinesis_stream", "clicks", messaging.stream(site, "shop-clicks"))


def _messages(site: Site, state: State) -> None:
    """Queues, a topic, an alarm, and a queue that is gone."""
    jobs = state.add(site, "aws_sqs_queue", "jobs", messaging.queue(site, "shop-jobs"))
    state.add(site, "aws_sqs_queue", "dead_letters", messaging.queue(site, "shop-jobs-dead"))
    topic = state.add(site, "aws_sns_topic", "orders", messaging.topic(site, "shop-orders"))
    subscribed = messaging.subscription(site, topic["arn"], jobs["arn"])
    state.add(site, "aws_sns_topic_subscription", "jobs", subscribed)
    state.add(site, "aws_cloudwatch_metric_alarm", "cpu", messaging.alarm(site, "shop-cpu"))
    url = jobs["url"].replace("shop-jobs", "shop-legacy-export")
    gone = messaging.queue_attributes(site, "shop-legacy-export", url)
    state.add(site, "aws_sqs_queue", "legacy_export", gone, gone=True)


def _containers(site: Site, state: State) -> None:
    state.add(site, "aws_ecr_repository", "shop", application.repository(site, "shop"))
    state.add(site, "aws_ecs_cluster", "shop", application.cluster(site, "shop"))
    state.add(site, "aws_ecs_task_definition", "shop", application.task_definition(site, "shop"))


def _secrets(site: Site, state: State) -> None:
    """A key with its alias, a secret, a parameter."""
    key = state.add(site, "aws_kms_key", "shop", identity.kms_key(site, "shop data"))
    state.add(site, "aws_kms_alias", "shop", identity.kms_alias(site, "alias/shop", key))
    secret, version = identity.secret(site, "shop/database", "demo-only-not-a-secret")
    state.add(site, "aws_secretsmanager_secret", "database", secret)
    state.add(site, "aws_secretsmanager_secret_version", "database", version)
    parameter = identity.parameter(site, "/shop/url", f"https://www.{DOMAIN}")
    state.add(site, "aws_ssm_parameter", "url", parameter)


def _second_region(west: Site, state: State) -> None:
    """What the provider alias `west` makes; names repeat those of the first region."""
    state.add(
        west, "aws_s3_bucket", "replica", storage.bucket(west, "acme-shop-replica"), alias="west"
    )
    state.add(west, "aws_dynamodb_table", "replica", storage.table(west, "orders"), alias="west")
    state.add(west, "aws_sns_topic", "replica", messaging.topic(west, "shop-orders"), alias="west")
    group = messaging.log_group(west, "/shop/replica")
    state.add(west, "aws_cloudwatch_log_group", "replica", group, alias="west")
