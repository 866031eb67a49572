"""The plan for people that goes with an aws-nuke configuration."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scanner.actions.chosen import Stray
from scanner.actions.nuke import Handover
from scanner.store import Store


def removal_plan(store: Store, handover: Handover, expires: datetime, undo: set[str]) -> str:
    """Return the plan as Markdown: what, why, who made it, what else goes, how to undo.

    `undo` holds the ARNs whose configuration was written down beside the plan.
    """
    made = _makers(store, [stray.arn for stray in handover.going])
    lines = [
        "# What would be removed",
        "",
        f"{len(handover.going)} resources, and {len(handover.with_parent)} that go with them. "
        f"The files end on {expires:%Y-%m-%d %H:%M} UTC.",
        "",
        "Nothing here removes anything by itself. Read this page, ask who made the things, run "
        "`sh run.sh` (a dry run of aws-nuke), compare its list with this one, and only then run "
        "`sh run.sh --no-dry-run`.",
    ]
    for stray in handover.going:
        if stray.root is None or stray.root not in made:
            lines += _one(stray, handover, made.get(stray.arn), undo)
    lines += _refused(handover)
    return "\n".join(lines) + "\n"


def _makers(store: Store, arns: list[str]) -> dict[str, dict[str, Any]]:
    rows = store.rows(
        "SELECT inventory.arn, first_seen, created_at, any_value(creator) AS creator,"
        " any_value(channel) AS channel, list(DISTINCT message ORDER BY message) AS messages"
        " FROM inventory LEFT JOIN (SELECT arn, creator, channel, message FROM findings"
        " WHERE state NOT IN ('closed', 'excepted')) AS found USING (arn)"
        " WHERE list_contains($arns, inventory.arn) GROUP BY ALL",
        {"arns": arns},
    )
    return {row["arn"]: row for row in rows}


def _one(
    stray: Stray, handover: Handover, told: dict[str, Any] | None, undo: set[str]
) -> list[str]:
    told = told or {}
    why = [text for text in told.get("messages") or [] if text] or ["no code owns it"]
    maker = told.get("creator") or "unknown: no trail was read, or none tells"
    channel = f", by {told['channel']}" if told.get("channel") else ""
    others = [one for one in (*handover.going, *handover.with_parent) if one.root == stray.arn]
    lines = ["", f"## {code(stray.label)} ({stray.resource_type})", ""]
    lines += [f"- ARN: {code(stray.arn)}", f"- Why: {code('; '.join(why))}"]
    lines += [f"- Made by: {code(str(maker))}{channel}, {_when(stray)}"]
    lines += [f"- Also goes: {code(one.arn)} ({one.resource_type})" for one in others]
    lines += [f"- Undo: {_undo(stray, undo)}"]
    if any(one is stray for one in handover.by_name):
        lines.append(
            "- Take care: aws-nuke knows it by its name only. What is made meanwhile under the same"
            " name would go in its place: look at the dry run's list first"
        )
    return lines


def _when(stray: Stray) -> str:
    if stray.created_at:
        return f"made on {stray.created_at:%Y-%m-%d %H:%M} UTC"
    return f"first seen on {stray.first_seen:%Y-%m-%d %H:%M} UTC"


def _undo(stray: Stray, undo: set[str]) -> str:
    if stray.arn in undo:
        return "its configuration stands in `undo/`; what it held does not come back"
    return "none: its configuration could not be written down, and what it held does not come back"


def _refused(handover: Handover) -> list[str]:
    if not handover.refused:
        return []
    lines = ["", "# What stays, and why", ""]
    for stray, reasons in handover.refused:
        lines.append(f"- {code(stray.arn)}: {'; '.join(code(why) for why in reasons)}")
    return lines


def code(text: str) -> str:
    """Return a stranger's text as a code span that it cannot leave."""
    plain = " ".join(text.split()).replace("`", "'")
    return f"`{plain}`"
