"""VPC Lattice, verified on the emulator."""

from __future__ import annotations

from scanner import catalog
from scanner.documents import apply_rules
from tests.catalog.look import look
from tests.catalog.places import network
from tests.world import World


def test_service_network_and_what_is_in_it(world: World) -> None:
    client = world.client("vpc-lattice")
    made = client.create_service_network(name="shop-network", tags={"team": "shop"})
    service = client.create_service(name="orders-service")
    joined = client.create_service_network_service_association(
        serviceNetworkIdentifier=made["id"], serviceIdentifier=service["id"]
    )
    vpc = network(world).vpc
    let_in = client.create_service_network_vpc_association(
        serviceNetworkIdentifier=made["id"], vpcIdentifier=vpc
    )
    row = look(world, "AWS::VpcLattice::ServiceNetwork").row
    assert row["keys"] == [made["arn"], made["id"]]
    assert (row["name"], row["tags"]) == ("shop-network", {"team": "shop"})
    found = look(world, "AWS::VpcLattice::ServiceNetworkServiceAssociation")
    assert found.row["arn"] == joined["arn"]
    assert ("uses", "AWS::VpcLattice::Service", service["id"], None) in found.links
    found = look(world, "AWS::VpcLattice::ServiceNetworkVpcAssociation")
    assert found.row["arn"] == let_in["arn"]
    assert ("in_vpc", "AWS::EC2::VPC", vpc, None) in found.links


def test_service_and_listener(world: World) -> None:
    client = world.client("vpc-lattice")
    service = client.create_service(name="orders-service", tags={"team": "shop"})
    listener = client.create_listener(
        serviceIdentifier=service["id"], name="https", protocol="HTTPS",
        defaultAction={"fixedResponse": {"statusCode": 404}},
    )  # fmt: skip
    row = look(world, "AWS::VpcLattice::Service").row
    assert (row["arn"], row["tags"]) == (service["arn"], {"team": "shop"})
    found = look(world, "AWS::VpcLattice::Listener")
    assert found.row["keys"] == [
        listener["arn"], f"{service['id']}/{listener['id']}", listener["id"]
    ]  # fmt: skip
    assert ("contains", "AWS::VpcLattice::Service", service["arn"], "self") in found.links


def test_target_group(world: World) -> None:
    vpc = network(world).vpc
    made = world.client("vpc-lattice").create_target_group(
        name="orders", type="INSTANCE",
        config={"port": 80, "protocol": "HTTP", "vpcIdentifier": vpc},
    )  # fmt: skip
    found = look(world, "AWS::VpcLattice::TargetGroup")
    assert found.row["keys"] == [made["arn"], made["id"]]
    assert ("in_vpc", "AWS::EC2::VPC", vpc, None) in found.links


def test_service_networks_that_others_share_are_rows_there() -> None:
    """The two ARNs of vpc-lattice/list-service-networks: the account's own and a shared one."""
    rules = catalog.load().rules["AWS::VpcLattice::ServiceNetwork"]
    own = "arn:aws:vpc-lattice:us-east-2:123456789012:servicenetwork/sn-080ec7dc93EXAMPLE"
    shared = "arn:aws:vpc-lattice:us-east-2:111122223333:servicenetwork/sn-0ec4d436cfEXAMPLE"
    assert apply_rules(rules, {"_account": "123456789012", "_arn": own})
    assert not apply_rules(rules, {"_account": "123456789012", "_arn": shared})
