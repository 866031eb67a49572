"""Automated snapshots: their names hold the minute in which the world was made or replayed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import jmespath

from .clients import Clients
from .expectation import Expectation


@dataclass(frozen=True)
class Automated:
    """A kind of snapshot that a database brings along; `path` gives name, ARN, parent's name."""

    resource_type: str
    service: str
    operation: str
    path: str
    parent: str

    def listed(self, clients: Clients, account: str, region: str) -> Iterator[tuple[str, str, str]]:
        """Name, ARN and the parent's ARN."""
        answer = getattr(clients(account, self.service, region), self.operation)()
        for name, arn, parent in jmespath.search(self.path, answer):
            yield name, arn, f"arn:aws:{self.service}:{region}:{account}:{self.parent}:{parent}"


KINDS = (
    Automated(
        "AWS::RDS::DBSnapshot", "rds", "describe_db_snapshots",
        "DBSnapshots[?SnapshotType=='automated']"
        ".[DBSnapshotIdentifier, DBSnapshotArn, DBInstanceIdentifier]", "db",
    ),
    Automated(
        "AWS::RDS::DBClusterSnapshot", "rds", "describe_db_cluster_snapshots",
        "DBClusterSnapshots[?SnapshotType=='automated']"
        ".[DBClusterSnapshotIdentifier, DBClusterSnapshotArn, DBClusterIdentifier]", "cluster",
    ),
    Automated(
        "AWS::Redshift::ClusterSnapshot", "redshift", "describe_cluster_snapshots",
        "Snapshots[?SnapshotType=='automated']"
        ".[SnapshotIdentifier, SnapshotArn, ClusterIdentifier]", "cluster",
    ),
)  # fmt: skip


def undated(name: str) -> str:
    """``rds:shop-DATE`` for ``rds:shop-2026-01-31-12-59``."""
    return re.sub(r"\d{4}(-\d\d){4}$", "DATE", name)


def dated(clients: Clients, one: Expectation) -> Expectation:
    """Put the replay's own minute in; LookupError where the replayed world has no such snapshot."""
    if not one.resource_id.endswith("-DATE"):
        return one
    kind = next(kind for kind in KINDS if kind.resource_type == one.resource_type)
    for name, arn, _ in kind.listed(clients, one.account_id, one.region):
        if undated(name) == one.resource_id:
            return replace(one, resource_id=name, arn=arn)
    raise LookupError(f"the replayed world has no automated snapshot {one.resource_id}")
