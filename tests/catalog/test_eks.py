"""EKS, verified on the emulator."""

from __future__ import annotations

import pytest

from tests.catalog.look import look
from tests.catalog.places import Network, arn, network
from tests.catalog.reading import owned
from tests.catalog.test_owned_network import judged
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


@pytest.mark.parametrize(("made", "owners"), [("10:00:40", 1), ("10:20:00", 0)])
def test_the_entry_made_with_the_cluster_is_the_clusters(made: str, owners: int) -> None:
    entry = {"clusterName": "main", "principalArn": "arn:aws:iam::111111111111:role/ci"}
    cluster = {
        "_arn": "arn:aws:eks:us-east-1:111111111111:cluster/main", "name": "main",
        "accessConfig": {"bootstrapClusterCreatorAdminPermissions": True},
        "createdAt": "2026-01-01T10:00:00Z",
    }  # fmt: skip
    more = {"accessEntryArn": "arn:a", "createdAt": f"2026-01-01T{made}Z", "_parent": cluster}
    assert len(judged("AWS::EKS::AccessEntry", {**entry, **more})["_owned"]) == owners


def test_a_node_group_owns_the_entry_of_its_nodes() -> None:
    group = judged(
        "AWS::EKS::Nodegroup",
        {
            "clusterName": "main", "nodegroupName": "w", "nodegroupArn": "arn:g",
            "nodeRole": "arn:r", "_parent": {"_arn": "arn:c", "name": "main"},
        },
    )  # fmt: skip
    assert ("C61", "target", "AWS::EKS::AccessEntry", "main:arn:r") in group["_owned"]
