"""Plans: what `terraform show -json` says of a plan, or OpenTofu's of its own.

`resource_drift` is what changed outside Terraform since its last run, `resource_changes` what the
next apply would do (https://developer.hashicorp.com/terraform/internals/json-format): the first is
drift, the second is only pending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from scanner.clock import as_time
from scanner.drift.compare import holds_secret, shown
from scanner.drift.plan_change import Others, changed_arguments, is_secret
from scanner.store import Store

Attribute = tuple[str, str | None, str | None]
"""Its name, what code says, what is there."""
_NOTHING = (["no-op"], ["read"])


def plan_drift(
    store: Store, source_id: str, plan: dict[str, Any], scan_id: str
) -> Iterator[dict[str, Any]]:
    """Yield a row of `drift` per attribute that drifted or that an apply would change."""
    things, others = _things(store), Others(plan)
    stale = older_than_state(store, plan)
    for state, changes in (
        ("drifted", plan.get("resource_drift") or ()),
        ("pending", plan.get("resource_changes") or ()),
    ):
        for change in changes:
            told = change["change"]
            if change.get("mode") != "data" and told["actions"] not in _NOTHING:
                thing = _one(things.get(change["address"], []), told.get("before") or {})
                attributes = _attributes(state, change, others)
                yield from _rows(state, change, thing, attributes, stale, source_id, scan_id)


def _rows(
    state: str, change: dict[str, Any], thing: dict[str, Any], attributes: Iterable[Attribute],
    stale: str | None, source_id: str, scan_id: str,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    actions = change["change"]["actions"]
    gone = state == "drifted" and actions == ["delete"]
    for name, expected, found in [("", None, None)] if gone else attributes:
        yield {
            "scan_id": scan_id, "source_id": source_id, "how": "plan",
            "state": "gone" if gone else state, "arn": thing.get("arn"),
            "resource_type": thing.get("resource_type"), "address": change["address"],
            "attribute": name, "expected": expected, "found": found,
            "note": stale or (", ".join(actions) if state == "pending" else None),
        }  # fmt: skip


def _attributes(state: str, change: dict[str, Any], others: Others) -> Iterator[Attribute]:
    """Yield attribute, what code says and what is there; neither where it is sensitive.

    In drift, `before` is the state and `after` is AWS; in a pending change it is the other way.
    """
    told = change["change"]
    hidden = [told.get("before_sensitive"), told.get("after_sensitive")]
    for name in changed_arguments(change) if state == "drifted" else _pending(told):
        before, after = ((told.get(side) or {}).get(name) for side in ("before", "after"))
        if state == "drifted" and others.explain(change, name):
            continue
        if holds_secret(name, before, after) or any(is_secret(mask, name) for mask in hidden):
            yield name, None, None
        elif state == "drifted":
            yield name, shown(before), shown(after)
        else:
            yield name, shown(after), shown(before)


def _pending(told: dict[str, Any]) -> list[str]:
    before, after = told.get("before") or {}, told.get("after") or {}
    unknown = told.get("after_unknown") or {}
    return [
        name
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name) and unknown.get(name) is not True
    ]


def _things(store: Store) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in store.rows(
        "SELECT address, arn, resource_type, keys FROM claims"
        " WHERE source_kind = 'terraform' AND state = 'matched'"
    ):
        found.setdefault(row["address"], []).append(row)
    return found


def _one(candidates: list[dict[str, Any]], before: dict[str, Any]) -> dict[str, Any]:
    """Return the thing that an address means: many states use the same one."""
    if len(candidates) == 1:
        return candidates[0]
    named = {before.get("arn"), before.get("id")} - {None, ""}
    fitting = [row for row in candidates if row["arn"] in named or named & set(row["keys"])]
    return fitting[0] if len(fitting) == 1 else {}


def older_than_state(store: Store, plan: dict[str, Any]) -> str | None:
    """Return the remark that a plan is older than the state it speaks of."""
    made = as_time(plan.get("timestamp"))
    addresses = [change["address"] for change in plan.get("resource_changes") or ()]
    if made is None or not addresses:
        return None
    changed: datetime | None = store.value(
        "SELECT max(modified_at) FROM source WHERE kind = 'terraform' AND scan_id ="
        " (SELECT scan_id FROM resolved_scan) AND source_id IN (SELECT source_id FROM claims"
        " WHERE list_contains(?::VARCHAR[], address) GROUP BY source_id"
        " HAVING count(*) * 2 > len(?::VARCHAR[]))",
        [addresses, addresses],
    )
    if changed is None or made >= changed:
        return None
    return f"stale: planned at {made:%Y-%m-%d %H:%M}, the state changed at {changed:%Y-%m-%d %H:%M}"
