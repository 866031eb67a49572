"""One resource's verdict in words: the chain for and against, and what would change it."""

from __future__ import annotations

from typing import Any

from reports.text import visible
from scanner import catalog, lookup
from scanner.blast import blast_radius
from scanner.explain_claim import WAYS, explain_claim
from scanner.graph import links_around
from scanner.lookup import Row
from scanner.model import TRUST_ORDER
from scanner.store import Store

MOST = 12
"""Lines of a list before the rest is counted only."""

_TRUST = [str(trust) for trust in TRUST_ORDER]


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
    claims = store.rows(
        "SELECT * FROM claims WHERE arn = $arn OR list_contains(candidates, $arn)"
        " ORDER BY list_position(['terraform', 'cloudformation', 'tag'], source_kind), inline, address",
        {"arn": thing["arn"]},
    )
    sections = {
        "What it hangs on" if thing["root"] else "Who owns it, from the top": _chain(store, thing),
        "For it": _for(claims),
        "Against it": _against(store, thing, claims),
        "What the rules say": _findings(store, thing),
        "What would change this": _change(thing, claims),
        "If it were deleted": _deleted(store, thing),
        "What it has to do with": _links(store, thing),
    }
    lines = [f"{_name(thing)} is {thing['status']}: {_because(thing)}.", "", *_identity(thing)]
    for title, found in sections.items():
        lines += ["", title, *(f"  {line}" for line in found)] if found else []
    return lines


def _name(thing: Row) -> str:
    return str(thing["name"] or thing["resource_id"])


def _identity(thing: Row) -> list[str]:
    terraform = f" ({thing['terraform_type']})" if thing["terraform_type"] else ""
    seen = f"first seen {thing['first_seen']:%Y-%m-%d}, last {thing['seen_at']:%Y-%m-%d}"
    return [
        f"  {thing['arn']}",
        f"  {thing['resource_type']}{terraform} in account {thing['account_id']}, {thing['region']}; {seen}",
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


def _chain(store: Store, thing: Row) -> list[str]:
    """Return the way from the claim, or from the root, down to the thing, a step deeper each."""
    path = thing["evidence"].get("chain") or [thing["arn"]]
    if thing["status"] not in ("managed", "derived") and len(path) < 2:
        return []
    known, steps = _known(store, path), _steps(store, path)
    lines = []
    if thing["owner"]:
        source = WAYS.get(thing["owner_source"], thing["owner_source"])
        address = f" claims {thing['owner_address']}" if thing["owner_address"] else ""
        lines.append(f"{source} {thing['owner']}{address}")
    for above, arn in zip([None, *path], path, strict=False):
        indent = "   " * (len(lines) - 1) + "└─ " if lines else ""
        lines.append(f"{indent}{_short(known.get(arn), arn)}{steps.get((above, arn), '')}")
    return lines


def _steps(store: Store, path: list[str]) -> dict[tuple[str | None, str], str]:
    """Return why each thing of a chain belongs to the one above it: its strongest link."""
    found: dict[tuple[str | None, str], str] = {}
    links = [link for link in links_around(store, path) if link["owns"]] if path[1:] else []
    for link in sorted(links, key=lambda link: _TRUST.index(link["trust"]), reverse=True):
        ends = (link["arn"], link["target_arn"])
        rule = f" (rule {link['rule']})" if link["rule"] else ""
        found[ends if link["owns"] == "target" else ends[::-1]] = f": {link['evidence']}{rule}"
    return found


def _known(store: Store, arns: list[str]) -> dict[str, Row]:
    rows = store.rows("SELECT * FROM inventory WHERE arn IN (SELECT unnest($arns::VARCHAR[]))", {"arns": arns})
    return {row["arn"]: row for row in rows}


def _short(row: Row | None, arn: str) -> str:
    return f"{row['resource_type']} {_name(row)}, {row['status']}" if row else arn


def _for(claims: list[Row]) -> list[str]:
    return [
        f"{WAYS.get(claim['source_kind'], claim['source_kind'])} {claim['owner']} says {claim['address']}"
        f"{' (only inside another record: weak)' if claim['inline'] else ''}"
        f"{': ' + claim['evidence'] if claim['evidence'] else ''}"
        f"{'; it fits ' + str(len(claim['candidates'])) + ' resources' if claim['candidates'] else ''}"
        for claim in claims
    ]


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
    return f"it is named in none of {row['states']} states and {row['stacks']} stacks that were read{unread}"


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
    rows = store.rows(
        "SELECT severity, state, message, cluster_id FROM findings WHERE arn = $arn AND state <> 'closed'"
        " ORDER BY list_position(['critical', 'high', 'medium', 'low', 'info'], severity), rule_id",
        {"arn": thing["arn"]},
    )
    lines = [f"{row['severity']}, {row['state']}: {row['message']}" for row in rows]
    clusters = store.rows(
        "SELECT name, cluster_id FROM clusters WHERE list_contains(members, $root)",
        {"root": thing["root"] or thing["arn"]},
    )
    return lines + [
        f"it is part of one unit: {row['name']} ({row['cluster_id']})" for row in clusters
    ]


def _change(thing: Row, claims: list[Row]) -> list[str]:
    if thing["status"] == "unmanaged" and thing["root"]:
        return [f"adopting or deleting its root: strays explain {thing['root']}"]
    if thing["status"] == "unmanaged":
        return [
            "a state (--from) or a stack that names it: import it there",
            "a [[tag_claim]] in strays.toml, where another tool made it",
            "deleting it",
        ]
    if thing["status"] == "unknown" and any(claim["candidates"] for claim in claims):
        return [
            "a claim that fits one resource only: one that holds its ARN, or account and region"
        ]
    if thing["status"] == "unknown":
        return ["seeing what is named above: let the scanning role list it, and scan again"]
    if thing["status"] == "managed":
        return ["its claim going away: then it is a stray"]
    if thing["status"] == "derived":
        return [
            "its chain breaking: where a link of it, or the claim at the top, goes away, it is a stray"
        ]
    return ["a state or a stack that claims it: what code says goes before what AWS made"]


def _deleted(store: Store, thing: Row) -> list[str]:
    """Return, for what might be deleted, what somebody else would lose with it."""
    if thing["status"] not in ("unmanaged", "unknown"):
        return []
    told = [
        f"{hit.resource_type} {hit.name or hit.resource_id}, {hit.status} by {hit.owner}, {hit.why}"
        f"{'' if hit.through == thing['arn'] else ' through ' + hit.through}"
        for hit in blast_radius(store, [thing["arn"]])
    ]
    return _most(told) or ["nothing that code owns would miss it, as far as was seen"]


def _links(store: Store, thing: Row) -> list[str]:
    links = links_around(store, [thing["arn"]])
    others = [_other(link, thing["arn"]) for link in links]
    known = _known(store, others)
    told = [
        f"{'->' if link['arn'] == thing['arn'] else '<-'} {link['kind']}"
        f"{' by name only' if link['trust'] == 'name' else ''} {_short(known.get(other), other)}"
        for link, other in zip(links, others, strict=True)
    ]
    return _most(sorted(set(told)), f"strays graph {thing['arn']} -o mermaid://stdout")


def _other(link: dict[str, Any], arn: str) -> str:
    return str(link["target_arn"] if link["arn"] == arn else link["arn"])


def _most(lines: list[str], more: str | None = None) -> list[str]:
    left = len(lines) - MOST
    rest = [f"and {left} more" + (f": {more}" if more else "")] if left > 0 else []
    return lines[:MOST] + rest
