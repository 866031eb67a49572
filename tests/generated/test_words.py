"""What an operation's name says."""

from __future__ import annotations

import pytest

from tools.catalog.words import noun_of, snake


@pytest.mark.parametrize(
    ("operation", "noun"),
    [
        ("ListQueues", "Queue"),
        ("DescribeDBClusters", "DBCluster"),
        ("ListAliases", "Alias"),
        ("ListPolicies", "Policy"),
        ("ListWebACLs", "WebACL"),
        ("GetRestApis", "RestApi"),
        ("DescribeAddresses", "Address"),
        ("ListEventBuses", "EventBus"),
        ("ListAnalysisSummaries", "Analysis"),
        ("ListClustersV2", "Cluster"),
        ("ListIndices", "Index"),
        ("ListCaches", "Cache"),
    ],
)
def test_noun_of_a_list_operation(operation: str, noun: str) -> None:
    assert noun_of(operation) == noun


@pytest.mark.parametrize(
    ("name", "text"),
    [("DBCluster", "db_cluster"), ("WebACL", "web_acl"), ("Ipv6Pool", "ipv6_pool")],
)
def test_snake_case(name: str, text: str) -> None:
    assert snake(name) == text
