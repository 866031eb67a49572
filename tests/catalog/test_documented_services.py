"""Further services that the emulator lacks, read from AWS's own examples.

Each answer is the one that botocore's examples (`examples-1.json`) or the AWS CLI's reference show,
the latter by the name of its page at
https://docs.aws.amazon.com/cli/latest/reference/SERVICE/OPERATION.html#examples.
"""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.catalog.replay import Answers, replay

TARGET = {
    "CreationTime": "2019-05-06T11:21:46.199Z",
    "MaxCapacity": 10,
    "MinCapacity": 1,
    "ResourceId": "service/default/web-app",
    "RoleARN": "arn:aws:iam::012345678910:role/aws-service-role/ecs.application-autoscaling."
    "amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
    "ScalableDimension": "ecs:service:DesiredCount",
    "ServiceNamespace": "ecs",
}
TARGETS = {"ScalableTargets": [TARGET]}
KEY = "service/default/web-app|ecs:service:DesiredCount|ecs"


def test_scalable_target_without_an_arn() -> None:
    """botocore's example of application-autoscaling DescribeScalableTargets.

    Its one answer stands for each of the fifteen namespaces here, so it is listed as often.
    """
    seen = replay(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "012345678910",
        "us-west-2",
        {"DescribeScalableTargets": TARGETS},
    )
    (arn,) = {row["arn"] for row in seen.rows}
    assert arn == (
        "arn:aws:application-autoscaling:us-west-2:012345678910:scalable-target/"
        "ecs/service/default/web-app/ecs:service:DesiredCount"
    )
    assert seen.rows[0]["keys"] == [arn, "service/default/web-app", KEY]
    assert str(seen.rows[0]["created_at"]) == "2019-05-06 11:21:46.199000"
    service = "arn:aws:ecs:us-west-2:012345678910:service/default/web-app"
    assert ("scales", "AWS::ECS::Service", service, None) in seen.links


def test_namespace_that_a_region_does_not_know_has_no_targets() -> None:
    """The text is that of every API whose enum a region's service does not have yet."""
    message = (
        "1 validation error detected: Value 'workspaces' at 'serviceNamespace' failed to satisfy"
        " constraint: Member must satisfy enum value set: [ecs, dynamodb]"
    )
    error = ClientError({"Error": {"Code": "ValidationException", "Message": message}}, "x")
    answers: Answers = {"DescribeScalableTargets": error}
    kind = "AWS::ApplicationAutoScaling::ScalableTarget"
    assert replay(kind, "012345678910", "us-west-2", answers).rows == []


def test_scaling_policy_of_a_target() -> None:
    """botocore's example of application-autoscaling DescribeScalingPolicies."""
    arn = (
        "arn:aws:autoscaling:us-west-2:012345678910:scalingPolicy:6d8972f3-efc8-437c-92d1-"
        "6270f29a66e7:resource/ecs/service/default/web-app:policyName/web-app-cpu-gt-75"
    )
    alarm = "arn:aws:cloudwatch:us-west-2:012345678910:alarm:web-app-cpu-gt-75"
    answer = {
        "Alarms": [{"AlarmARN": alarm, "AlarmName": "web-app-cpu-gt-75"}],
        "CreationTime": "2019-05-06T12:11:39.230Z",
        "PolicyARN": arn,
        "PolicyName": "web-app-cpu-gt-75",
        "PolicyType": "StepScaling",
        "ResourceId": "service/default/web-app",
        "ScalableDimension": "ecs:service:DesiredCount",
        "ServiceNamespace": "ecs",
    }
    seen = replay(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "012345678910",
        "us-west-2",
        {
            "DescribeScalableTargets": TARGETS,
            "DescribeScalingPolicies": {"ScalingPolicies": [answer]},
        },
    )
    assert seen.rows[0]["keys"] == [arn, "web-app-cpu-gt-75", f"{arn}|ecs:service:DesiredCount"]
    # Of a step scaling policy the alarms are people's own.
    assert {target for _, target, _, owns in seen.links if owns == "target"} == set()


def test_budget_without_what_was_spent() -> None:
    """budgets/describe-budgets."""
    answer = {
        "CalculatedSpend": {"ActualSpend": {"Amount": "604.4560000000000172", "Unit": "USD"}},
        "BudgetType": "COST",
        "BudgetLimit": {"Amount": "100", "Unit": "USD"},
        "BudgetName": "Example Budget",
        "TimeUnit": "MONTHLY",
        "TimePeriod": {"Start": 1477958399.0, "End": 3706473600.0},
        "CostFilters": {"AZ": ["us-east-1"]},
    }
    row = replay(
        "AWS::Budgets::Budget",
        "111122223333",
        "us-east-1",
        {"DescribeBudgets": {"Budgets": [answer]}},
    ).row
    arn = "arn:aws:budgets::111122223333:budget/Example Budget"
    assert row["keys"] == [arn, "111122223333:Example Budget", "Example Budget"]
    assert row["region"] == "global"
    assert "604" not in str(row["properties"])


def test_cloud9_environments_are_described_together() -> None:
    """botocore's examples of cloud9 ListEnvironments and DescribeEnvironments."""
    start = "arn:aws:cloud9:us-east-2:123456789012:environment:"
    environments = [
        {
            "name": "my-demo-environment",
            "type": "ec2",
            "arn": f"{start}8d9967e2f0624182b74e7690ad69ebEX",
            "description": "This is my demonstration environment.",
            "id": "8d9967e2f0624182b74e7690ad69ebEX",
            "lifecycle": {"status": "CREATED"},
            "ownerArn": "arn:aws:iam::123456789012:user/MyDemoUser",
        },
        {
            "name": "another-demo-environment",
            "type": "ssh",
            "arn": f"{start}349c86d4579e4e7298d500ff57a6b2EX",
            "description": "",
            "id": "349c86d4579e4e7298d500ff57a6b2EX",
            "lifecycle": {"status": "CREATED"},
            "ownerArn": "arn:aws:sts::123456789012:assumed-role/AnotherDemoUser/AnotherDemoUser",
        },
    ]
    seen = replay(
        "AWS::Cloud9::EnvironmentEC2",
        "123456789012",
        "us-east-2",
        {
            "ListEnvironments": {"environmentIds": [each["id"] for each in environments]},
            "DescribeEnvironments": {"environments": environments},
        },
    )
    known = environments[0]
    assert seen.named("my-demo-environment")["keys"] == [known["arn"], known["id"]]
    assert len(seen.rows) == 2


def test_cost_report() -> None:
    """botocore's example of cur DescribeReportDefinitions."""
    answer = {
        "AdditionalArtifacts": ["QUICKSIGHT"],
        "AdditionalSchemaElements": ["RESOURCES"],
        "Compression": "GZIP",
        "Format": "textORcsv",
        "ReportName": "ExampleReport",
        "S3Bucket": "example-s3-bucket",
        "S3Prefix": "exampleprefix",
        "S3Region": "us-east-1",
        "TimeUnit": "HOURLY",
    }
    seen = replay(
        "AWS::CUR::ReportDefinition",
        "123456789012",
        "us-east-1",
        {"DescribeReportDefinitions": {"ReportDefinitions": [answer]}},
    )
    arn = "arn:aws:cur:us-east-1:123456789012:definition/ExampleReport"
    assert seen.row["keys"] == [arn, "ExampleReport"]
    assert seen.links == {("delivers_to", "AWS::S3::Bucket", "example-s3-bucket", None)}


def test_glacier_vault_with_its_tags() -> None:
    """botocore's examples of glacier ListVaults and ListTagsForVault."""
    arn = "arn:aws:glacier:us-west-2:0123456789012:vaults/my-vault"
    vault = {
        "CreationDate": "2015-04-06T21:23:45.708Z",
        "LastInventoryDate": "2015-04-07T00:26:19.028Z",
        "NumberOfArchives": 1,
        "SizeInBytes": 3178496,
        "VaultARN": arn,
        "VaultName": "my-vault",
    }
    row = replay(
        "Ext::Glacier::Vault",
        "012345678901",
        "us-west-2",
        {
            "ListVaults": {"VaultList": [vault]},
            "ListTagsForVault": {"Tags": {"date": "july2015", "id": "1234"}},
        },
    ).row
    assert (row["keys"], row["tags"]) == ([arn, "my-vault"], {"date": "july2015", "id": "1234"})
    assert row["created_at"].year == 2015


def test_device_farm_project_and_its_own_pools() -> None:
    """botocore's examples of devicefarm ListProjects and ListDevicePools."""
    farm = "arn:aws:devicefarm:us-west-2:123456789101"
    arn = f"{farm}:project:7ad300ed-8183-41a7-bf94-12345EXAMPLE"
    projects = [{"name": "My Test Project", "arn": arn, "created": "1453163262.105"}]
    pool = f"{farm}:devicepool:5e01a8c7-c861-4c0a-b1d5-5ec6e6c6dd23/bf96e75a-28f6-4e61-12345EXAMPLE"
    pools = [
        {
            "name": "My Android Device Pool",
            "arn": pool,
            "description": "Samsung Galaxy Android devices",
        }
    ]
    answers = {
        "ListProjects": {"projects": projects},
        "ListDevicePools": {"devicePools": pools},
    }
    project = replay("AWS::DeviceFarm::Project", "123456789101", "us-west-2", answers).row
    assert (project["keys"], project["name"]) == ([arn], "My Test Project")
    assert project["created_at"].year == 2016
    row = replay("AWS::DeviceFarm::DevicePool", "123456789101", "us-west-2", answers).row
    assert (row["keys"], row["parent_arn"]) == ([pool], arn)


def test_behaviour_graph() -> None:
    """detective/list-graphs; the page has milliseconds, where the API answers a moment."""
    arn = "arn:aws:detective:us-east-1:111122223333:graph:123412341234"
    answer = {"Arn": arn, "CreatedTime": 1579736111.0}
    row = replay(
        "AWS::Detective::Graph",
        "111122223333",
        "us-east-1",
        {"ListGraphs": {"GraphList": [answer]}},
    ).row
    assert row["keys"] == [arn]
    assert row["created_at"].year == 2020


POLICY = {
    "PolicyArn": "arn:aws:fms:us-west-2:123456789012:policy/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111",
    "PolicyId": "a1b2c3d4-5678-90ab-cdef-EXAMPLE11111",
    "PolicyName": "test",
    "ResourceType": "AWS::EC2::Instance",
    "SecurityServiceType": "SECURITY_GROUPS_COMMON",
    "RemediationEnabled": False,
}


def test_firewall_manager_policy() -> None:
    """fms/list-policies."""
    row = replay(
        "AWS::FMS::Policy", "123456789012", "us-west-2", {"ListPolicies": {"PolicyList": [POLICY]}}
    ).row
    assert row["keys"] == [POLICY["PolicyArn"], POLICY["PolicyId"]]


@pytest.mark.parametrize(
    ("resource_type", "operation", "message"),
    [
        ("AWS::FMS::Policy", "ListPolicies", "No default admin could be found for account 1"),
        (
            "AWS::AuditManager::Assessment",
            "ListAssessments",
            "Please complete AWS Audit Manager setup from home page to enable this action in this"
            " account.",
        ),
    ],
)
def test_who_never_set_a_service_up_has_nothing_in_it(
    resource_type: str, operation: str, message: str
) -> None:
    """As told in https://github.com/rebuy-de/aws-nuke/issues/992 and
    https://github.com/turbot/steampipe-plugin-aws/issues/1107."""
    error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, operation)
    assert replay(resource_type, "123456789012", "us-west-2", {operation: error}).rows == []


def test_a_role_that_may_not_list_is_denied_all_the_same() -> None:
    message = "User: arn:aws:sts::123456789012:x is not authorized to perform: fms:ListPolicies"
    error = ClientError(
        {"Error": {"Code": "AccessDeniedException", "Message": message}}, "ListPolicies"
    )
    with pytest.raises(AssertionError, match="denied"):
        replay("AWS::FMS::Policy", "123456789012", "us-west-2", {"ListPolicies": error})
