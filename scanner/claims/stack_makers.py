"""Who made a stack, named as people know it: StackSet, Service Catalog, CDK, SAM ...

A stack that people name keeps its name. One that a service names (`StackSet-baseline-<uuid>`) is
called `SERVICE/NAME`: a stack's own name can hold no slash, so neither is taken for the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CDK = "CDK"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_BY_TAGS = (
    (("elasticbeanstalk:environment-name",), "ElasticBeanstalk/{}"),
    (("amplify:app-id", "amplify:branch-name"), "Amplify/{}/{}"),
)
"""Tags that the service puts on its stacks; each fills a place in the owner's name.

https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.tagging.html,
https://docs.amplify.aws/react/deploy-and-host/fullstack-branching/
"""

_BY_NAME = (
    (rf"StackSet-(AWSControlTower.+)-{_UUID}", "ControlTower/{}"),
    (rf"StackSet-(.+)-{_UUID}", "StackSet/{}"),
    (r"(AWSControlTower.+)", "ControlTower/{}"),
    (r"SC-\d{12}-(pp-[a-z0-9]+)", "ServiceCatalog/{}"),
    (r"awseb-(e-[a-z0-9]+)-stack", "ElasticBeanstalk/{}"),
    (r"amplify-([a-z0-9]+)-(.+)-(?:branch|sandbox)-[0-9a-f]{10}", "Amplify/{}/{}"),
    (r"amplify-(.+)-(.+)-\d+", "Amplify/{}/{}"),
    (r"aws-cloud9-(.+)-[0-9a-f]{32}", "Cloud9/{}"),
)
"""Names that services give.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html,
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/reference-serviceactions.html
"""

_TOOL_TAGS = {
    "aws-cdk:": CDK,
    "copilot-application": "Copilot",
    "alpha.eksctl.io/cluster-name": "eksctl",
    "serverlessrepo:applicationId": "Serverless Application Repository",
    "sst:app": "SST",
    "aws:servicecatalog:": "Service Catalog",
}
_SERVERLESS_OUTPUT = "ServerlessDeploymentBucketName"
"""Output of every stack of the Serverless Framework (its `core-cloudformation-template.json`)."""


@dataclass(frozen=True)
class Maker:
    """The owner's name, and in words by what the stack was made, where anything tells."""

    owner: str
    words: str | None = None


def tags_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """Return a stack's tags as a map."""
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags") or ()}


def maker_of(stack: Mapping[str, Any]) -> Maker:
    """Return who made a stack, from what DescribeStacks tells of it."""
    tags, name = tags_of(stack), stack["StackName"]
    for keys, form in _BY_TAGS:
        if all(tags.get(key) for key in keys):
            return _service(form.format(*(tags[key] for key in keys)), stack)
    for pattern, form in _BY_NAME:
        if found := re.fullmatch(pattern, name):
            return _service(form.format(*found.groups()), stack)
    return Maker(name, _tool(stack, tags))


def _service(owner: str, stack: Mapping[str, Any]) -> Maker:
    role = (stack.get("RoleARN") or "").rpartition("/")[2]
    through = f" through role {role}" if role else ""
    return Maker(owner, f"made by {owner.partition('/')[0]}{through}")


def _tool(stack: Mapping[str, Any], tags: Mapping[str, str]) -> str | None:
    for mark, tool in _TOOL_TAGS.items():
        if any(key.startswith(mark) for key in tags):
            return tool
    if any(output.get("OutputKey") == _SERVERLESS_OUTPUT for output in stack.get("Outputs") or ()):
        return "Serverless Framework"
    if any(one.get("ParameterKey") == "BootstrapVersion" for one in stack.get("Parameters") or ()):
        return CDK
    return None


def written_by(template: Mapping[str, Any]) -> str | None:
    """Return the tool that a template gives away, in words.

    CDK writes `aws:cdk:path`; `sam build` writes `SamResourceId`, and SAM's transform tags the
    functions that it makes
    (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-debugging.html).
    """
    resources = template.get("Resources")
    for resource in resources.values() if isinstance(resources, dict) else ():
        if construct_path(resource):
            return CDK
        if _metadata(resource, "SamResourceId") or _tagged_by_sam(resource):
            return "SAM"
    return None


def construct_path(resource: Any) -> str | None:
    """Return the CDK construct path of a template's resource, as in `Orders/Jobs/Resource`."""
    return _metadata(resource, "aws:cdk:path")


def _metadata(resource: Any, name: str) -> str | None:
    metadata = resource.get("Metadata") if isinstance(resource, dict) else None
    value = metadata.get(name) if isinstance(metadata, dict) else None
    return value if isinstance(value, str) and value else None


def _tagged_by_sam(resource: Any) -> bool:
    properties = resource.get("Properties") if isinstance(resource, dict) else None
    tags = properties.get("Tags") if isinstance(properties, dict) else None
    pairs = tags if isinstance(tags, list) else []
    return {"Key": "lambda:createdBy", "Value": "SAM"} in pairs
