"""By which keys a stack resource is found: from its physical id, and where that is but half a name.

A physical id is what `Ref` gives: an ARN, a name, a generated id, or the parts of a primary
identifier joined by `|`. For some types it names the thing only below its parent, which the
template tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

from jmespath.exceptions import JMESPathError

from scanner.catalog.expressions import render
from scanner.claims.template import UNKNOWN
from scanner.identity import canonical_arn, parse_arn

BELOW_PARENT = {
    "AWS::ApiGateway::Authorizer": "{RestApiId}|{_id}",
    "AWS::ApiGateway::Stage": "{RestApiId}|{_id}",
    "AWS::ApiGatewayV2::Authorizer": "{ApiId}|{_id}",
    "AWS::ApiGatewayV2::Integration": "{ApiId}|{_id}",
    "AWS::ApiGatewayV2::Route": "{ApiId}|{_id}",
    "AWS::ApiGatewayV2::Stage": "{ApiId}|{_id}",
    "AWS::AppConfig::ConfigurationProfile": "{ApplicationId}|{_id}",
    "AWS::AppConfig::Environment": "{ApplicationId}|{_id}",
    "AWS::AutoScaling::ScheduledAction": "{AutoScalingGroupName}/{_id}",
    "AWS::CodeDeploy::DeploymentGroup": "{ApplicationName}|{_id}",
    "AWS::Cognito::UserPoolClient": "{UserPoolId}|{_id}",
    "AWS::Cognito::UserPoolGroup": "{UserPoolId}|{_id}",
    "AWS::Cognito::UserPoolIdentityProvider": "{UserPoolId}|{_id}",
    "AWS::Cognito::UserPoolResourceServer": "{UserPoolId}|{_id}",
    "AWS::Glue::Table": "{DatabaseName}|{_id}",
    "AWS::GuardDuty::Filter": "{DetectorId}:{_id}",
    "AWS::GuardDuty::IPSet": "{DetectorId}:{_id}",
    "AWS::GuardDuty::ThreatIntelSet": "{DetectorId}:{_id}",
    "AWS::Logs::MetricFilter": "{LogGroupName}|{_id}",
    "AWS::Logs::SubscriptionFilter": "{LogGroupName}|{_id}",
    "AWS::SageMaker::UserProfile": "{_id}|{DomainId}",
    "AWS::Scheduler::Schedule": "{GroupName}/{_id}",
}
"""By CloudFormation type: the key that a physical id and the template's properties make together.

From "Return values, Ref" of each type's page, as in
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html.
"""

_MOST_PARTS = 4


def physical_keys(
    resource_type: str, physical: str, properties: Mapping[str, Any] | None
) -> tuple[str, ...]:
    """Return the keys of a stack resource; `properties` is None where the template is not known."""
    keys = [canonical_arn(physical)]
    form = BELOW_PARENT.get(resource_type)
    if form and properties and "|" not in physical:
        known = {key: value for key, value in properties.items() if value is not UNKNOWN}
        keys[:0] = _rendered(form, {**known, "_id": physical})
    keys += composite_keys(physical)
    return tuple(dict.fromkeys(keys))


def half_named(resource_type: str, keys: tuple[str, ...]) -> bool:
    """Whether these keys name a thing only below its parent: nothing can be missed by them."""
    return resource_type in BELOW_PARENT and len(keys) == 1 and "|" not in keys[0]


def _rendered(form: str, document: Mapping[str, Any]) -> list[str]:
    try:
        found = render(form, document)
    except JMESPathError:
        return []
    return [found] if found else []


def composite_keys(physical: str) -> list[str]:
    """Return an identifier's ARN alone and its parts in other orders: services differ in both.

    `AWS::ECS::Service` is `arn|cluster`, `AWS::Logs::SubscriptionFilter` `filter|group`.
    """
    parts = physical.split("|")
    if not 1 < len(parts) <= _MOST_PARTS or not all(parts):
        return []
    arns = [canonical_arn(part) for part in parts if parse_arn(part)]
    return [*arns, *("|".join(order) for order in permutations(parts))]
