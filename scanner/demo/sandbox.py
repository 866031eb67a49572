"""The test account: a small local state in eu-central-1."""

from scanner.demo.make import identity, messaging, storage
from scanner.demo.terraform_state import State
from scanner.demo.world import Ledger, Site

KEY = "experiments.tfstate"


def build(site: Site, ledger: Ledger) -> State:
    """Make what the local state file owns, and one bucket less than it says."""
    state = State(KEY, ledger)
    everywhere = Site(site.account_id, "global", site.clients)
    state.add(site, "aws_s3_bucket", "results", storage.bucket(site, "acme-test-results"))
    state.add(site, "aws_sqs_queue", "runs", messaging.queue(site, "test-runs"))
    state.add(site, "aws_dynamodb_table", "runs", storage.table(site, "test-runs"))
    state.add(site, "aws_cloudwatch_log_group", "runs", messaging.log_group(site, "/test/runs"))
    role = identity.role(site, "test-runner", "ec2.amazonaws.com")
    state.add(everywhere, "aws_iam_role", "runner", role)
    name = "acme-test-archive"
    gone = {
        "arn": f"arn:aws:s3:::{name}",
        "id": name,
        "bucket": name,
        "bucket_domain_name": f"{name}.s3.amazonaws.com",
        "region": site.region,
    }
    state.add(site, "aws_s3_bucket", "archive", gone, gone=True)
    return state
