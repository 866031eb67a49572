"""Strays that belong together are one unit, named after its most telling member."""

from __future__ import annotations

import pytest

from rules.run import check
from scanner.clusters import CROWD, gather, noun
from scanner.config import Config
from scanner.store import Store
from tests.graph.webstack import link, stack, thing
from tests.resolve.build import SCAN, resolved


def clusters(store: Store) -> list[dict[str, object]]:
    gather(store, SCAN)
    return store.rows("SELECT * FROM clusters ORDER BY name")


def test_web_stack_is_one_unit_named_after_its_load_balancer() -> None:
    (found,) = clusters(stack())
    told = "hand-made web stack lb-shop: load balancer, 3 instances, VPC, role, 2 subnets"
    assert (found["name"], found["dependents"]) == (told, 1)
    assert str(found["arn"]).endswith("lb-shop")


def test_what_only_shares_the_default_vpc_or_managed_things_is_no_unit() -> None:
    (found,) = clusters(stack())
    names = {str(arn).rpartition(":")[2] for arn in found["members"]}  # type: ignore[attr-defined]
    assert names.isdisjoint({"i-other", "sg-hand", "queue-alone", "vpc-default", "i-code"})


def test_findings_of_members_and_no_others_name_their_cluster() -> None:
    store = stack()
    check(store, Config(), SCAN)
    (found,) = clusters(store)
    rows = store.rows(
        "SELECT DISTINCT arn FROM findings WHERE cluster_id = ?", [found["cluster_id"]]
    )
    assert {row["arn"] for row in rows} == set(found["members"])  # type: ignore[call-overload]


def test_key_that_a_crowd_merely_uses_makes_no_unit_of_it() -> None:
    key = thing("key-all")
    disks = [thing(f"vol-{number}") for number in range(CROWD + 1)]
    everything = [key, *disks]
    links = [link(disk, "encrypted_by", key) for disk in disks]
    assert clusters(resolved(everything, links=links)) == []
    assert len(clusters(resolved(everything[:-1], links=links[:-1]))) == 1


def test_crowd_in_one_hand_made_vpc_is_one_unit() -> None:
    vpc = thing("vpc-hand")
    servers = [thing(f"i-{number}") for number in range(CROWD + 1)]
    links = [link(server, "in_vpc", vpc) for server in servers]
    (found,) = clusters(resolved([vpc, *servers], links=links))
    assert found["name"] == f"hand-made server i-0: {CROWD + 1} instances, VPC"


def test_cluster_keeps_its_id_when_a_member_comes_or_goes() -> None:
    one, two, three = (thing(f"i-{number}") for number in "123")
    links = [link(two, "uses", one), link(three, "uses", one)]
    (few,), (more,) = (
        clusters(resolved([one, two], links=links[:1])),
        clusters(resolved([one, two, three], links=links)),
    )
    assert few["cluster_id"] == more["cluster_id"]
    assert few["members"] != more["members"]


def test_gathering_twice_gives_the_same() -> None:
    store = stack()
    assert clusters(store) == clusters(store)


@pytest.mark.parametrize(
    ("resource_type", "count", "told"),
    [
        ("AWS::EC2::VPC", 1, "VPC"),
        ("AWS::EC2::VPC", 2, "2 VPCs"),
        ("AWS::EC2::NetworkInterface", 3, "3 network interfaces"),
        ("AWS::EC2::EIP", 2, "2 addresses"),
        ("AWS::IAM::ManagedPolicy", 2, "2 policies"),
        ("AWS::EC2::KeyPair", 1, "key pair"),
        ("AWS::KMS::Key", 2, "2 keys"),
        ("AWS::RDS::DBInstance", 1, "database"),
        ("AWS::EC2::VPCGatewayAttachment", 1, "VPC gateway attachment"),
    ],
)
def test_types_read_as_words(resource_type: str, count: int, told: str) -> None:
    assert noun(resource_type, count) == told
