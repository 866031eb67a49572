"""Staging: a Terraform workspace in eu-west-1, nested stacks in us-west-2, Pulumi by tag only."""

from scanner.demo import stacks
from scanner.demo.make import application, compute, firewall, identity, messaging, storage
from scanner.demo.make import network as net
from scanner.demo.terraform_state import State
from scanner.demo.world import Ledger, Site

KEY = "env:/staging/shop/terraform.tfstate"


def build(site: Site, ledger: Ledger) -> State:
    """Make the workspace in eu-west-1 and the state that owns it; then all else."""
    state = State(KEY, ledger)
    _network(site, ledger, state)
    everywhere = Site(site.account_id, "global", site.clients)
    role = identity.role(site, "shop-worker", "lambda.amazonaws.com")
    state.add(everywhere, "aws_iam_role", "worker", role)
    inline = identity.role_policy(
        site, "shop-worker", "read-orders", identity.policy_text("dynamodb:GetItem")
    )
    state.add(everywhere, "aws_iam_role_policy", "orders", inline)
    made = application.function(site, "shop-invoices", role["arn"])
    state.add(site, "aws_lambda_function", "worker", made, index="invoices")
    for name in ("jobs", "mails"):
        queue = messaging.queue(site, f"shop-{name}")
        state.add(site, "aws_sqs_queue", "this", queue, module=f'module.queue["{name}"]')
    state.add(site, "aws_sns_topic", "orders", messaging.topic(site, "shop-orders"))
    state.add(site, "aws_dynamodb_table", "shop", storage.table(site, "orders"), index=0)
    gone = storage.table_attributes(site, "sessions-v1")
    state.add(site, "aws_dynamodb_table", "sessions", gone, gone=True)
    templates = storage.bucket(site.at("us-west-2"), "acme-staging-templates")
    state.add(site.at("us-west-2"), "aws_s3_bucket", "templates", templates, alias="west")
    stacks.payments(site.at("us-west-2"), ledger, "acme-staging-templates")
    _by_tag(site, ledger, role["arn"])
    return state


def _network(site: Site, ledger: Ledger, state: State) -> None:
    module = "module.network[0].module.vpc"
    vpc = state.add(
        site, "aws_vpc", "this", net.vpc(site, "10.30.0.0/16", "staging"), module=module
    )
    for resource_type, arn in firewall.vpc_parts(site, vpc):
        ledger.add(site, resource_type, arn, "derived", story="AWS made it with a managed VPC")
    on_vpc = (f"{module}.aws_vpc.this",)
    subnet = net.subnet(site, vpc["id"], "10.30.0.0/24", "a", "staging-a")
    state.add(site, "aws_subnet", "this", subnet, module=module, index="a", depends=on_vpc)
    inline = (("tcp", 8080, 8080, "10.0.0.0/8", "proxy"),)
    group = firewall.security_group(site, vpc["id"], "staging-web", "Staging", inline)
    state.add(site, "aws_security_group", "web", group, depends=on_vpc)
    for resource_type, arn in firewall.rules(site, group["id"]):
        ledger.add(site, resource_type, arn, "managed", story="inline in aws_security_group.web")
    volume = compute.volume(site, f"{site.region}a", 50, "staging-data")
    state.add(site, "aws_ebs_volume", "data", volume)


def _by_tag(site: Site, ledger: Ledger, role_arn: str) -> None:
    """What a team makes with Pulumi: only a tag, which the configuration trusts, says so."""
    mark = {"managed-by": "pulumi"}
    function = application.function(site, "search-indexer", role_arn, **mark)
    log_group = messaging.log_group(site, "/aws/lambda/search-indexer")
    for resource_type, made in (
        ("AWS::S3::Bucket", storage.bucket(site, "acme-staging-search", **mark)),
        ("AWS::SNS::Topic", messaging.topic(site, "search-updates", **mark)),
        ("AWS::DynamoDB::Table", storage.table(site, "search-index", **mark)),
        ("AWS::SQS::Queue", messaging.queue(site, "search-jobs", **mark)),
        ("AWS::Lambda::Function", function),
    ):
        ledger.add(site, resource_type, made["arn"], "managed", story="claimed by tag only")
    story = "Lambda made it for a function that is claimed by tag"
    ledger.add(site, "AWS::Logs::LogGroup", log_group["arn"], "derived", story=story)
