"""OpenSearch, verified on the emulator."""

from __future__ import annotations

from tests.catalog.look import look
from tests.catalog.places import arn, tags
from tests.world import World


def test_domains_are_described_five_at_a_time(world: World) -> None:
    client = world.client("opensearch")
    for number in range(6):
        client.create_domain(DomainName=f"search-{number}", TagList=tags(team="shop"))
    found = look(world, "AWS::OpenSearchService::Domain")
    assert [row["name"] for row in found.rows] == [f"search-{number}" for number in range(6)]
    one = found.named("search-5")
    assert one["arn"] == one["terraform_id"] == arn(world, "es", "domain/search-5")
    assert one["keys"] == [one["arn"], "search-5"]
    assert one["tags"] == {"team": "shop"}


def test_serverless_collection(world: World) -> None:
    client = world.client("opensearchserverless")
    policy = '{"Rules": [{"ResourceType": "collection", "Resource": ["collection/logs"]}]}'
    client.create_security_policy(name="sealed", type="encryption", policy=policy)
    made = client.create_collection(name="logs")["createCollectionDetail"]
    found = look(world, "AWS::OpenSearchServerless::Collection")
    assert found.row["keys"] == [made["arn"], made["id"]]
    assert found.row["created_at"] is not None
