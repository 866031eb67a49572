"""Route 53, verified on the emulator."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.look import look
from tests.catalog.places import network, tags
from tests.catalog.reading import owned
from tests.world import World


@pytest.fixture
def zone(world: World) -> str:
    made = world.client("route53").create_hosted_zone(Name="shop.example", CallerReference="t")
    return str(made["HostedZone"]["Id"]).removeprefix("/hostedzone/")


def record(world: World, zone: str, name: str, kind: str = "A", **more: Any) -> None:
    change = {
        "Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}], **more
    }  # fmt: skip
    world.client("route53").change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": change}]},
    )


def test_zone_has_its_id_without_the_prefix(world: World, zone: str) -> None:
    world.client("route53").change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone, AddTags=tags(team="shop")
    )
    found = look(world, "AWS::Route53::HostedZone")
    assert found.row["arn"] == f"arn:aws:route53:::hostedzone/{zone}"
    assert found.row["keys"] == [found.row["arn"], zone]
    assert found.row["name"] == "shop.example"
    assert found.row["region"] == "global"
    assert found.row["tags"] == {"team": "shop"}


def test_private_zone_names_its_networks(world: World) -> None:
    place = network(world)
    world.client("route53").create_hosted_zone(
        Name="inner.example", CallerReference="t",
        HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": "us-east-1", "VPCId": place.vpc},
    )  # fmt: skip
    found = look(world, "AWS::Route53::HostedZone")
    assert found.links == {("in_vpc", "AWS::EC2::VPC", place.vpc, None)}


def test_record_is_found_by_zone_name_type_and_set(world: World, zone: str) -> None:
    record(world, zone, "www.shop.example")
    record(world, zone, "*.shop.example", SetIdentifier="blue/1", Weight=10)
    rows = {row["name"]: row for row in look(world, "AWS::Route53::RecordSet").rows}
    plain, weighted = rows["www.shop.example"], rows["*.shop.example"]
    assert f"{zone}|www.shop.example|A|" in plain["keys"]
    assert plain["resource_id"] == f"{zone}|www.shop.example.|A"
    assert plain["terraform_id"] == f"{zone}_www.shop.example_A"
    assert f"{zone}|*.shop.example|A|blue/1" in weighted["keys"]
    assert weighted["terraform_id"] == f"{zone}_*.shop.example_A_blue/1"
    assert weighted["arn"].endswith("/A/blue/1")
    assert plain["parent_arn"] == f"arn:aws:route53:::hostedzone/{zone}"


def test_records_of_the_apex_that_come_with_a_zone_are_its_own(world: World, zone: str) -> None:
    record(world, zone, "shop.example")
    record(world, zone, "sub.shop.example", "NS", ResourceRecords=[{"Value": "ns.example"}])
    store = world.collect("AWS::Route53::RecordSet")
    own = {
        row["resource_id"].split("|", 1)[1]
        for row in look(world, "AWS::Route53::RecordSet").rows
        if owned(store, row["arn"])
    }
    assert own == {"shop.example.|NS", "shop.example.|SOA"}


def test_health_check(world: World) -> None:
    route53 = world.client("route53")
    made = route53.create_health_check(
        CallerReference="t",
        HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "shop.example"},
    )["HealthCheck"]["Id"]
    route53.change_tags_for_resource(
        ResourceType="healthcheck", ResourceId=made, AddTags=tags(Name="front")
    )
    found = look(world, "AWS::Route53::HealthCheck")
    assert found.row["arn"] == f"arn:aws:route53:::healthcheck/{made}"
    assert found.row["keys"] == [found.row["arn"], made]
    assert found.row["name"] == "front"
    assert found.row["default_rule"] is None


def test_delegation_set(world: World) -> None:
    made = world.client("route53").create_reusable_delegation_set(CallerReference="t")
    plain = made["DelegationSet"]["Id"].removeprefix("/delegationset/")
    assert look(world, "Ext::Route53::ReusableDelegationSet").row["resource_id"] == plain
