"""What the formats read from the database, in one order, so that two reports of one scan agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reports.summary import MISSING

if TYPE_CHECKING:
    from scanner.store import Store

Row = dict[str, Any]

_FINDING_ORDER = (
    "state <> 'open', list_position(['critical', 'high', 'medium', 'low', 'info'], severity),"
    " rule_id, account_id, region, resource_type, arn, finding_id"
)


def resources(store: Store, *statuses: str) -> list[Row]:
    """Return the inventory of these statuses, without the properties."""
    return store.rows(
        "SELECT * EXCLUDE (properties) FROM inventory WHERE list_contains(?, status)"
        " ORDER BY account_id, region, resource_type, arn",
        [list(statuses)],
    )


def missing(store: Store) -> list[Row]:
    """Return what code names and AWS no longer has."""
    return claims(store, MISSING)


def contested(store: Store) -> list[Row]:
    """Return claims that fit several resources, so that none could be given to its code."""
    return claims(store, "state = 'ambiguous'")


def owned_twice(store: Store) -> list[Row]:
    """Return resources that several states or stacks claim: `arn` and `claimed_by` in words."""
    return store.rows(
        "SELECT arn, list(DISTINCT address || ' in ' || source_id ORDER BY 1) AS claimed_by"
        " FROM claims WHERE state = 'matched' AND source_kind <> 'tag' AND NOT inline"
        " GROUP BY arn HAVING count(DISTINCT source_id) > 1 ORDER BY arn"
    )


def claims(store: Store, condition: str) -> list[Row]:
    """Return the claims that meet a condition of ours."""
    return store.rows(
        f"SELECT * FROM claims WHERE {condition}"  # noqa: S608
        " ORDER BY source_id, claimed_type, address, claim_id"
    )


def findings(store: Store, condition: str = "true") -> list[Row]:
    """Return findings that meet a condition of ours: open ones first, the gravest on top."""
    return store.rows(
        f"SELECT * FROM findings WHERE {condition} ORDER BY {_FINDING_ORDER}"  # noqa: S608
    )


def cells(store: Store) -> Iterator[Row]:
    """Yield the coverage ledger, cells not fully seen first: millions, so not all at once."""
    return store.stream("SELECT * FROM cell ORDER BY complete, account_id, region, resource_type")


def exceptions(store: Store) -> list[Row]:
    """Return the register of exceptions as of the newest scan, those that end first on top."""
    return store.rows(
        "SELECT * FROM exception WHERE scan_id = (SELECT max(scan_id) FROM visible_scan)"
        " ORDER BY expires, exception_id"
    )


def dependents(store: Store) -> dict[str, int]:
    """Return per root stray how many resources hang on it."""
    rows = store.rows(
        "SELECT root, count(*) AS n FROM inventory"
        " WHERE status = 'unmanaged' AND root <> arn GROUP BY root"
    )
    return {row["root"]: row["n"] for row in rows}


def terraform_id(row: Row) -> str:
    """Return a resource's `id` in Terraform's words, or AWS's own where Terraform has none."""
    return str(row["terraform_id"] or row["resource_id"])


def claimed_id(row: Row) -> str:
    """Return the id by which code knows a thing that is gone.

    A claim keeps keys, not attributes: the first that is no ARN is an id or a name, as driftctl
    shows it; where there is none the ARN is the id (topics, load balancers).
    """
    keys = [str(key) for key in row["keys"]]
    plain = [key for key in keys if not key.startswith("arn:") and "|" not in key]
    return (plain or keys or [str(row["address"])])[0]
