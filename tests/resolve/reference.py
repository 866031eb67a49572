"""What the resolver must answer, said again in plain Python: slow, small and independent of it.

Everything is worked out from the rows by sets and fixpoints; no SQL, no graph library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from scanner import catalog
from scanner.config import TagClaim
from scanner.model import GLOBAL, TRUST_ORDER, Claim, Coverage, Link, Resource, Source, Trust

STACK = "AWS::CloudFormation::Stack"
STRENGTH = {"terraform": 0, "cloudformation": 1, "default": 2, "tag": 3, None: 4}


@dataclass(frozen=True)
class World:
    """The rows that a resolver is given."""

    resources: list[Resource]
    claims: list[Claim]
    links: list[Link]
    cells: list[Coverage]
    sources: list[Source]
    tag_claims: list[TagClaim]


class Answer(NamedTuple):
    """The part of a verdict that is compared."""

    status: str
    root: str | None
    owner_source: str | None


class Edge(NamedTuple):
    """`owner` owns `owned`."""

    owner: str
    owned: str
    kind: str
    rule: str | None
    trust: Trust

    @property
    def passes(self) -> bool:
        """Whether it passes on that a thing is managed, and not only that it is a stray."""
        return self.kind != "contains" and self.trust is not Trust.NAME


class Decided(NamedTuple):
    """A verdict on its way down: the less, the stronger."""

    hop: int
    weakest: int
    strength: int
    via: str
    status: str
    source: str | None


def answers(world: World) -> dict[str, Answer]:
    """Return the answer for every resource, by ARN."""
    decided = statuses(world)
    strays = {one.arn for one in world.resources} - set(decided)
    roots = rooted(strays, edges(world))
    told = {
        arn: Answer(one.status, None, one.source if one.status in ("managed", "derived") else None)
        for arn, one in decided.items()
    }
    return told | {
        arn: Answer("unmanaged", None if root == arn else root, None) for arn, root in roots.items()
    }


def statuses(world: World) -> dict[str, Decided]:
    """Return what is decided, state and stack first, then AWS, then tags, then doubt."""
    claimed, torn = matched(world)
    passing = [edge for edge in edges(world) if edge.passes]
    decided = {arn: _seed("managed", kind) for arn, kind in claimed.items()}
    for one in world.resources:
        if one.resource_type == STACK:
            decided.setdefault(one.arn, _seed("managed", "cloudformation"))
    marked = {one.arn: _seed("default", "default") for one in world.resources if one.default_rule}
    marked = {arn: seed for arn, seed in marked.items() if arn not in decided}
    _spread(decided, passing, barred=set(marked))
    tagged = {one.arn for one in world.resources if _tag_claims(one, world.tag_claims)}
    doubted = torn | _unseen_owner(world) | _unread_stack(world)
    for seeds in (
        marked,
        {arn: _seed("managed", "tag") for arn in tagged},
        {arn: _seed("unknown", None) for arn in doubted},
    ):
        for arn, seed in seeds.items():
            decided.setdefault(arn, seed)
        _spread(decided, passing)
    return decided


def _seed(status: str, source: str | None) -> Decided:
    return Decided(0, 0, STRENGTH[source], "", status, source)


def matched(world: World) -> tuple[dict[str, str], set[str]]:
    """Return the strongest source that claims each resource, and what a claim is torn between."""
    claimed: dict[str, str] = {}
    torn: set[str] = set()
    for claim in world.claims:
        if claim.resource_type is None or claim.ignored is not None:
            continue
        by_key = [_fitting(claim, key, world) for key in claim.keys]
        fits = _fitted_most(next(filter(None, by_key), set()), by_key)
        if len(fits) == 1:
            (arn,) = fits
            kinds = (claimed.get(arn, claim.source_kind), claim.source_kind)
            claimed[arn] = min(kinds, key=lambda kind: STRENGTH[kind])
        torn |= fits if len(fits) > 1 else set()
    return claimed, torn


def _fitted_most(first: set[str], by_key: list[set[str]]) -> set[str]:
    """Return those of what the first key fits that most keys fit."""
    times = {arn: sum(arn in fits for fits in by_key) for arn in first}
    return {arn for arn in first if times[arn] == max(times.values())}


def _fitting(claim: Claim, key: str, world: World) -> set[str]:
    return {
        one.arn
        for one in world.resources
        if one.resource_type == claim.resource_type
        and key in one.keys
        and (
            key.startswith("arn:")
            or (
                claim.account_id in (None, one.account_id)
                and (claim.region in (None, one.region) or one.cell_region == GLOBAL)
            )
        )
    }


def edges(world: World) -> list[Edge]:
    """Return who owns whom, as links say it."""
    found = []
    for link in world.links:
        ends = _far_ends(link, world)
        if link.owns and (len(ends) == 1 or link.arn in ends):
            for end in ends - {link.arn}:
                owner, owned = (link.arn, end) if link.owns == "target" else (end, link.arn)
                found.append(Edge(owner, owned, link.kind, link.rule, link.trust))
    return found


def _far_ends(link: Link, world: World) -> set[str]:
    return {
        one.arn
        for one in world.resources
        if one.resource_type == link.target_type
        and link.target_key in one.keys
        and (
            link.target_key.startswith("arn:")
            or (
                one.account_id == link.account_id
                and (one.region == link.region or GLOBAL in (one.cell_region, link.region))
            )
        )
    }


def _spread(decided: dict[str, Decided], passing: list[Edge], barred: Iterable[str] = ()) -> None:
    """Pass verdicts down to what is open, a hop at a time; `barred` is nobody's to give."""
    fresh = dict(decided)
    while fresh:
        offers: dict[str, list[Decided]] = {}
        for edge in passing:
            owner = fresh.get(edge.owner)
            is_open = edge.owned not in decided and edge.owned not in barred
            if owner and is_open and _holds(edge, owner):
                offers.setdefault(edge.owned, []).append(_handed_down(edge, owner))
        fresh = {arn: min(offered, key=lambda one: one[:4]) for arn, offered in offers.items()}
        decided.update(fresh)


def _handed_down(edge: Edge, owner: Decided) -> Decided:
    weakest = max(owner.weakest, TRUST_ORDER.index(edge.trust))
    status = "derived" if owner.status == "managed" else owner.status
    return Decided(owner.hop + 1, weakest, owner.strength, edge.owner, status, owner.source)


def _holds(edge: Edge, owner: Decided) -> bool:
    limits = {
        rule.rule: rule.unless_source for rules in catalog.load().rules.values() for rule in rules
        if rule.unless_source
    }  # fmt: skip
    limit = limits.get(edge.rule or "")
    return not (limit and owner.status == "managed" and owner.source == limit)


def _tag_claims(one: Resource, rules: list[TagClaim]) -> bool:
    return any(one.tags.get(rule.key) == rule.value for rule in rules)


def _unseen_owner(world: World) -> set[str]:
    """Return whose owner AWS names in a cell that was not seen whole."""
    cells = {(c.account_id, c.region, c.resource_type): c.outcome.complete for c in world.cells}
    entries = catalog.load().entries
    found = set()
    for link in world.links:
        if link.owns != "self" or link.kind == "contains" or link.trust is Trust.NAME:
            continue
        if _far_ends(link, world):
            continue
        parts = link.target_key.split(":") if link.target_key.startswith("arn:") else [""] * 6
        entry = entries.get(link.target_type)
        everywhere = entry is not None and entry.scope == "global"
        region = GLOBAL if everywhere else parts[3] or link.region
        complete = cells.get((parts[4] or link.account_id, region, link.target_type))
        if complete is False or (complete is None and link.trust is not Trust.USER_TAG):
            found.add(link.arn)
    return found


def _unread_stack(world: World) -> set[str]:
    unread = {
        (source.account_id, source.region, source.source_id)
        for source in world.sources
        if source.kind == "cloudformation" and source.outcome != "read"
    }
    found = set()
    for one in world.resources:
        stack = one.tags.get("aws:cloudformation:stack-id", "")
        for account, region, source_id in unread:
            if stack.startswith(f"arn:aws:cloudformation:{region}:{account}:") and (
                source_id == stack or not source_id.startswith("arn:")
            ):
                found.add(one.arn)
    return found


def rooted(strays: set[str], every: list[Edge]) -> dict[str, str]:
    """Return the root of every stray: what hangs on nothing, or the first of a cycle that does."""
    held = [e for e in every if e.trust is not Trust.NAME and {e.owner, e.owned} <= strays]
    above = _closure(strays, lambda arn: {edge.owner for edge in held if edge.owned == arn})
    best: dict[str, tuple[int, int, str, str]] = {}
    for arn in strays:
        if all(arn in above[other] for other in above[arn]) and arn == min(above[arn] | {arn}):
            best[arn] = (0, 0, "", arn)
    fresh = dict(best)
    while fresh:
        offers: dict[str, list[tuple[int, int, str, str]]] = {}
        for edge in held:
            if edge.owner in fresh and edge.owned not in best:
                length, weakest, _, root = fresh[edge.owner]
                weakest = max(weakest, TRUST_ORDER.index(edge.trust))
                offers.setdefault(edge.owned, []).append((length + 1, weakest, edge.owner, root))
        fresh = {arn: min(offered) for arn, offered in offers.items()}
        best |= fresh
    return {arn: root for arn, (*_, root) in best.items()}


def _closure(nodes: set[str], step: Callable[[str], set[str]]) -> dict[str, set[str]]:
    found = {}
    for node in nodes:
        reached: set[str] = set()
        frontier = step(node)
        while frontier - reached:
            reached |= frontier
            frontier = set().union(*(step(each) for each in frontier))
        found[node] = reached
    return found
