"""What is to be said of a claim that no resource fits: missing, not seen, or of no use."""

from __future__ import annotations

from typing import Any

from scanner.store import Store

WAYS = {"terraform": "state", "cloudformation": "stack"}
"""What each kind of source is in a sentence."""

Row = dict[str, Any]


def explain_claim(store: Store, claim: Row) -> list[str]:
    """Return the lines about a claim (a row of `claims`) that matched nothing."""
    way = WAYS.get(claim["source_kind"], claim["source_kind"])
    said = {
        "missing": "is missing: it is claimed, and it is not there",
        "unseen": "was not seen, and nothing can be said of it",
        "ambiguous": "is claimed in words that fit more than one resource",
    }.get(claim["state"], f"is {claim['state'].replace('_', ' ')}")
    return [
        f"{claim['address']} {said}.",
        "",
        f"  {claim['claimed_type']} in account {claim['account_id'] or 'unknown'},"
        f" {claim['region'] or 'region unknown'}",
        f"  {way} {claim['owner']}: {claim['evidence'] or 'no further evidence'}",
        *(f"  by {key}" for key in claim["keys"]),
        *(f"  fits {arn}" for arn in claim["candidates"] or ()),
        "",
        "Why",
        f"  {claim['reason']}",
        *(f"  {line}" for line in _cell_of(store, claim)),
        "",
        "What would change this",
        *(f"  {line}" for line in _change_claim(claim)),
        "",
    ]


def _cell_of(store: Store, claim: Row) -> list[str]:
    return [
        f"{cell['resource_type']} in {cell['region']} was last listed"
        f" {cell['seen_at']:%Y-%m-%d %H:%M}: {cell['outcome']}"
        f"{': ' + cell['message'] if cell['message'] else ''}"
        for cell in store.rows(
            "SELECT * FROM cell WHERE account_id = $account AND resource_type = $type"
            " AND region IN ($region, 'global')",
            {
                "account": claim["account_id"],
                "type": claim["resource_type"],
                "region": claim["region"],
            },
        )
    ]


def _change_claim(claim: Row) -> list[str]:
    if claim["state"] == "missing":
        return ["applying that code again, or taking it out of the state (terraform state rm)"]
    if claim["state"] == "unseen":
        return ["seeing its cell: let the scanning role list it (`strays policy`), and scan again"]
    if claim["state"] == "ambiguous":
        return ["a claim that fits one resource only: one with its ARN, or account and region"]
    return ["nothing: it is no resource of its own that Strays looks for"]
