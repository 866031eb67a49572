"""A small inventory to resolve, in a line per fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from scanner import catalog
from scanner.config import Config
from scanner.model import Claim, Coverage, Link, Outcome, Resource, Source, Trust
from scanner.resolve import resolve
from scanner.shard_files import as_row
from scanner.store import Store

SCAN = "20260101T000000-aaaaaa"
NOW = datetime(2026, 1, 1)
ACCOUNT = "111111111111"
REGION = "us-east-1"
QUEUE = "AWS::SQS::Queue"


def resource(name: str, **changes: Any) -> Resource:
    """A queue of that name in the usual account and region, unless told otherwise."""
    account, region = changes.get("account_id", ACCOUNT), changes.get("region", REGION)
    arn = changes.get("arn", f"arn:aws:sqs:{region}:{account}:{name}")
    plain = Resource(
        arn=arn, resource_type=QUEUE, terraform_type="aws_sqs_queue", resource_id=name,
        terraform_id=name, name=name, account_id=account, region=region,
        cell_region=changes.get("cell_region", region), partition="aws", created_at=None, tags={},
        properties={}, keys=(arn, name), parent_arn=None, default_rule=None,
        default_evidence=None, unreviewed=False, seen_at=NOW,
    )  # fmt: skip
    return replace(plain, **changes)


def claim(address: str, *keys: str, **changes: Any) -> Claim:
    """A Terraform claim on a queue in the usual account and region."""
    plain = Claim(
        claim_id=address, source_kind="terraform", source_id="tfstate://a", owner="tfstate://a",
        address=address, claimed_type="aws_sqs_queue", resource_type=QUEUE, account_id=ACCOUNT,
        region=REGION, keys=keys,
    )  # fmt: skip
    return replace(plain, **changes)


def owns(
    owner: Resource, owned: Resource, kind: str = "owns", trust: Trust = Trust.API_FIELD
) -> Link:
    """The owned one says who owns it."""
    return Link(
        owned.account_id, owned.region, owned.arn, kind, owner.resource_type, owner.arn, "self",
        "X1", trust, "says so",
    )  # fmt: skip


def names_gone_owner(owned: Resource, key: str, target_type: str = QUEUE) -> Link:
    """It says that something owns it which may not exist."""
    return Link(
        owned.account_id, owned.region, owned.arn, "owns", target_type, key, "self", "X2",
        Trust.AWS_TAG, "tag says so",
    )  # fmt: skip


def cell(outcome: Outcome = Outcome.OK, **changes: Any) -> Coverage:
    """The usual cell of queues."""
    plain = Coverage(ACCOUNT, REGION, QUEUE, "sqs", outcome, None, None, 0, 1, NOW)
    return replace(plain, **changes)


def resolved(
    resources: list[Resource],
    claims: list[Claim] = [],  # noqa: B006 (read only)
    links: list[Link] = [],  # noqa: B006
    cells: list[Coverage] | None = None,
    sources: list[Source] = [],  # noqa: B006
    config: Config | None = None,
) -> Store:
    """Return a store with these facts, resolved. Cells not given are `ok`."""
    store = Store.memory()
    store.run("INSERT INTO scan VALUES (?, 'loaded', ?, ?, 't', NULL, NULL)", [SCAN, NOW, NOW])
    told = {(c.account_id, c.region, c.resource_type): c for c in cells or [cell()]}
    for item in resources:
        place = (item.account_id, item.cell_region, item.resource_type)
        told.setdefault(place, cell(account_id=place[0], region=place[1], resource_type=place[2]))
    tables = {
        "resource": resources, "claim": claims, "link": links, "source": sources,
        "coverage": list(told.values()),
    }  # fmt: skip
    for table, rows in tables.items():
        store.table_from_rows(table, [as_row(row) for row in rows], SCAN)
    resolve(store, catalog.load(), config or Config(), SCAN)
    return store


def statuses(store: Store) -> dict[str, str]:
    """Return status by name."""
    return {row["name"]: row["status"] for row in store.rows("SELECT name, status FROM inventory")}
