"""What runs code: functions and containers."""

import io
import json
import zipfile

from scanner.demo.world import Attributes, Site


def function(site: Site, name: str, role_arn: str, **tags: str) -> Attributes:
    """A Lambda function; the emulator makes no log group with it, nor does AWS before a run."""
    made = site.client("lambda").create_function(
        FunctionName=name,
        Role=role_arn,
        Handler="index.handler",
        Runtime="python3.12",
        Code={"ZipFile": _code()},
        Tags=tags,
    )
    arn = made["FunctionArn"]
    invoke = f"arn:aws:apigateway:{site.region}:lambda:path/2015-03-31/functions"
    return {
        "arn": arn,
        "id": name,
        "function_name": name,
        "architectures": ["x86_64"],
        "code_sha256": made["CodeSha256"],
        "filename": "function.zip",
        "handler": "index.handler",
        "invoke_arn": f"{invoke}/{arn}/invocations",
        "last_modified": made["LastModified"],
        "package_type": "Zip",
        "qualified_arn": f"{arn}:$LATEST",
        "qualified_invoke_arn": f"{invoke}/{arn}:$LATEST/invocations",
        "role": role_arn,
        "runtime": "python3.12",
        "version": "$LATEST",
        "tags": tags or None,
    }


def cluster(site: Site, name: str) -> Attributes:
    """An ECS cluster."""
    arn = site.client("ecs").create_cluster(clusterName=name)["cluster"]["clusterArn"]
    setting = [{"name": "containerInsights", "value": "disabled"}]
    return {"arn": arn, "id": arn, "name": name, "setting": setting}


def task_definition(site: Site, family: str) -> Attributes:
    """The first revision of an ECS task definition."""
    containers = [{"name": family, "image": "nginx", "memory": 128, "essential": True}]
    made = site.client("ecs").register_task_definition(
        family=family, containerDefinitions=containers
    )["taskDefinition"]
    arn = made["taskDefinitionArn"]
    return {
        "arn": arn,
        "arn_without_revision": arn.rpartition(":")[0],
        "id": family,
        "family": family,
        "container_definitions": json.dumps(containers),
        "network_mode": "bridge",
        "revision": 1,
    }


def repository(site: Site, name: str) -> Attributes:
    """An ECR repository."""
    made = site.client("ecr").create_repository(repositoryName=name)["repository"]
    return {
        "arn": made["repositoryArn"],
        "id": name,
        "name": name,
        "image_tag_mutability": "MUTABLE",
        "registry_id": site.account_id,
        "repository_url": made["repositoryUri"],
    }


def _code() -> bytes:
    """A deployment package; the fixed date keeps its hash the same."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("index.py", (2026, 1, 1, 0, 0, 0))
        archive.writestr(entry, "def handler(event, context):\n    return event\n")
    return packed.getvalue()
