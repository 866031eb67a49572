"""The shipped queries: each runs inside the walls, tells what it is for, finds what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import UsageError
from scanner.queries import named, named_queries
from scanner.sandbox import run_query
from scanner.store import Store
from tests.reports.sample import IMAGE, PRODUCTION, SANDBOX, estate

NAMES = sorted(named_queries())


@pytest.mark.parametrize("name", NAMES)
def test_every_query_tells_what_it_is_and_runs_where_users_queries_run(
    name: str, database: Path
) -> None:
    query = named(name)
    assert query.title
    assert query.about.endswith(".")
    assert run_query(database, query.sql).columns


@pytest.mark.parametrize("name", NAMES)
def test_every_query_gives_the_same_order_each_time(name: str) -> None:
    assert "ORDER BY" in named(name).sql
    assert estate().rows(named(name).sql) == estate().rows(named(name).sql)


def rows(name: str, store: Store | None = None) -> list[dict]:
    return (store or estate()).rows(named(name).sql)


def test_what_the_issue_asks_for_is_there() -> None:
    assert {
        "coverage_by_team", "oldest_strays", "strays_by_creator", "iam_made_by_hand",
        "public_and_unmanaged",
    } <= set(NAMES)  # fmt: skip


def test_coverage_by_team_counts_every_resource_once() -> None:
    store = estate()
    store.run("UPDATE resource SET tags = MAP {'team': 'web'} WHERE account_id = ?", [PRODUCTION])
    found = {row["team"]: row for row in rows("coverage_by_team", store)}
    assert found["web"]["resources"] == 4
    assert found["web"]["coverage"] == 75
    total = store.value("SELECT count(*) FROM inventory WHERE status <> 'default'")
    assert sum(row["resources"] for row in found.values()) == total


def test_iam_by_hand_lists_principals_and_their_policies() -> None:
    assert next(row["name"] for row in rows("iam_made_by_hand")) == "ghost"


@pytest.mark.parametrize(
    ("properties", "because"),
    [
        ('{"CidrIp": "0.0.0.0/0"}', "from or to any address"),
        ('{"CidrIpv6":"::/0"}', "from or to any address"),
        ('{"PubliclyAccessible": true}', "a public flag"),
        ('{"Scheme":"internet-facing"}', "internet-facing"),
        ('{"PublicIpAddress": "54.1.2.3"}', "a public address"),
        ('{"Policy": {"Statement": [{"Principal": "*"}]}}', "a policy for everyone"),
        ('{"Statement": [{"Principal": {"AWS": "*"}}]}', "a policy for everyone"),
        ('{"PubliclyAccessible": false, "CidrIp": "10.0.0.0/8"}', None),
    ],
)
def test_public_strays_are_told_by_their_properties(properties: str, because: str | None) -> None:
    store = estate()
    store.run("UPDATE resource SET properties = ? WHERE name = ?", [properties, IMAGE])
    found = [row["because"] for row in rows("public_and_unmanaged", store)]
    assert found == ([because] if because else [])


def test_regions_with_only_strays_leave_out_those_that_code_uses() -> None:
    places = [(row["account_id"], row["region"]) for row in rows("regions_with_only_strays")]
    assert places == [("222222222222", "us-east-1")]
    assert SANDBOX not in dict(places)


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'x'; there are .*coverage_by_team"):
        named("x")
