"""Small random inventories, each in two accounts of its own: cycles, doubles, gaps in sight."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import product

from scanner import catalog
from scanner.config import TagClaim
from scanner.model import GLOBAL, Claim, Coverage, Link, Outcome, Resource, Source, Trust
from tests.resolve.build import NOW, claim, resource
from tests.resolve.reference import STACK, World

TYPES = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::IAM::Role", STACK)
REGIONS = ("us-east-1", "eu-west-1")
OUTCOMES = [Outcome.OK] * 5 + [Outcome.UNAVAILABLE, Outcome.DENIED, Outcome.THROTTLED, None]
RULES = ("X1", "X2", "N7", None)
"""N7 is a rule of the catalog that does not hold below what a state claims."""
TAG = TagClaim(key="managed-by", value="pulumi", owner="pulumi")


def random_world(seed: int) -> World:
    """Return the world of a seed; no key of it means anything in the world of another."""
    dice = random.Random(seed)
    accounts = [f"{2 * seed + offset:012d}" for offset in (1, 2)]
    resources = [_resource(dice, seed, n, accounts) for n in range(dice.randint(1, 10))]
    keys = [key for one in resources for key in one.keys] + [f"gone-{seed}", _gone_arn(accounts[0])]
    return World(
        resources=resources,
        claims=[_claim(dice, seed, n, accounts, keys) for n in range(dice.randint(0, 6))],
        links=[_link(dice, resources, keys) for _ in range(dice.randint(0, 20))],
        cells=_cells(dice, accounts),
        sources=_sources(dice, accounts),
        tag_claims=[TAG],
    )


def _resource(dice: random.Random, seed: int, number: int, accounts: list[str]) -> Resource:
    (kind,) = dice.choices(TYPES, (5, 5, 5, 1))
    account, region = dice.choice(accounts), dice.choice(REGIONS)
    is_global = catalog.load().entries[kind].scope == "global"
    name = f"w{seed}-{dice.choice('abcd')}"
    arn = f"arn:aws:{kind.split('::')[1].lower()}:{region}:{account}:{name}-{number}"
    return resource(
        name, arn=arn, resource_type=kind, account_id=account,
        region=GLOBAL if is_global else region, cell_region=GLOBAL if is_global else region,
        keys=(arn, name), tags=_tags(dice, account, seed),
        default_rule="N1" if dice.random() < 0.15 else None,
    )  # fmt: skip


def _tags(dice: random.Random, account: str, seed: int) -> dict[str, str]:
    stack = f"arn:aws:cloudformation:us-east-1:{account}:stack/s{seed}/1"
    tags = {"aws:cloudformation:stack-id": stack} if dice.random() < 0.2 else {}
    return tags | ({"managed-by": dice.choice(["pulumi", "hand"])} if dice.random() < 0.2 else {})


def _gone_arn(account: str) -> str:
    return f"arn:aws:sqs:eu-west-1:{account}:gone"


def _claim(
    dice: random.Random, seed: int, number: int, accounts: list[str], keys: list[str]
) -> Claim:
    return claim(
        f"w{seed}.{number}", *dice.sample(keys, min(len(keys), dice.randint(1, 3))),
        source_kind=dice.choice(["terraform", "cloudformation"]),
        resource_type=dice.choice([*TYPES[:3], *TYPES]), inline=dice.random() < 0.3,
        account_id=dice.choice([*accounts, None]), region=dice.choice([*REGIONS, None]),
        ignored="a setting" if dice.random() < 0.1 else None,
    )  # fmt: skip


def _link(dice: random.Random, resources: list[Resource], keys: list[str]) -> Link:
    at, to = dice.choice(resources), dice.choice(resources)
    known = dice.random() < 0.8
    return Link(
        at.account_id, at.region, at.arn, dice.choice(["owns", "owns", "owns", "contains", "uses"]),
        to.resource_type if known else dice.choice(TYPES),
        dice.choice(to.keys) if known else dice.choice(keys),
        dice.choice(["target", "self", "self", None]), dice.choice(RULES),
        dice.choice(list(Trust)), "said so",
    )  # fmt: skip


def _cells(dice: random.Random, accounts: list[str]) -> list[Coverage]:
    """Return a look at most cells; what a cell that was never tried holds cannot be seen at all."""
    found = []
    for account, kind, region in product(accounts, TYPES, (*REGIONS, GLOBAL)):
        outcome = dice.choice(OUTCOMES)
        if outcome:
            found.append(Coverage(account, region, kind, "s", outcome, None, None, 0, 1, NOW))
    return found


def _sources(dice: random.Random, accounts: list[str]) -> list[Source]:
    make: list[Callable[[str], str]] = [
        lambda account: f"stacks of {account}",
        lambda account: f"arn:aws:cloudformation:us-east-1:{account}:stack/other/1",
    ]
    return [
        Source(
            f"{dice.choice(make)(account)} {number}", "cloudformation",
            dice.choice(["read", "denied"]), account_id=account, region=dice.choice(REGIONS),
        )
        for number, account in enumerate(accounts)
        if dice.random() < 0.3
    ]  # fmt: skip


def seen(world: World) -> World:
    """Return a world without the resources in cells that were never tried: they are no rows."""
    tried = {(cell.account_id, cell.region, cell.resource_type) for cell in world.cells}
    there = [
        one
        for one in world.resources
        if (one.account_id, one.cell_region, one.resource_type) in tried
    ]
    arns = {one.arn for one in there}
    return replace(world, resources=there, links=[link for link in world.links if link.arn in arns])
