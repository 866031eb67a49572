"""Where a state's object lives: its own words first, then what its provider's others agree on.

A state records neither account nor region of an object, except in ARNs, in a few attributes, and
since AWS provider 6 in `region` and `identity`
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from scanner.identity import parse_arn

_ACCOUNT = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}")
_parsed = lru_cache(maxsize=64)(parse_arn)
Words = Mapping[str, Any]
_QUEUE = re.compile(r"https?://([^/]+)/(\d{12})/[\w.-]+")


class Home(NamedTuple):
    """An account and a region; None where nothing tells."""

    account_id: str | None = None
    region: str | None = None

    def otherwise(self, other: Home) -> Home:
        """Return this home with its gaps filled from another."""
        if self.account_id and self.region:
            return self
        return Home(self.account_id or other.account_id, self.region or other.region)


def home_of(
    attributes: Mapping[str, Any], identity: Mapping[str, Any], own_arn: str | None
) -> Home:
    """Return what an object says of itself: own ARN, identity (provider 6), then attributes."""
    found = _from_arn(own_arn) if own_arn else Home()
    for words in (_identity, _attributes, _queue, _zone):
        if found.account_id and found.region:
            break
        found = found.otherwise(words(attributes, identity))
    return found


def _identity(_: Words, identity: Words) -> Home:
    return Home(_account(_word(identity, "account_id")), _region(_word(identity, "region")))


def _attributes(attributes: Words, _: Words) -> Home:
    return Home(_account(_word(attributes, "owner_id")), _region(_word(attributes, "region")))


def _queue(attributes: Words, _: Words) -> Home:
    queue = _QUEUE.fullmatch(_word(attributes, "id"))
    return Home(queue[2], _region_within(queue[1])) if queue else Home()


def _zone(attributes: Words, _: Words) -> Home:
    return Home(None, _region_within(_word(attributes, "availability_zone")))


def _from_arn(arn: str) -> Home:
    """Return an ARN's account and region (`arn:aws:iam::aws:policy/…` is nobody's account)."""
    parsed = _parsed(arn)
    return Home(_account(parsed.account), _region(parsed.region)) if parsed else Home()


def _word(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


@lru_cache(maxsize=1024)  # and so one text for all that say the same
def _account(text: str) -> str | None:
    return text if _ACCOUNT.fullmatch(text) else None


@lru_cache(maxsize=1024)
def _region(text: str) -> str | None:
    return text if _REGION.fullmatch(text) else None


def _region_within(text: str) -> str | None:
    """Return the region in a zone (`us-west-2-lax-1a`) or a host (`sqs.eu-west-1.…`)."""
    found = _REGION.search(text)
    return found.group() if found else None


class Homes:
    """What each provider configuration of one state stands for, from its objects' own words."""

    def __init__(self) -> None:
        self._accounts: dict[str, set[str]] = defaultdict(set)
        self._regions: dict[str, set[str]] = defaultdict(set)
        self._agreed: dict[str, Home] = {}

    def learn(self, provider: str, home: Home) -> None:
        """Take note of one object's home."""
        self._agreed.clear()
        if home.account_id:
            self._accounts[provider].add(home.account_id)
        if home.region:
            self._regions[provider].add(home.region)

    def of(self, provider: str) -> Home:
        """Return the account and the region on which all agree; None where they differ."""
        if provider not in self._agreed:
            self._agreed[provider] = self._home(provider)
        return self._agreed[provider]

    def _home(self, provider: str) -> Home:
        accounts, regions = self._accounts[provider], self._regions[provider]
        return Home(
            next(iter(accounts)) if len(accounts) == 1 else None,
            next(iter(regions)) if len(regions) == 1 else None,
        )
