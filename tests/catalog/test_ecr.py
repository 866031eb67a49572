"""ECR, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, key, tags
from tests.catalog.reading import owned
from tests.world import World


def test_repository(world: World) -> None:
    master = key(world)
    world.client("ecr").create_repository(
        repositoryName="web", tags=tags(team="shop"),
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": master},
    )  # fmt: skip
    found = look(world, "AWS::ECR::Repository")
    assert found.row["arn"] == arn(world, "ecr", "repository/web")
    assert found.row["keys"] == [found.row["arn"], "web"]
    assert found.row["tags"] == {"team": "shop"}
    assert found.row["created_at"] is not None
    assert found.links == {("encrypted_by", "AWS::KMS::Key", master, None)}


def test_repository_under_a_prefix_may_be_of_a_pull_through_cache_rule(world: World) -> None:
    world.client("ecr").create_repository(repositoryName="docker-hub/library/nginx")
    store = world.collect("AWS::ECR::Repository")
    found = owned(store, arn(world, "ecr", "repository/docker-hub/library/nginx"))
    assert found == {("A25", "self", "AWS::ECR::PullThroughCacheRule", "docker-hub")}
