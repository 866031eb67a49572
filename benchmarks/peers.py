"""Strays beside peers that install from the registry, on the simulator: calls, CPU, wall, memory.

    python benchmarks/peers.py [ITEMS [FOLDER]]     empty lists, in build/peers, where none is named

A throwaway environment is made in the folder, once; where the peers cannot be installed nothing is
measured, and that is said.

One account, 17 regions, each at its documented settings: Cloud Custodian runs a policy without
filters for each type in `--region all` (not of SQS, whose address it makes itself); aws-list-all
queries one list operation of each service with its 32 threads; aws-inventory-manager takes a
snapshot, always of all its services. Strays collects the same types (details and tags of each
thing, and stacks, included). A command has TIMEOUT seconds. Exits with 1 where Strays fails, or
costs more CPU than a peer that looks at the same types.
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
FOLDER = Path(__file__).resolve().parent.parent / "build" / "peers"
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
    types: tuple[str, ...]


@dataclass
class Cost:
    """What a run took, and how it ended."""

    calls: int
    cpu: float
    wall: float
    peak: float
    code: int


def main(items: int = 0, folder: Path = FOLDER) -> int:
    """Print a table; 1 where a promise is broken."""
    folder = folder.absolute()
    commands = installed(folder)
    if commands is None:
        print(f"peers: NOT MEASURED: pip could not install {', '.join(PACKAGES)}: see install.log")
        return 0
    print(f"{items} things a list              calls    CPU s   wall s   peak MB   exit")
    costs: list[tuple[Run, Cost]] = []
    for run in runs(commands, folder):
        cost = measured(run, folder, items)
        print(
            f"{run.title:26} {cost.calls:9} {cost.cpu:8.1f} {cost.wall:8.1f} {cost.peak:9.0f}"
            f" {cost.code:6}",
            flush=True,
        )
        costs.append((run, cost))
    return verdict(costs)


def verdict(costs: list[tuple[Run, Cost]]) -> int:
    """Return 1 where Strays failed, or a peer that looks at the same types took less CPU."""
    ours = {run.types: cost for run, cost in costs if run.title.startswith("strays")}
    kept = all(ours[run.types].cpu <= cost.cpu for run, cost in costs)
    kept = kept and not any(cost.code for cost in ours.values())
    print(f"{'kept' if kept else 'BROKEN'}: no peer costs less CPU for the same types")
    return int(not kept)


def installed(folder: Path) -> Path | None:
    """Return the folder of the peers' commands, installed first; None where that was in vain."""
    commands = folder / "environment" / "bin"
    if not (folder / "installed").exists():
        venv.create(commands.parent, with_pip=True, clear=True)
        install = [commands / "python", "-m", "pip", "install", "--quiet", *PACKAGES]
        with open(folder / "install.log", "wb") as log:  # it may name an index of this machine's
            if subprocess.run(install, check=False, stdout=log, stderr=log).returncode:
                return None
        (folder / "installed").touch()
    return commands


def runs(commands: Path, folder: Path) -> Iterator[Run]:
    """Yield what is measured; the first three look at the same four types."""
    policy = folder / "policy.yml"
    listed = [{"name": each.replace(".", "-"), "resource": each} for each in CUSTODIAN]
    policy.write_text(json.dumps({"policies": listed}))
    custodian = [str(commands / "custodian"), "run", "--cache-period", "0", "--region", "all"]
    yield Run("Cloud Custodian", [*custodian, "-s", str(folder / "out"), str(policy)], FOUR)
    services = [flag for each in LIST_ALL for flag in ("-s", each.split("/")[0])]
    operations = [flag for each in LIST_ALL for flag in ("-o", each.split("/")[1])]
    regions = [flag for each in REGIONS for flag in ("-r", each)]
    yield Run(
        "aws-list-all",
        [str(commands / "aws_list_all"), "query", *services, *operations, *regions,
         "-d", str(folder / "listed")],
        FOUR,
    )  # fmt: skip
    yield Run("strays collect", strays(FOUR), FOUR)
    regions = [flag for each in REGIONS for flag in ("--region", each)]
    snapshot = [str(commands / "awsinv"), "--storage-path", str(folder / "snapshots"), "snapshot"]
    create = [*snapshot, "create", f"s{time.time_ns()}", *regions]
    yield Run("aws-inventory-manager", create, INVENTORY)
    yield Run("strays collect, its types", strays(INVENTORY), INVENTORY)


def strays(types: tuple[str, ...]) -> list[str]:
    """Return the command that collects these types in every region."""
    return [sys.executable, "-m", "scanner.cli", "collect", "-q", "--type", ",".join(types)]


def measured(run: Run, folder: Path, items: int) -> Cost:
    """Run it in a fresh home against a fresh simulator, and return what it took."""
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
    return Cost(calls, cpu, wall, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def environment(url: str, home: Path) -> dict[str, str]:
    """Return the environment of a run: the simulator's address, any credentials, an empty home."""
    root = str(Path(__file__).resolve().parent.parent)
    return {
        "PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": root, "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "simulated",
        "AWS_SECRET_ACCESS_KEY": "simulated", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2]), *map(Path, sys.argv[2:3])))
