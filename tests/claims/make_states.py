"""Makes the two states of `states/`: `python -m tests.claims.make_states` (Terraform, emulator).

`applied.tfstate` is what a real apply wrote; `refreshed.tfstate` what `apply -refresh-only` made of
it after a rule, a route and an inline policy had been added by hand.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import boto3

HERE = Path(__file__).parent
STATES = HERE / "states"
MIRROR = os.environ.get("STRAYS_TF_PLUGINS", "/opt/tf-plugins")
APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    )
    try:
        wait(endpoint)
        with tempfile.TemporaryDirectory() as folder:
            record(endpoint, Path(folder))
    finally:
        server.terminate()
        server.wait(10)


def wait(endpoint: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/data.json", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the emulator did not answer within 30 s")


def record(endpoint: str, work: Path) -> None:
    shutil.copy(HERE / "terraform" / "main.tf", work)
    (work / "rc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n'
    )
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AWS_")},
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "recorder",
        "AWS_SECRET_ACCESS_KEY": "recorder", "AWS_EC2_METADATA_DISABLED": "true",
        "TF_CLI_CONFIG_FILE": str(work / "rc"), "CHECKPOINT_DISABLE": "1",
    }  # fmt: skip
    for name, arguments in (
        ("", ("init", "-input=false", "-no-color")),
        ("applied", APPLY),
        ("refreshed", (*APPLY, "-refresh-only")),
    ):
        if name == "refreshed":
            by_hand(endpoint)
        subprocess.run(["terraform", *arguments], cwd=work, env=env, check=True)
        if name:
            shutil.copy(work / "terraform.tfstate", STATES / f"{name}.tfstate")


def by_hand(endpoint: str) -> None:
    """Add a child to each parent that has a separate child already."""
    session = boto3.Session("recorder", "recorder", region_name="us-east-1")
    ec2 = session.client("ec2", endpoint_url=endpoint)
    named = [{"Name": "group-name", "Values": ["separate"]}]
    group = ec2.describe_security_groups(Filters=named)["SecurityGroups"][0]["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="203.0.113.66/32"
    )
    gateway = ec2.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]
    tables = ec2.describe_route_tables()["RouteTables"]
    table = next(t for t in tables if len(t["Routes"]) == 2)
    ec2.create_route(
        RouteTableId=table["RouteTableId"], DestinationCidrBlock="192.0.2.0/24", GatewayId=gateway
    )
    iam = session.client("iam", endpoint_url=endpoint)
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="deploy", PolicyName="by-hand", PolicyDocument=policy)
    made = iam.create_policy(PolicyName="by-hand", PolicyDocument=policy)["Policy"]
    iam.attach_role_policy(RoleName="deploy", PolicyArn=made["Arn"])


if __name__ == "__main__":
    main()
