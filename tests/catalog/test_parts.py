"""Parts of well-known services that cost, open or hide something, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn
from tests.world import World


def test_namespace_of_a_table_bucket(world: World) -> None:
    client = world.client("s3tables")
    bucket = client.create_table_bucket(name="lake")["arn"]
    client.create_namespace(tableBucketARN=bucket, namespace=["raw"])
    found = look(world, "AWS::S3Tables::Namespace").row
    assert found["keys"] == [f"{bucket}/namespace/raw", f"{bucket};raw", f"{bucket}|raw"]


def test_commands_of_a_maintenance_window_without_their_parameters(world: World) -> None:
    client = world.client("ssm")
    window = client.create_maintenance_window(
        Name="night", Schedule="cron(0 1 * * ? *)", Duration=2, Cutoff=1,
        AllowUnassociatedTargets=True,
    )["WindowId"]  # fmt: skip
    task = client.register_task_with_maintenance_window(
        WindowId=window, TaskArn="AWS-RunShellScript", TaskType="RUN_COMMAND", Name="clean",
        TaskParameters={"commands": {"Values": ["echo hunter2"]}},
    )["WindowTaskId"]  # fmt: skip
    found = look(world, "AWS::SSM::MaintenanceWindowTask").row
    assert found["keys"] == [arn(world, "ssm", f"windowtask/{task}"), task, f"{window}|{task}"]
    assert "hunter2" not in str(found["properties"])


def test_receipt_rule_in_its_set(world: World) -> None:
    client = world.client("ses")
    world.client("s3").create_bucket(Bucket=f"letters-{world.account_id}")
    client.create_receipt_rule_set(RuleSetName="mail")
    client.create_receipt_rule(
        RuleSetName="mail",
        Rule={
            "Name": "copy",
            "Actions": [{"S3Action": {"BucketName": f"letters-{world.account_id}"}}],
        },
    )
    found = look(world, "AWS::SES::ReceiptRule")
    assert "mail:copy" in found.row["keys"]
    assert ("delivers_to", "AWS::S3::Bucket", f"letters-{world.account_id}", None) in found.links


def test_contact_list(world: World) -> None:
    world.client("sesv2").create_contact_list(ContactListName="friends")
    found = look(world, "AWS::SES::ContactList").row
    assert found["keys"] == [arn(world, "ses", "contact-list/friends"), "friends"]


def test_grant_to_copy_snapshots_elsewhere(world: World) -> None:
    world.client("redshift").create_snapshot_copy_grant(
        SnapshotCopyGrantName="away", KmsKeyId="key"
    )
    found = look(world, "Ext::Redshift::SnapshotCopyGrant")
    assert found.row["keys"] == [arn(world, "redshift", "snapshotcopygrant:away"), "away"]


def test_security_policies_of_both_kinds(world: World) -> None:
    client = world.client("opensearchserverless")
    rules = '{"Rules":[{"ResourceType":"collection","Resource":["collection/logs"]}]}'
    client.create_security_policy(name="logs", type="encryption", policy=rules)
    client.create_security_policy(
        name="logs", type="network", policy='[{"Rules":[],"AllowFromPublic":true}]'
    )
    keys = [
        found["keys"] for found in look(world, "AWS::OpenSearchServerless::SecurityPolicy").rows
    ]
    start = arn(world, "aoss", "securitypolicy")
    assert keys == [
        [f"{start}/encryption/logs", "logs/encryption", "encryption|logs"],
        [f"{start}/network/logs", "logs/network", "network|logs"],
    ]


def test_cache_of_an_api(world: World) -> None:
    client = world.client("appsync")
    api = client.create_graphql_api(name="api", authenticationType="API_KEY")["graphqlApi"]
    client.create_graphql_api(name="without", authenticationType="API_KEY")
    client.create_api_cache(
        apiId=api["apiId"], ttl=60, apiCachingBehavior="FULL_REQUEST_CACHING", type="SMALL"
    )
    found = look(world, "AWS::AppSync::ApiCache").row
    assert found["keys"] == [f"{api['arn']}/cache", api["apiId"]]


def test_rules_of_a_prometheus_workspace(world: World) -> None:
    client = world.client("amp")
    workspace = client.create_workspace(alias="w")["workspaceId"]
    made = client.create_rule_groups_namespace(
        workspaceId=workspace, name="alarms", data=b"groups: []"
    )["arn"]
    found = look(world, "AWS::APS::RuleGroupsNamespace").row
    assert (found["keys"], found["name"]) == ([made], "alarms")


def test_task_set_of_a_service(world: World) -> None:
    client = world.client("ecs")
    client.create_cluster(clusterName="c")
    client.register_task_definition(
        family="t", containerDefinitions=[{"name": "t", "image": "t", "memory": 64}]
    )
    service = client.create_service(
        cluster="c", serviceName="s", deploymentController={"type": "EXTERNAL"}
    )["service"]
    made = client.create_task_set(cluster="c", service="s", taskDefinition="t")["taskSet"]
    found = look(world, "AWS::ECS::TaskSet")
    assert f"{made['id']},{service['serviceArn']},{service['clusterArn']}" in found.row["keys"]
    assert not any(kind == "owns" for kind, *_ in found.links)
