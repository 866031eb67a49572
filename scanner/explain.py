"""One resource's verdict in words: the chain for and against, and what would change it."""

from __future__ import annotations

from reports.text import visible
from scanner import catalog, lookup
from scanner.explain_around import called, chain, links, loss
from scanner.explain_claim import WAYS, explain_claim
from scanner.lookup import Row
from scanner.store import Store

_CHANGE = {
    "unmanaged": (
        "a state (--from) or a stack that names it: import it there",
        "a [[tag_claim]] in strays.toml, where another tool made it",
        "deleting it",
    ),
    "unknown": ("seeing what is named above: let the scanning role list it, and scan again",),
    "managed": ("its claim going away: then it is a stray",),
    "derived": ("its chain breaking: where a part, or the claim at its top, goes, it is a stray",),
    "default": ("a state or a stack that claims it: what code says goes before what AWS made",),
}
_CLAIMS = """
SELECT * FROM claims WHERE arn = $arn OR list_contains(candidates, $arn)
ORDER BY list_position(['terraform', 'cloudformation', 'tag'], source_kind), inline, address
"""
_FINDINGS = """
SELECT severity, state, message FROM findings WHERE arn = $arn AND state <> 'closed'
ORDER BY list_position(['critical', 'high', 'medium', 'low', 'info'], severity), rule_id
"""


def explain(store: Store, wanted: str) -> str:
    """Return the explanation of an ARN, an id, a name or an address, as lines of text.

    What is claimed and was not seen is explained too. Raises `UsageError` where nothing, or more
    than one thing, is called that.
    """
    thing = lookup.resource(store, wanted)
    if thing is not None:
        return _text(_resource(store, thing))
    claims = lookup.claims_on(store, wanted)
    if not claims:
        raise lookup.unknown(store, wanted)
    return _text([line for claim in claims for line in explain_claim(store, claim)])


def _text(lines: list[str]) -> str:
    """Return lines as text in which no name of a stranger can forge another line."""
    return "\n".join(visible(line, 2_000) for line in lines).rstrip()


def _resource(store: Store, thing: Row) -> list[str]:
    claims = store.rows(_CLAIMS, {"arn": thing["arn"]})
    sections = {
        "What it hangs on" if thing["root"] else "Who owns it, from the top": chain(store, thing),
        "Who made it": _maker(store, thing),
        "For it": _for(claims),
        "Against it": _against(store, thing, claims),
        "What the rules say": _findings(store, thing),
        "What would change this": _change(thing, claims),
        "If it were deleted": loss(store, thing),
        "What it has to do with": links(store, thing),
    }
    lines = [f"{called(thing)} is {thing['status']}: {_because(thing)}.", "", *_identity(thing)]
    for title, found in sections.items():
        lines += ["", title, *(f"  {line}" for line in found)] if found else []
    return lines


_TOLD_BY = {
    "event": "its own event",
    "root": "the event of what it hangs on",
    "burst": "its neighbours' events: made with them, so likely by the same",
}


def _maker(store: Store, thing: Row) -> list[str]:
    """Who made it, from CloudTrail's events where those were read (`strays events`)."""
    return [
        f"{row['creator']} through {row['channel'] or 'an unknown channel'},"
        f" {row['event_time']} UTC from {row['source_ip'] or 'an unknown address'}:"
        f" {row['event_name']} {row['event_id']} ({_TOLD_BY.get(row['trust'], row['trust'])})"
        for row in store.rows("SELECT * FROM maker WHERE arn = $arn", {"arn": thing["arn"]})
    ]


def _identity(thing: Row) -> list[str]:
    terraform = f" ({thing['terraform_type']})" if thing["terraform_type"] else ""
    seen = f"first seen {thing['first_seen']:%Y-%m-%d}, last {thing['seen_at']:%Y-%m-%d}"
    place = f"in account {thing['account_id']}, {thing['region']}"
    return [
        f"  {thing['arn']}",
        f"  {thing['resource_type']}{terraform} {place}; {seen}",
    ]


def _because(thing: Row) -> str:
    """Return the verdict's reason in one breath."""
    evidence, owner = thing["evidence"], thing["owner"]
    if thing["status"] == "managed":
        alone = thing["owner_source"] == "tag"
        weak = ", by a tag alone, which anyone can write" if alone else ""
        return f"{evidence.get('because') or 'claimed'}{weak}"
    if thing["status"] == "derived":
        return f"nothing claims it by name, and {owner} manages what it comes from"
    if thing["status"] == "unmanaged" and thing["root"]:
        return f"it hangs on a stray, {thing['root']}, and counts with that"
    if thing["status"] == "default":
        return f"AWS made it ({evidence.get('because')})"
    return str(evidence.get("because") or "this scan is not resolved yet: run `strays resolve`")


def _for(claims: list[Row]) -> list[str]:
    lines = []
    for claim in claims:
        way = WAYS.get(claim["source_kind"], claim["source_kind"])
        weak = " (only inside another record: weak)" if claim["inline"] else ""
        why = f": {claim['evidence']}" if claim["evidence"] else ""
        torn = f"; it fits {len(claim['candidates'])} resources" if claim["candidates"] else ""
        lines.append(f"{way} {claim['owner']} says {claim['address']}{weak}{why}{torn}")
    return lines


def _against(store: Store, thing: Row, claims: list[Row]) -> list[str]:
    evidence, stray = thing["evidence"], thing["status"] == "unmanaged"
    lines = [_looked_in(store)] if stray and not claims and not thing["root"] else []
    if stray:
        lines += [f"its owner is gone: {parent}" for parent in evidence.get("owner_gone") or []]
    lines += [
        f"it is named like a child of {arn}, and a name alone proves nothing"
        for arn in evidence.get("named_like_child_of") or []
    ]
    if stray and evidence.get("stack_tag"):
        lines.append(f"its tag names stack {evidence['stack_tag']}, which does not list it")
    if len({claim["owner"] for claim in claims if claim["arn"]}) > 1:
        lines.append("more than one source claims it: one of them is wrong, or will be")
    others = sorted({arn for c in claims for arn in c["candidates"] or () if arn != thing["arn"]})
    lines += [f"the same claim fits {arn}" for arn in others]
    return lines + (_unseen_owners(store, thing) if stray and not thing["root"] else [])


def _looked_in(store: Store) -> str:
    """Return what was read for claims, and how much of it could not be."""
    (row,) = store.rows(
        "SELECT count(*) FILTER (kind = 'terraform' AND outcome = 'read') AS states,"
        " count(*) FILTER (kind = 'cloudformation' AND outcome = 'read') AS stacks,"
        " count(*) FILTER (outcome NOT IN ('read', 'skipped')) AS unread"
        " FROM source WHERE scan_id = (SELECT scan_id FROM resolved_scan)"
    )
    unread = f"; {row['unread']} more could not be read, and may name it" if row["unread"] else ""
    read = f"{row['states']} states and {row['stacks']} stacks"
    return f"it is named in none of {read} that were read{unread}"


def _unseen_owners(store: Store, thing: Row) -> list[str]:
    """Return which types that could own it were not seen whole in its account and region."""
    rules = [rule for found in catalog.load().rules.values() for rule in found]
    parents = {
        r.type for r in rules if r.owns.get("type") == thing["resource_type"] and r.trust != "name"
    }
    cells = store.rows(
        "SELECT resource_type, outcome FROM cell WHERE account_id = $account AND NOT complete"
        " AND region IN ($region, 'global') AND list_contains($types, resource_type) ORDER BY 1",
        {"account": thing["account_id"], "region": thing["region"], "types": sorted(parents)},
    )
    return [
        f"not certain: a {cell['resource_type']} may own it, and those could not be listed there"
        f" ({cell['outcome']})"
        for cell in cells
    ]


def _findings(store: Store, thing: Row) -> list[str]:
    rows = store.rows(_FINDINGS, {"arn": thing["arn"]})
    lines = [f"{row['severity']}, {row['state']}: {row['message']}" for row in rows]
    clusters = store.rows(
        "SELECT name, cluster_id FROM clusters WHERE list_contains(members, $root)",
        {"root": thing["root"] or thing["arn"]},
    )
    return lines + [
        f"it is part of one unit: {row['name']} ({row['cluster_id']})" for row in clusters
    ]


def _change(thing: Row, claims: list[Row]) -> list[str]:
    if thing["root"]:
        return [f"adopting or deleting its root: strays explain {thing['root']}"]
    if thing["status"] == "unknown" and any(claim["candidates"] for claim in claims):
        return ["a claim that fits one resource only: one with its ARN, or account and region"]
    return list(_CHANGE[thing["status"]])
