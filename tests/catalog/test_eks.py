"""EKS, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import Network, arn, network
from tests.catalog.reading import owned
from tests.world import World


@pytest.fixture
def place(world: World) -> Network:
    found = network(world)
    world.client("eks").create_cluster(
        name="main", roleArn=arn(world, "iam", "role/eks", ""), tags={"team": "shop"},
        resourcesVpcConfig={"subnetIds": found.subnets, "securityGroupIds": [found.group]},
    )  # fmt: skip
    return found


def test_cluster_names_its_network_and_keeps_no_certificate(world: World, place: Network) -> None:
    found = look(world, "AWS::EKS::Cluster")
    assert found.row["arn"] == arn(world, "eks", "cluster/main")
    assert found.row["keys"] == [found.row["arn"], "main"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert ("attached_to", "AWS::EC2::Subnet", place.subnets[0], None) in found.links
    assert "certificateAuthority" not in found.row["properties"]


def test_node_group_has_the_ids_of_terraform_and_of_cloudformation(
    world: World, place: Network
) -> None:
    made = world.client("eks").create_nodegroup(
        clusterName="main", nodegroupName="workers", subnets=place.subnets,
        nodeRole=arn(world, "iam", "role/node", ""), tags={"team": "shop"},
    )["nodegroup"]  # fmt: skip
    found = look(world, "AWS::EKS::Nodegroup")
    assert found.row["arn"] == made["nodegroupArn"]
    assert found.row["keys"][1:] == ["main:workers", "main|workers", "main/workers"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["parent_arn"] == arn(world, "eks", "cluster/main")
    group = made["resources"]["autoScalingGroups"][0]["name"]
    rules = owned(world.collect("AWS::EKS::Nodegroup"), found.row["arn"])
    assert ("C6", "target", "AWS::AutoScaling::AutoScalingGroup", group) in rules


def test_fargate_profile(world: World, place: Network) -> None:
    world.client("eks").create_fargate_profile(
        clusterName="main", fargateProfileName="batch", subnets=place.subnets,
        podExecutionRoleArn=arn(world, "iam", "role/pods", ""),
        selectors=[{"namespace": "batch"}],
    )  # fmt: skip
    found = look(world, "AWS::EKS::FargateProfile")
    assert found.row["keys"][1:] == ["main:batch", "main|batch", "main/batch"]
    assert found.row["created_at"] is not None
