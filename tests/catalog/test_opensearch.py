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
