"""SageMaker, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import arn, network, role, tags
from tests.catalog.reading import links, owned, rows
from tests.world import World


def test_notebook_instance(world: World) -> None:
    place, worker = network(world), role(world)
    world.client("sagemaker").create_notebook_instance(
        NotebookInstanceName="lab", InstanceType="ml.t3.medium", RoleArn=worker,
        SubnetId=place.subnets[0], SecurityGroupIds=[place.group], Tags=tags(team="data"),
    )  # fmt: skip
    found = look(world, "AWS::SageMaker::NotebookInstance")
    assert found.row["arn"] == arn(world, "sagemaker", "notebook-instance/lab")
    assert found.row["keys"] == [found.row["arn"], "lab"]
    assert found.row["tags"] == {"team": "data"}
    assert found.row["created_at"] is not None
    assert ("assumes", "AWS::IAM::Role", worker, None) in found.links


@pytest.fixture
def model(world: World) -> None:
    client = world.client("sagemaker")
    client.create_model(
        ModelName="rank", ExecutionRoleArn=role(world), Tags=tags(team="data"),
        PrimaryContainer={"Image": "x", "Environment": {"PASSWORD": "hunter2"}},
    )  # fmt: skip
    client.create_endpoint_config(
        EndpointConfigName="rank-1",
        ProductionVariants=[
            {
                "VariantName": "a", "ModelName": "rank", "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.large",
            }
        ],
    )  # fmt: skip
    client.create_endpoint(EndpointName="rank", EndpointConfigName="rank-1")


def test_model_endpoint_and_its_configuration(world: World, model: None) -> None:
    found = look(world, "AWS::SageMaker::Model").row
    assert found["keys"] == [arn(world, "sagemaker", "model/rank"), "rank"]
    assert found["tags"] == {"team": "data"}
    assert "hunter2" not in str(found["properties"])
    config = look(world, "AWS::SageMaker::EndpointConfig").row
    assert config["keys"] == [arn(world, "sagemaker", "endpoint-config/rank-1"), "rank-1"]
    endpoint = look(world, "AWS::SageMaker::Endpoint")
    assert endpoint.row["keys"] == [arn(world, "sagemaker", "endpoint/rank"), "rank"]
    assert endpoint.links == {("uses", "AWS::SageMaker::EndpointConfig", "rank-1", None)}


def test_domain_owns_the_file_system_of_its_users(world: World) -> None:
    place = network(world)
    client = world.client("sagemaker")
    made = client.create_domain(
        DomainName="studio", AuthMode="IAM", SubnetIds=place.subnets, VpcId=place.vpc,
        DefaultUserSettings={"ExecutionRole": role(world)},
    )["DomainArn"]  # fmt: skip
    store = world.collect("AWS::SageMaker::Domain")  # the emulator knows no tags of domains
    (found,) = rows(store, "AWS::SageMaker::Domain")
    assert found["keys"] == [made, made.rpartition("/")[2]]
    assert ("in_vpc", "AWS::EC2::VPC", place.vpc) in links(store, made)
    described = client.describe_domain(DomainId=found["resource_id"])
    home, boundary = "HomeEfsFileSystemId", "SecurityGroupIdForDomainBoundary"
    entrance = "SingleSignOnApplicationArn"
    assert owned(store, made) == {
        ("D29", "target", "AWS::EFS::FileSystem", described[home]),
        ("N27", "target", "AWS::EC2::SecurityGroup", described[boundary]),
        ("I23", "target", "AWS::SSO::Application", described[entrance]),
    }


def test_pipeline_and_package_group(world: World) -> None:
    client = world.client("sagemaker")
    client.create_pipeline(
        PipelineName="train", PipelineDefinition="{}", ClientRequestToken="t" * 32,
        RoleArn=role(world),
    )  # fmt: skip
    client.create_model_package_group(ModelPackageGroupName="ranks", Tags=tags(team="data"))
    pipeline = look(world, "AWS::SageMaker::Pipeline").row
    assert pipeline["keys"] == [arn(world, "sagemaker", "pipeline/train"), "train"]
    group = look(world, "AWS::SageMaker::ModelPackageGroup").row
    assert group["resource_id"] == "ranks"
