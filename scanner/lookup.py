"""From what a person calls a thing to the thing: a resource, or a claim on one not seen."""

from __future__ import annotations

import json
from typing import Any

from scanner.errors import UsageError
from scanner.identity import canonical_arn, parse_arn
from scanner.store import Store

Row = dict[str, Any]


def resource(store: Store, wanted: str) -> Row | None:
    """Return the row of `inventory` that an ARN, an id or a name means; `evidence` is read.

    None where nothing is called that; raises `UsageError` where more than one thing is.
    """
    arn = canonical_arn(wanted)
    found = store.rows(
        "SELECT * FROM inventory WHERE arn = $arn OR resource_id = $text OR name = $text"
        " OR terraform_id = $text ORDER BY arn = $arn DESC, arn",
        {"arn": arn, "text": wanted},
    )
    if not found:
        return None
    if len({row["arn"] for row in found}) > 1 and found[0]["arn"] != arn:
        names = ", ".join(row["arn"] for row in found[:5])
        raise UsageError(
            f"{len(found)} resources are called {wanted!r}: name one by its ARN: {names}"
        )
    return {**found[0], "evidence": json.loads(found[0]["evidence"] or "{}")}


def claims_on(store: Store, wanted: str) -> list[Row]:
    """Return the claims that name something by this key, or have this address."""
    return store.rows(
        "SELECT * FROM claims WHERE list_contains(keys, $key) OR address = $text"
        " ORDER BY source_kind, source_id, address",
        {"key": canonical_arn(wanted), "text": wanted},
    )


def unknown(store: Store, wanted: str) -> UsageError:
    """Return the error for a name that nothing has, with what could not be seen where it may be."""
    text = f"nothing in the inventory is called {wanted!r}: give an ARN, an id or a name"
    arn = parse_arn(canonical_arn(wanted))
    if arn is None:
        return UsageError(text)
    cells = store.rows(
        "SELECT resource_type, region, outcome FROM cell"
        " WHERE account_id = $account AND region IN ($region, 'global')"
        " AND service = $service AND NOT complete ORDER BY resource_type",
        {"account": arn.account, "region": arn.region, "service": arn.service},
    )
    told = ", ".join(f"{c['resource_type']} in {c['region']} ({c['outcome']})" for c in cells)
    if told:
        text = f"{wanted} was not seen, which says nothing: not all could be listed there: {told}"
    return UsageError(text)
