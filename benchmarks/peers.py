"""Strays beside peers that install from the registry, on the simulator: calls, CPU, wall, memory.

    python benchmarks/peers.py FOLDER        a throwaway environment is made there, once

One account, 17 regions, each at its documented settings: Cloud Custodian runs a policy without
filters for each type in `--region all` (not of SQS, whose address it makes itself); aws-list-all
queries one list operation of each service with its 32 threads; aws-inventory-manager takes a
snapshot, always of all its services. Strays collects the same types (details and tags of each
thing, and stacks, included). A command has TIMEOUT seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulator import REGIONS, Settings, simulated

TIMEOUT = 120
PACKAGES = ("c7n", "aws-list-all", "aws-inventory-manager")
CUSTODIAN = ("aws.kinesis", "aws.sns", "aws.lambda", "aws.dynamodb-table")
LIST_ALL = (
    "kinesis/ListStreams", "sns/ListTopics", "lambda/ListFunctions", "dynamodb/ListTables",
)  # fmt: skip
FOUR = ("AWS::Kinesis::Stream", "AWS::SNS::Topic", "AWS::Lambda::Function", "AWS::DynamoDB::Table")
INVENTORY = tuple(
    """AWS::IAM::Role AWS::IAM::User AWS::IAM::Group AWS::IAM::ManagedPolicy AWS::Lambda::Function
    AWS::Lambda::LayerVersion AWS::S3::Bucket AWS::EC2::Instance AWS::EC2::Volume AWS::EC2::VPC
    AWS::EC2::SecurityGroup AWS::EC2::Subnet AWS::EC2::VPCEndpoint AWS::RDS::DBInstance
    AWS::RDS::DBCluster AWS::CloudWatch::Alarm AWS::Logs::LogGroup AWS::SNS::Topic AWS::SQS::Queue
    AWS::DynamoDB::Table AWS::ElasticLoadBalancing::LoadBalancer
    AWS::ElasticLoadBalancingV2::LoadBalancer AWS::ApiGateway::RestApi AWS::ApiGatewayV2::Api
    AWS::Events::EventBus AWS::Events::Rule AWS::SecretsManager::Secret AWS::KMS::Key
    AWS::SSM::Parameter AWS::SSM::Document AWS::Route53::HostedZone AWS::ECS::Cluster
    AWS::ECS::Service AWS::ECS::TaskDefinition AWS::EKS::Cluster AWS::EKS::Nodegroup
    AWS::EKS::FargateProfile AWS::StepFunctions::StateMachine AWS::WAFv2::WebACL
    AWS::CodePipeline::Pipeline AWS::CodeBuild::Project AWS::Backup::BackupPlan
    AWS::Backup::BackupVault AWS::Glue::Database AWS::Glue::Table AWS::Glue::Crawler AWS::Glue::Job
    AWS::Glue::Connection""".split()
)


@dataclass
class Run:
    """A command and what it is called in the table."""

    title: str
    command: list[str]


def main(folder: Path) -> None:
    """Print a table for empty accounts and for some with things in them."""
    folder = folder.absolute()
    commands = installed(folder)
    for items in (0, 5):
        print(f"\n{items} things a list      calls    CPU s   wall s   peak MB   exit")
        for run in runs(commands, folder):
            print(f"{run.title:22} {measured(run, folder, items)}", flush=True)


def installed(folder: Path) -> Path:
    """Return the folder of the peers' commands; they are installed when it is not there."""
    commands = folder / "environment" / "bin"
    if not commands.exists():
        venv.create(commands.parent, with_pip=True)
        subprocess.run(
            [commands / "python", "-m", "pip", "install", "--quiet", *PACKAGES], check=True
        )
    return commands


def runs(commands: Path, folder: Path) -> Iterator[Run]:
    """Yield what is measured; the first three look at the same four types."""
    policy = folder / "policy.yml"
    listed = [{"name": each.replace(".", "-"), "resource": each} for each in CUSTODIAN]
    policy.write_text(json.dumps({"policies": listed}))
    custodian = [str(commands / "custodian"), "run", "--cache-period", "0", "--region", "all"]
    yield Run("Cloud Custodian", [*custodian, "-s", str(folder / "out"), str(policy)])
    services = [flag for each in LIST_ALL for flag in ("-s", each.split("/")[0])]
    operations = [flag for each in LIST_ALL for flag in ("-o", each.split("/")[1])]
    regions = [flag for each in REGIONS for flag in ("-r", each)]
    yield Run(
        "aws-list-all",
        [str(commands / "aws_list_all"), "query", *services, *operations, *regions,
         "-d", str(folder / "listed")],
    )  # fmt: skip
    yield Run("strays collect", strays(FOUR))
    regions = [flag for each in REGIONS for flag in ("--region", each)]
    snapshot = [str(commands / "awsinv"), "--storage-path", str(folder / "snapshots"), "snapshot"]
    yield Run("aws-inventory-manager", [*snapshot, "create", f"s{time.time_ns()}", *regions])
    yield Run("strays collect, its types", strays(INVENTORY))


def strays(types: tuple[str, ...]) -> list[str]:
    """Return the command that collects these types in every region."""
    return [sys.executable, "-m", "scanner.cli", "collect", "-q", "--type", ",".join(types)]


def measured(run: Run, folder: Path, items: int) -> str:
    """Run it in a fresh home against a fresh simulator, and return its row."""
    home = folder / f"home-{time.time_ns()}"
    (home / ".aws").mkdir(parents=True)
    keys = "aws_access_key_id = simulated\naws_secret_access_key = simulated\n"
    (home / ".aws" / "credentials").write_text(
        f"[default]\n{keys}"
    )  # one peer asks for the profile
    with simulated(Settings(accounts=1, items=items)) as url:
        start = time.perf_counter()
        with open(folder / "last.log", "ab") as log:
            log.write(f"\n== {run.title} {items}\n".encode())
            log.flush()
            process = subprocess.Popen(
                run.command, cwd=home, env=environment(url, home), stdout=log, stderr=log
            )
            killer = threading.Timer(TIMEOUT, process.kill)
            killer.start()
            _, status, used = os.wait4(process.pid, 0)
            killer.cancel()
        wall = time.perf_counter() - start
        with urllib.request.urlopen(f"{url}/simulator/calls") as answer:
            calls = json.load(answer)["calls"]
    cpu = used.ru_utime + used.ru_stime
    code = os.waitstatus_to_exitcode(status)
    return f"{calls:6} {cpu:8.1f} {wall:8.1f} {used.ru_maxrss / 1024:9.0f} {code:6}"


def environment(url: str, home: Path) -> dict[str, str]:
    """Return the environment of a run: the simulator's address, any credentials, an empty home."""
    root = str(Path(__file__).resolve().parent.parent)
    return {
        "PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": root, "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "simulated",
        "AWS_SECRET_ACCESS_KEY": "simulated", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
