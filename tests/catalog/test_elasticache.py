"""ElastiCache, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, network, tags
from tests.catalog.reading import owned
from tests.world import World


def test_cluster(world: World) -> None:
    cache = world.client("elasticache")
    place = network(world)
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="private", CacheSubnetGroupDescription="x", SubnetIds=place.subnets
    )
    cache.create_cache_cluster(
        CacheClusterId="sessions", Engine="redis", CacheNodeType="cache.t3.micro",
        NumCacheNodes=1, CacheSubnetGroupName="private", Tags=tags(team="shop"),
    )  # fmt: skip
    found = look(world, "AWS::ElastiCache::CacheCluster")
    assert found.row["arn"] == arn(world, "elasticache", "cluster:sessions")
    assert found.row["keys"] == [found.row["arn"], "sessions"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert ("uses", "AWS::ElastiCache::SubnetGroup", "private", None) in found.links


def test_replication_group(world: World) -> None:
    world.client("elasticache").create_replication_group(
        ReplicationGroupId="feeds", ReplicationGroupDescription="x", NumCacheClusters=2,
        CacheNodeType="cache.t3.micro", Engine="redis", Tags=tags(team="shop"),
    )  # fmt: skip
    found = look(world, "AWS::ElastiCache::ReplicationGroup")
    assert found.row["arn"] == arn(world, "elasticache", "replicationgroup:feeds")
    assert found.row["keys"] == [found.row["arn"], "feeds"]
    assert found.row["tags"] == {"team": "shop"}


def test_subnet_groups_one_ones_own_and_one_default(world: World) -> None:
    place = network(world)
    world.client("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName="private", CacheSubnetGroupDescription="x",
        SubnetIds=place.subnets, Tags=tags(team="shop"),
    )  # fmt: skip
    found = look(world, "AWS::ElastiCache::SubnetGroup")
    own = found.named("private")
    assert own["arn"] == arn(world, "elasticache", "subnetgroup:private")
    assert own["tags"] == {"team": "shop"}
    assert own["default_rule"] is None
    assert ("in_vpc", "AWS::EC2::VPC", place.vpc, None) in found.links


def test_the_user_called_default_is_aws_own(world: World) -> None:
    world.client("elasticache").create_user(
        UserId="reader", UserName="reader", Engine="redis", AccessString="on ~* +get",
        NoPasswordRequired=True,
    )  # fmt: skip
    found = look(world, "AWS::ElastiCache::User")
    assert found.named("reader")["arn"] == arn(world, "elasticache", "user:reader")
    assert found.named("reader")["default_rule"] is None
    assert found.named("default")["default_rule"] == "D10"


def test_snapshot_made_by_hand_is_nobodys(world: World) -> None:
    cache = world.client("elasticache")
    cache.create_cache_cluster(
        CacheClusterId="sessions", Engine="redis", NumCacheNodes=1, CacheNodeType="cache.t3.micro"
    )
    cache.create_snapshot(SnapshotName="before", CacheClusterId="sessions")
    found = look(world, "Ext::ElastiCache::Snapshot")
    assert found.row["arn"] == arn(world, "elasticache", "snapshot:before")
    assert owned(world.collect("Ext::ElastiCache::Snapshot"), found.row["arn"]) == set()
