"""CodeBuild, CodePipeline, CodeCommit and CodeDeploy, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, role
from tests.world import World


def test_build_project_keeps_no_environment(world: World) -> None:
    worker = role(world)
    variable = {"name": "PASSWORD", "value": "hunter2"}
    world.client("codebuild").create_project(
        name="build",
        source={"type": "S3", "location": "artifacts/a.zip", "buildspec": "echo hunter2"},
        artifacts={"type": "NO_ARTIFACTS"}, serviceRole=worker,
        environment={
            "type": "LINUX_CONTAINER", "image": "x", "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [variable],
        },
        tags=[{"key": "team", "value": "shop"}],
    )  # fmt: skip
    found = look(world, "AWS::CodeBuild::Project")
    assert found.row["arn"] == found.row["terraform_id"] == arn(world, "codebuild", "project/build")
    assert found.row["keys"] == [found.row["arn"], "build"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert "hunter2" not in str(found.row["properties"])
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links


def test_pipeline(world: World) -> None:
    source = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    deploy = {**source, "category": "Deploy"}
    config = {"S3Bucket": "artifacts", "S3ObjectKey": "k", "OAuthToken": "hunter2"}
    stages = [
        {
            "name": kind["category"],
            "actions": [{"name": "a", "actionTypeId": kind, "configuration": config}],
        }
        for kind in (source, deploy)
    ]
    trust = '{"Statement": [{"Principal": {"Service": "codepipeline.amazonaws.com"}}]}'
    worker = world.client("iam").create_role(RoleName="pipe", AssumeRolePolicyDocument=trust)
    world.client("codepipeline").create_pipeline(
        pipeline={
            "name": "release", "roleArn": worker["Role"]["Arn"], "stages": stages,
            "artifactStore": {"type": "S3", "location": "artifacts"},
        },
        tags=[{"key": "team", "value": "shop"}],
    )  # fmt: skip
    found = look(world, "AWS::CodePipeline::Pipeline")
    assert found.row["keys"] == [arn(world, "codepipeline", "release"), "release"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert "hunter2" not in str(found.row["properties"])


def test_deploy_application_and_group(world: World) -> None:
    deploy = world.client("codedeploy")
    made = deploy.create_application(
        applicationName="web", computePlatform="Server", tags=[{"Key": "team", "Value": "shop"}]
    )["applicationId"]
    group = deploy.create_deployment_group(
        applicationName="web", deploymentGroupName="live", serviceRoleArn=role(world)
    )["deploymentGroupId"]
    application = look(world, "AWS::CodeDeploy::Application").row
    assert application["arn"] == arn(world, "codedeploy", "application:web")
    assert application["keys"] == [application["arn"], f"{made}:web", "web"]
    assert application["tags"] == {"team": "shop"}
    live = look(world, "AWS::CodeDeploy::DeploymentGroup").row
    assert live["arn"] == arn(world, "codedeploy", "deploymentgroup:web/live")
    assert live["keys"] == [live["arn"], group, "web|live"]
